//! Damage by the medium, after a whole run: what it costs must be told, never hidden.

use std::ffi::OsStr;
use std::sync::Arc;

use super::model::{Model, read_state};
use super::place::{chain, plain_dir};
use super::verify::Check;
use super::workload::Place;
use crate::fs::{CrashFs, FailFs, Failure, Fs, OpenMode, Operation};
use crate::recovery::{Depth, Found, FrameBytes, RecoverError, read_directory};

impl Check {
    /// Damages copies of a machine that ended its work, one thing at a time; answers how many.
    pub(super) fn media(&self, machine: &CrashFs, model: &Model) -> Result<u64, String> {
        let mut done = 0;
        if self.setting.place == Place::Repository || !model.created || model.damaged {
            return Ok(0);
        }
        let whole = self.read(machine).map_err(|error| chain(&error))?;
        let generation = whole.recovered.generation;
        let snapshot = format!("snapshot.{generation}");
        if model.way_back {
            let copy = machine.after_kill();
            flip(&copy, &snapshot, 1)?;
            let found = self
                .read(&copy)
                .map_err(|error| format!("a bad snapshot: {}", chain(&error)))?;
            let state = read_state(&found.recovered);
            if state.as_ref() != Some(&model.acknowledged) && found.recovered.verdict.lost.is_none()
            {
                return Err("a bad snapshot gave another state without a word".to_owned());
            }
            if !found.recovered.verdict.is_writable() {
                return Err(format!(
                    "a bad snapshot could not be stepped over: {}",
                    found.recovered.verdict
                ));
            }
            self.image(&copy, model)
                .map_err(|why| format!("after a step back: {why}"))?;
            done += 1;
        }
        for failure in [Failure::Errno(5), Failure::Errno(24)] {
            let failing = FailFs::new(Arc::new(machine.after_kill()) as Arc<dyn Fs>);
            done += self.errors_prove_nothing(&failing, failure)?;
        }
        for index in 0..whole.recovered.frames.len() {
            self.damaged_frame(machine, &whole.recovered.frames, index)?;
            done += 1;
        }
        Ok(done)
    }

    fn read(&self, fs: &dyn Fs) -> Result<Found, RecoverError> {
        let rules = self.setting.options().rules(Depth::Chain);
        read_directory(plain_dir(fs)?.as_ref(), &rules, &|| false)
    }

    /// A read or open that fails is an error, never a reason to step back.
    fn errors_prove_nothing(&self, failing: &FailFs, failure: Failure) -> Result<u64, String> {
        let mut done = 0;
        let _ = self.read(failing);
        let calls = failing.calls();
        for (index, call) in calls.iter().enumerate() {
            if !matches!(call.operation, Operation::Open | Operation::Read) {
                continue;
            }
            let number = failing.call_count() + index as u64 + 1;
            failing.fail_call(number, failure, crate::fs::Repeat::Once);
            let before = failing.struck();
            let outcome = self.read(failing);
            failing.heal();
            let struck = failing.struck() > before;
            done += 1;
            match outcome {
                Err(RecoverError::Fs(_)) => {}
                Err(other) => return Err(format!("{call:?} failing gave: {other}")),
                Ok(found) if struck => {
                    return Err(format!(
                        "{call:?} failing was taken for something else: {}",
                        found.recovered.verdict
                    ));
                }
                Ok(_) => {}
            }
        }
        Ok(done)
    }

    /// A damaged frame and all after it are named as lost, by their numbers.
    fn damaged_frame(
        &self,
        machine: &CrashFs,
        frames: &[FrameBytes],
        index: usize,
    ) -> Result<(), String> {
        let Some(frame) = frames.get(index) else {
            return Ok(());
        };
        let copy = machine.after_kill();
        if !flip_payload(&copy, &frame.parts)? {
            return Ok(());
        }
        let found = match self.read(&copy) {
            Ok(found) => found,
            Err(error) => return Err(format!("a damaged frame: {}", chain(&error))),
        };
        let last = frames.last().map_or(0, |frame| frame.seq);
        let verdict = &found.recovered.verdict;
        let told = verdict
            .lost
            .is_some_and(|lost| lost.first == frame.seq && lost.last == Some(last));
        let reached = found.recovered.position.seq;
        if told && reached + 1 == frame.seq && !verdict.is_writable() {
            Ok(())
        } else {
            Err(format!(
                "frame {} of {last} was damaged; {reached} opens: {verdict}",
                frame.seq
            ))
        }
    }
}

/// Changes one byte of a file.
fn flip(machine: &CrashFs, name: &str, offset: u64) -> Result<(), String> {
    let failed = |error: &crate::fs::FsError| chain(error);
    let dir = plain_dir(machine).map_err(|error| failed(&error))?;
    let file = dir
        .open_file(OsStr::new(name), OpenMode::ReadWrite)
        .map_err(|error| failed(&error))?;
    let mut byte = [0];
    file.read_full_at(&mut byte, offset)
        .map_err(|error| failed(&error))?;
    file.write_all_at(&byte.map(|byte| byte ^ 0x40), offset)
        .map_err(|error| failed(&error))
}

/// Changes a byte of the first part wherever it stands in a journal; whether it was found.
fn flip_payload(machine: &CrashFs, parts: &[Vec<u8>]) -> Result<bool, String> {
    let Some(needle) = parts.first() else {
        return Ok(false);
    };
    let dir = plain_dir(machine).map_err(|error| chain(&error))?;
    let mut found = false;
    for entry in dir.entries().map_err(|error| chain(&error))? {
        let Some(name) = entry
            .name
            .to_str()
            .filter(|name| name.starts_with("journal."))
        else {
            continue;
        };
        let file = dir
            .open_file(OsStr::new(name), OpenMode::Read)
            .map_err(|error| chain(&error))?;
        let length = file.metadata().map_err(|error| chain(&error))?.len;
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        file.read_full_at(&mut bytes, 0)
            .map_err(|error| chain(&error))?;
        if let Some(at) = bytes
            .windows(needle.len())
            .position(|window| window == needle)
        {
            flip(machine, name, at as u64)?;
            found = true;
        }
    }
    Ok(found)
}
