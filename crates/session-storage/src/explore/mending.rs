//! Steps in which the medium damages something: a snapshot that is stepped over, a frame that a repair gives up.

use std::ffi::OsString;
use std::sync::Arc;

use camino::Utf8PathBuf;

use super::attempt::Attempt;
use super::driver::{Driver, End};
use super::model::{Payload, Seen};
use super::place::{chain, look, session_dir};
use super::workload::Step;
use crate::fs::{Dir, Fs, OpenMode};
use crate::recovery::{Depth, Found, Inventory, NativeName};
use crate::repair::{RepairError, RepairPlan, repair_directory};

impl Driver {
    /// Damages the newest snapshot where the generation before leads to it, and opens the session again.
    pub(super) fn step_back(&mut self) -> End {
        self.journal = None;
        if !self.model.way_back {
            return self.open();
        }
        let newest = self.dir().and_then(|dir| {
            let inventory = Inventory::list(dir.as_ref()).ok()?;
            inventory.snapshots().next().map(NativeName::Snapshot)
        });
        self.model.way_back = false;
        if let Some(name) = newest {
            self.damage(&name.os(), 0);
        }
        self.open()
    }

    /// Damages the last frame, repairs the session, and opens it again.
    pub(super) fn damage_and_repair(&mut self) -> End {
        self.journal = None;
        self.damage_last_frame();
        self.mend()
    }

    /// Repairs what is damaged, and opens the session.
    pub(super) fn mend(&mut self) -> End {
        match self.repair() {
            End::Done => self.open(),
            end @ (End::Crashed | End::Broken(_)) => end,
        }
    }

    /// As above; then the session is written to, and the plan of before is applied to it once more.
    pub(super) fn repair_by_an_old_plan(&mut self) -> End {
        self.journal = None;
        self.damage_last_frame();
        let old = self.plan().ok().flatten();
        for step in [Step::Mend, Step::Append(35), Step::Append(45)] {
            match self.step(step) {
                End::Done => {}
                end @ (End::Crashed | End::Broken(_)) => return end,
            }
        }
        let Some(old) = old else {
            return End::Done;
        };
        self.journal = None;
        let end = self.persist("apply an old plan", |driver| match driver.apply(&old) {
            Ok(Ok(()) | Err(RepairError::PlanIsStale { .. })) => Attempt::Done,
            Ok(Err(error)) => Attempt::failed(&error),
            Err(failed) => failed,
        });
        match end {
            End::Done => self.open(),
            end @ (End::Crashed | End::Broken(_)) => end,
        }
    }

    /// Plans and applies until the session opens for writing.
    pub(super) fn repair(&mut self) -> End {
        self.persist("repair", |driver| {
            let plan = match driver.plan() {
                Ok(Some(plan)) => plan,
                // After a try that failed this says nothing of what is durable: opening will.
                Ok(None) => return Attempt::Done,
                Err(failed) => return failed,
            };
            if !driver.model.damaged {
                return Attempt::Broken(format!(
                    "a repair is due where nothing was damaged: {plan}"
                ));
            }
            match driver.apply(&plan) {
                Ok(Ok(())) => driver.note_repaired(),
                Ok(Err(error)) => Attempt::failed(&error),
                Err(failed) => failed,
            }
        })
    }

    /// What stands after a repair was acknowledged is what counts from now on.
    fn note_repaired(&mut self) -> Attempt {
        match self.found() {
            Ok(Some((seen, found))) if found.recovered.verdict.is_writable() => {
                // The generation that a repair makes has none before it.
                self.model.way_back &= !self.model.damaged;
                self.model.damaged = false;
                self.model.adopt(&seen);
                Attempt::Done
            }
            Ok(Some((_, found))) => {
                Attempt::Broken(format!("not mended: {}", found.recovered.verdict))
            }
            Ok(None) => Attempt::Done,
            Err(failed) => failed,
        }
    }

    fn plan(&self) -> Result<Option<RepairPlan>, Attempt> {
        let found = self.found()?;
        Ok(found.and_then(|(_, found)| RepairPlan::of(&found)))
    }

    /// Below the lock, as the journal is driven here; `Err` when there is nothing to apply it to.
    fn apply(&self, plan: &RepairPlan) -> Result<Result<(), RepairError>, Attempt> {
        match session_dir(&self.fs, self.setting.place, &self.model) {
            Ok(Some(dir)) => Ok(repair_directory(&dir, plan, &self.options).map(drop)),
            Ok(None) => Err(Attempt::Broken("the session is gone".to_owned())),
            Err(error) => Err(Attempt::Failed {
                why: chain(error.as_ref()),
                full: false,
            }),
        }
    }

    fn found(&self) -> Result<Option<(Seen, Found)>, Attempt> {
        let rules = self.options.rules(Depth::Chain);
        match look(&self.fs, self.setting.place, &rules, &self.model) {
            Ok(sight) => Ok(sight.found.map(|found| (sight.seen, found))),
            Err(error) if self.sick.is_some() => Err(Attempt::Failed {
                why: chain(error.as_ref()),
                full: false,
            }),
            Err(error) => Err(Attempt::Broken(chain(error.as_ref()))),
        }
    }

    /// The directory as the medium has it: no call of this is let fail.
    fn dir(&self) -> Option<Arc<dyn Dir>> {
        let machine: Arc<dyn Fs> = Arc::new(self.machine.clone());
        session_dir(&machine, self.setting.place, &self.model)
            .ok()
            .flatten()
    }

    /// Damages the last acknowledged payload wherever a journal holds it.
    fn damage_last_frame(&mut self) {
        let Some(last) = self.model.acknowledged.last().copied() else {
            return;
        };
        if let Some((name, offset)) = self.place_of(last) {
            self.model.giving_up = true;
            self.model.damaged = true;
            self.damage(&name, offset);
        }
    }

    /// Where a payload's number stands in the newest journal.
    fn place_of(&self, payload: Payload) -> Option<(OsString, u64)> {
        let dir = self.dir()?;
        let [needle, _] = payload.parts();
        let inventory = Inventory::list(dir.as_ref()).ok()?;
        let newest = inventory.snapshots().next()?;
        let journals: Vec<(u64, u32)> = inventory.journals().collect();
        journals
            .into_iter()
            .rev()
            .filter(|(generation, _)| *generation == newest)
            .find_map(|(generation, segment)| {
                let name = NativeName::Journal(generation, segment).os();
                let file = dir.open_file(&name, OpenMode::Read).ok()?;
                let mut bytes = vec![0; usize::try_from(file.metadata().ok()?.len).ok()?];
                file.read_full_at(&mut bytes, 0).ok()?;
                let found = bytes
                    .windows(needle.len())
                    .rposition(|window| window == needle);
                found.map(|at| (name, at as u64))
            })
    }

    /// The medium changes a byte of a file of the session.
    fn damage(&self, name: &OsString, offset: u64) {
        if let Some(place) = self
            .dir()
            .and_then(|dir| Utf8PathBuf::from_path_buf(dir.path().to_owned()).ok())
        {
            // A file without bytes cannot be damaged, and needs not be.
            let _ = self.machine.plant_damage(&place, name, offset);
        }
    }
}
