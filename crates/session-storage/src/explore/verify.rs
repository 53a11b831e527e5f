//! The promise, checked on one disk image.

use std::sync::Arc;

use super::driver::{Driver, End, Setting};
use super::model::{Model, Seen};
use super::place::{Sight, chain, look, session_dir};
use super::workload::Step;
use crate::fs::{CrashFs, Dir, Fs, OpenMode, Schedule};
use crate::recovery::Depth;

/// What the images of a run are checked with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Check {
    pub(super) setting: Setting,
}

impl Check {
    /// Looks at an image, which must show a state of the books.
    pub(super) fn sight(&self, fs: &Arc<dyn Fs>, model: &Model) -> Result<Sight, String> {
        let rules = self.setting.options().rules(Depth::Chain);
        look(fs, self.setting.place, &rules, model).map_err(|error| chain(error.as_ref()))
    }

    /// Opens, writes on, cuts the power, opens again.
    pub(super) fn image(&self, machine: &CrashFs, model: &Model) -> Result<(), String> {
        machine.give_room_back();
        let (mut driver, steps) = self.driver(machine, model, 0xABCD)?;
        for step in steps {
            match driver.step(step) {
                End::Done => {}
                End::Crashed => return Err("a machine crashed without a plan".to_owned()),
                End::Broken(why) => return Err(format!("{step:?} after a crash: {why}")),
            }
        }
        let after = driver.model.clone();
        driver.kill();
        let cut: Arc<dyn Fs> = Arc::new(machine.after_power_cut());
        self.sight(&cut, &after)
            .map_err(|why| format!("after the second power cut: {why}"))?;
        Ok(())
    }

    /// A driver that goes on from what an image shows, and the steps that make the session writable and write to it.
    fn driver(
        &self,
        machine: &CrashFs,
        model: &Model,
        salt: u64,
    ) -> Result<(Driver, [Step; 2]), String> {
        let fs: Arc<dyn Fs> = Arc::new(machine.clone());
        let sight = self.sight(&fs, model)?;
        let setting = Setting {
            seed: self.setting.seed ^ salt,
            ..self.setting
        };
        let mut driver = Driver::new(machine, fs, setting, model.clone());
        let damaged = sight
            .found
            .as_ref()
            .is_some_and(|found| !found.recovered.verdict.is_writable());
        if let Some(found) = sight.found.filter(|_| damaged && !model.damaged) {
            return Err(format!(
                "after a crash alone, only reading is left: {}",
                found.recovered.verdict
            ));
        }
        driver.model.adopt(&sight.seen);
        driver.model.damaged = damaged;
        let first = match sight.seen {
            Seen::Nothing | Seen::Bare => Step::Create,
            Seen::State(_) if damaged => Step::Mend,
            Seen::State(_) => Step::Reopen,
        };
        Ok((driver, [first, Step::Append(33)]))
    }

    /// As [`Check::image`], crashing again at operations of the recovery itself.
    pub(super) fn nested(&self, machine: &CrashFs, model: &Model) -> Result<u64, String> {
        let mut images = 0;
        let rehearsal = machine.image(&Schedule::nothing_kept());
        self.image(&rehearsal, model)?;
        for crash in 0..rehearsal.operations() {
            let again = machine.image(&Schedule::nothing_kept());
            again.give_room_back();
            let (mut driver, steps) = self.driver(&again, model, 0x1234)?;
            again.crash_after(crash);
            for step in steps {
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
    pub(super) fn noise(&self, machine: &CrashFs, model: &Model) -> Result<(), String> {
        if !model.created || !model.is_settled() {
            return Ok(());
        }
        let cut: Arc<dyn Fs> = Arc::new(machine.after_power_cut());
        let seen: Arc<dyn Fs> = Arc::new(machine.after_kill());
        let dir = |fs: &Arc<dyn Fs>| {
            session_dir(fs, self.setting.place, model)
                .map_err(|error| chain(error.as_ref()))?
                .ok_or_else(|| "the session is gone".to_owned())
        };
        let (old, new) = (dir(&cut)?, dir(&seen)?);
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
            self.sight(&cut, model)
                .map_err(|why| format!("with noise in the sectors in flight: {why}"))?;
        }
        Ok(())
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
