//! The promise, checked on one disk image.

use std::sync::Arc;

use super::driver::{Driver, End, PLACE, chain, options, session_dir};
use super::model::{Model, read_state};
use super::workload::Step;
use crate::faults::Fault;
use crate::fs::{CrashFs, Dir, Fs, OpenMode};
use crate::recovery::{Depth, Found, RecoverError, read_directory};

/// What the images of a run are checked with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Check {
    pub(super) fault: Option<Fault>,
    pub(super) page: bool,
    pub(super) seed: u64,
}

impl Check {
    /// Reads an image.
    pub(super) fn read(&self, fs: &dyn Fs) -> Result<Found, RecoverError> {
        let rules = options(self.seed, self.page, self.fault).rules(Depth::Chain);
        read_directory(session_dir(fs)?.as_ref(), &rules, &|| false)
    }

    /// The state in an image; `None` when the session was not created yet.
    pub(super) fn state(&self, fs: &dyn Fs, model: &Model) -> Result<Option<Found>, String> {
        let found = match self.read(fs) {
            Ok(found) => found,
            Err(RecoverError::NoSession) if !model.created => return Ok(None),
            Err(error) => return Err(format!("the session does not open: {}", chain(&error))),
        };
        let state = read_state(&found.recovered).ok_or("a mixture opens")?;
        if model.allows(&state) {
            Ok(Some(found))
        } else {
            Err(format!(
                "{} acknowledged, {} found; {}",
                model.acknowledged.len(),
                state.len(),
                found.recovered.verdict
            ))
        }
    }

    /// Opens, writes on, cuts the power, opens again.
    pub(super) fn image(&self, machine: &CrashFs, model: &Model) -> Result<(), String> {
        machine.set_free_space(None);
        let found = self.state(machine, model)?;
        let step = if let Some(found) = found {
            if !found.recovered.verdict.is_writable() {
                return Err(format!(
                    "after a crash alone, only reading is left: {}",
                    found.recovered.verdict
                ));
            }
            Step::Reopen
        } else {
            Step::Create
        };
        let options = options(self.seed ^ 0xABCD, self.page, self.fault);
        let fs: Arc<dyn Fs> = Arc::new(machine.clone());
        let mut driver = Driver::new(machine, fs, options, model.clone());
        for step in [step, Step::Append(33)] {
            match driver.step(step) {
                End::Done => {}
                End::Crashed => return Err("a machine crashed without a plan".to_owned()),
                End::Broken(why) => return Err(format!("{step:?} after a crash: {why}")),
            }
        }
        let after = driver.model.clone();
        driver.kill();
        self.state(&machine.after_power_cut(), &after)
            .map_err(|why| format!("after the second power cut: {why}"))?;
        Ok(())
    }

    /// As [`Check::image`], crashing again at operations of the recovery itself.
    pub(super) fn nested(&self, machine: &CrashFs, model: &Model) -> Result<u64, String> {
        let mut images = 0;
        let rehearsal = machine.image(&crate::fs::Schedule::nothing_kept());
        self.image(&rehearsal, model)?;
        for crash in 0..rehearsal.operations() {
            let again = machine.image(&crate::fs::Schedule::nothing_kept());
            again.crash_after(crash);
            let options = options(self.seed ^ 0x1234, self.page, self.fault);
            let fs: Arc<dyn Fs> = Arc::new(again.clone());
            let mut driver = Driver::new(&again, fs, options, model.clone());
            let first = match self.state(&again, model)? {
                Some(_) => Step::Reopen,
                None => Step::Create,
            };
            for step in [first, Step::Append(33)] {
                if let End::Broken(why) = driver.step(step) {
                    return Err(format!("{step:?} during recovery: {why}"));
                }
            }
            for cut in [again.after_power_cut(), again.after_kill()] {
                images += 1;
                self.image(&cut, &driver.model)
                    .map_err(|why| format!("second crash after operation {crash}: {why}"))?;
            }
        }
        Ok(images)
    }

    /// The write in flight reads as noise, sector by sector: what was acknowledged must still be read.
    pub(super) fn noise(&self, machine: &CrashFs, model: &Model) -> Result<bool, String> {
        if !model.created {
            return Ok(false);
        }
        let cut = machine.after_power_cut();
        let seen = machine.after_kill();
        let (Ok(old), Ok(new)) = (session_dir(&cut), session_dir(&seen)) else {
            return Err(format!("{PLACE} is gone"));
        };
        let mut noisy = false;
        let names = old.entries().map_err(|error| chain(&error))?;
        for name in names.iter().map(|entry| &entry.name) {
            if !name.to_string_lossy().starts_with("journal.") {
                continue;
            }
            if let (Some(before), Some(after)) =
                (bytes(old.as_ref(), name), bytes(new.as_ref(), name))
            {
                noisy |= scramble(old.as_ref(), name, &before, &after);
            }
        }
        if noisy {
            self.state(&cut, model)
                .map_err(|why| format!("with noise in the sectors in flight: {why}"))?;
        }
        Ok(noisy)
    }
}

fn bytes(dir: &dyn Dir, name: &std::ffi::OsStr) -> Option<Vec<u8>> {
    let file = dir.open_file(name, OpenMode::Read).ok()?;
    let length = usize::try_from(file.metadata().ok()?.len).ok()?;
    let mut bytes = vec![0; length];
    file.read_full_at(&mut bytes, 0).ok()?;
    Some(bytes)
}

fn scramble(dir: &dyn Dir, name: &std::ffi::OsStr, before: &[u8], after: &[u8]) -> bool {
    let Ok(file) = dir.open_file(name, OpenMode::ReadWrite) else {
        return false;
    };
    let mut noisy = false;
    for (index, (old, new)) in before.chunks(512).zip(after.chunks(512)).enumerate() {
        if old != new {
            let noise: Vec<u8> = (0..old.len())
                .map(|at| (at * 37 + index * 11 + 1) as u8)
                .collect();
            noisy |= file.write_all_at(&noise, index as u64 * 512).is_ok();
        }
    }
    noisy
}
