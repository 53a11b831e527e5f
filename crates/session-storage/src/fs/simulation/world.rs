//! The simulated machine: the cache that programs see, the disk below it, the log of effects between them,
//! the kernel's locks, and the plan of what goes wrong.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::sync::Arc;

use super::disk::{Bytes, Disk, Ino, Inode, Node, Sector};
use super::effect::{Effect, Pending, Stage};

/// What a sync that fails does to the text it should have written. Both are seen on real kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedSync {
    /// The pages are marked clean and keep the new text: later reads see it, no later sync writes it.
    KeepsCache,
    /// The pages are dropped: later reads see what is on the disk.
    DropsCache,
}

/// The cause of every error after the simulated machine or process died.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the simulated machine has crashed")]
pub(super) struct Crashed;

pub(super) type Process = u64;
pub(super) type Handle = u64;

pub(super) const USER: u32 = 1000;

#[derive(Clone, Debug)]
pub(super) struct World {
    /// As the programs see it.
    pub(super) live: Disk,
    /// As the disk has it, before every effect in the log.
    pub(super) base: Disk,
    pub(super) log: VecDeque<Pending>,
    pub(super) operations: u64,
    pub(super) crash_after: Option<u64>,
    pub(super) crashed: bool,
    pub(super) dead: BTreeSet<Process>,
    pub(super) locks: BTreeMap<Ino, (Process, Handle)>,
    pub(super) open: BTreeMap<Ino, u64>,
    pub(super) failing_syncs: BTreeMap<u64, FailedSync>,
    pub(super) space_max: Option<u64>,
    pub(super) inodes_max: Option<u64>,
    /// Whether what does not fit is beyond a quota, not on a full disk.
    pub(super) quota: bool,
    pub(super) trace: Vec<Arc<str>>,
    next: u64,
}

impl World {
    pub(super) fn new() -> Self {
        Self::on(Disk::new(USER), Disk::new(USER), VecDeque::new(), 2)
    }

    fn on(live: Disk, base: Disk, log: VecDeque<Pending>, next: u64) -> Self {
        Self {
            live,
            base,
            log,
            operations: 0,
            crash_after: None,
            crashed: false,
            dead: BTreeSet::new(),
            locks: BTreeMap::new(),
            open: BTreeMap::new(),
            failing_syncs: BTreeMap::new(),
            space_max: None,
            inodes_max: None,
            quota: false,
            trace: Vec::new(),
            next,
        }
    }

    /// The machine after all programs were killed: the cache lives on, so do its unsynced effects.
    pub(super) fn after_kill(&self) -> Self {
        let mut world = Self::on(
            self.live.clone(),
            self.base.clone(),
            self.log.clone(),
            self.next,
        );
        world.limit_as(self);
        world
    }

    /// The machine after a power cut that left this on the disk, as a mount settles it.
    pub(super) fn after_power_cut(&self, disk: Disk) -> Self {
        let mut world = Self::on(disk.clone(), disk, VecDeque::new(), self.next);
        world.limit_as(self);
        world
    }

    fn limit_as(&mut self, other: &Self) {
        self.space_max = other.space_max;
        self.inodes_max = other.inodes_max;
        self.quota = other.quota;
    }

    pub(super) fn next_number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Refuses every call of the dead.
    pub(super) fn enter(&self, process: Process) -> io::Result<()> {
        if self.crashed || self.dead.contains(&process) {
            return Err(io::Error::other(Crashed));
        }
        Ok(())
    }

    /// Begins an operation that may change the disk; here the planned crash happens.
    pub(super) fn begin(
        &mut self,
        process: Process,
        text: impl FnOnce() -> String,
    ) -> io::Result<Arc<str>> {
        self.enter(process)?;
        if self
            .crash_after
            .is_some_and(|limit| self.operations >= limit)
        {
            self.crashed = true;
            return Err(io::Error::other(Crashed));
        }
        self.operations += 1;
        let text: Arc<str> = text().into();
        self.trace.push(Arc::clone(&text));
        Ok(text)
    }

    /// Applies an effect to the cache and notes it as not yet durable.
    pub(super) fn note(&mut self, effect: Effect, waits_for: BTreeSet<Ino>, text: &Arc<str>) {
        effect.apply(&mut self.live);
        self.log.push_back(Pending {
            operation: self.operations,
            effect,
            stage: Stage::Unsynced(waits_for),
            text: Arc::clone(text),
        });
    }

    /// Changes a sector below every program: on the disk at once, whatever is still to be written.
    pub(super) fn damage(&mut self, ino: Ino, index: u64, content: Bytes) {
        let effect = Effect::Sector {
            ino,
            index,
            content: Sector::of(content),
        };
        effect.apply(&mut self.live);
        self.log.push_back(Pending {
            operation: self.operations,
            effect,
            stage: Stage::Durable,
            text: "the medium".into(),
        });
        self.settle_front();
    }

    /// Makes an inode, without a name yet.
    pub(super) fn new_inode(&mut self, node: Node, mode: u32) -> Ino {
        let ino = self.next_number();
        let inode = Inode {
            node,
            mode,
            uid: USER,
            links: 0,
            modified_ns: self.now_ns(),
        };
        self.base.inodes.insert(ino, inode.clone());
        self.live.inodes.insert(ino, inode);
        ino
    }

    /// A clock that moves by one second with every operation.
    pub(super) fn now_ns(&self) -> i128 {
        i128::from(self.operations) * 1_000_000_000
    }

    pub(super) fn touch(&mut self, ino: Ino) {
        let now = self.now_ns();
        if let Some(inode) = self.live.inodes.get_mut(&ino) {
            inode.modified_ns = now;
        }
    }

    fn in_use(&self) -> impl Iterator<Item = Ino> {
        self.live
            .inodes
            .iter()
            .filter(|(ino, inode)| inode.links > 0 || self.open.contains_key(*ino))
            .map(|(ino, _)| *ino)
    }

    pub(super) fn space_used(&self) -> u64 {
        self.in_use().map(|ino| self.live.space_of(ino)).sum()
    }

    pub(super) fn inodes_used(&self) -> u64 {
        self.in_use().count() as u64
    }

    pub(super) fn space_free(&self) -> u64 {
        self.space_max
            .map_or(u64::MAX, |max| max.saturating_sub(self.space_used()))
    }

    pub(super) fn may_make_inode(&self, bytes: u64) -> io::Result<()> {
        let inodes_left = self.inodes_max.is_none_or(|max| self.inodes_used() < max);
        if inodes_left && (bytes == 0 || self.space_free() >= bytes) {
            return Ok(());
        }
        Err(self.does_not_fit())
    }

    pub(super) fn does_not_fit(&self) -> io::Error {
        let errno = match self.quota {
            true => rustix::io::Errno::DQUOT,
            false => rustix::io::Errno::NOSPC,
        };
        errno.into()
    }

    /// Ends a sync: of a file (`entries` false) or of a directory, or of everything (`None`).
    /// Fails where the plan says so.
    pub(super) fn sync(&mut self, of: Option<Ino>) -> io::Result<()> {
        let failing = self.failing_syncs.remove(&self.operations);
        for pending in &mut self.log {
            let Stage::Unsynced(waits_for) = &mut pending.stage else {
                continue;
            };
            let covered = match (of, pending.effect.file()) {
                (None, _) => true,
                (Some(ino), Some(file)) => ino == file,
                (Some(ino), None) if waits_for.contains(&ino) => {
                    if failing.is_none() {
                        waits_for.remove(&ino);
                    }
                    failing.is_some() || waits_for.is_empty()
                }
                (Some(_), None) => false,
            };
            if covered {
                pending.stage = match failing {
                    None => Stage::Durable,
                    Some(_) => Stage::Stranded,
                };
            }
        }
        match failing {
            None => {
                self.settle_front();
                Ok(())
            }
            Some(FailedSync::KeepsCache) => Err(rustix::io::Errno::IO.into()),
            Some(FailedSync::DropsCache) => {
                self.drop_stranded_text(of);
                Err(rustix::io::Errno::IO.into())
            }
        }
    }

    fn settle_front(&mut self) {
        while self.log.front().is_some_and(Pending::is_durable) {
            if let Some(pending) = self.log.pop_front() {
                pending.effect.apply(&mut self.base);
            }
        }
    }

    /// Forgets file text that a failed sync dropped from the cache; lengths and entries stay in memory.
    fn drop_stranded_text(&mut self, of: Option<Ino>) {
        let concerned = |pending: &Pending| {
            let file = pending.effect.file();
            file.is_some() && (of.is_none() || of == file)
        };
        let files: BTreeSet<Ino> = self
            .log
            .iter()
            .filter(|pending| concerned(pending))
            .filter_map(|pending| pending.effect.file())
            .collect();
        self.log
            .retain(|pending| match (&pending.effect, &pending.stage) {
                (Effect::Sector { .. }, Stage::Stranded) => !concerned(pending),
                (Effect::Sector { .. } | Effect::Length { .. } | Effect::Entries(_), _) => true,
            });
        for ino in files {
            let Some(mut inode) = self.base.inodes.get(&ino).cloned() else {
                continue;
            };
            if let Some(live) = self.live.inodes.get(&ino) {
                inode.links = live.links;
            }
            self.live.inodes.insert(ino, inode);
            for pending in &self.log {
                if pending.effect.file() == Some(ino) {
                    pending.effect.apply(&mut self.live);
                }
            }
        }
    }
}
