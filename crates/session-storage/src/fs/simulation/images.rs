//! Which disks a power cut may leave: all of them while they are few, a seeded choice beyond.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::crash::CrashFs;
use super::disk::{Disk, Ino, ROOT};
use super::effect::{Effect, Pending};
use super::random::Random;
use super::world::World;

/// How thoroughly the images of one crash point are made.
#[derive(Clone, Copy, Debug)]
pub struct Exploration {
    /// Up to this many unsynced effects, every combination is made.
    pub exhaustive_max: usize,
    /// Beyond that, this many seeded samples besides "nothing kept" and "everything kept".
    pub samples: usize,
    /// The seed of the samples.
    pub seed: u64,
}

impl Default for Exploration {
    fn default() -> Self {
        Self {
            exhaustive_max: 10,
            samples: 100,
            seed: 0,
        }
    }
}

/// One way a power cut may go: after which operation, and which unsynced effects reached the disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The number of operations begun before the cut.
    pub crash_after: u64,
    /// The unsynced effects that reached the disk, counted from zero in the order they were made.
    pub kept: Vec<usize>,
    effects: Arc<[String]>,
}

impl Schedule {
    /// A cut that left only what was synced.
    pub fn nothing_kept() -> Self {
        Self::default()
    }

    /// A cut to replay: run the same work with [`CrashFs::crash_after`], then ask [`CrashFs::image`].
    pub fn new(crash_after: u64, kept: Vec<usize>) -> Self {
        Self {
            crash_after,
            kept,
            effects: Arc::default(),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "power cut after operation {}, kept {:?}",
            self.crash_after, self.kept
        )?;
        for (index, effect) in self.effects.iter().enumerate() {
            let mark = if self.kept.contains(&index) { 'x' } else { ' ' };
            write!(f, "\n  [{mark}] {index}: {effect}")?;
        }
        Ok(())
    }
}

/// A machine after one power cut.
#[derive(Clone, Debug)]
pub struct CrashImage {
    /// The machine, started again.
    pub fs: CrashFs,
    /// How the cut went.
    pub schedule: Schedule,
}

/// The machines that a power cut at one point may leave, one after the other.
#[derive(Debug)]
pub struct CrashImages {
    world: World,
    /// Those unsynced effects that make a difference.
    effective: Vec<Effective>,
    /// The disks after the first of these were decided about, none, one, and so on: what one image has in common with
    /// the next is made once.
    decided: Vec<Disk>,
    /// All unsynced ones, in the words of a person.
    effects: Arc<[String]>,
    exploration: Exploration,
    random: Random,
    made: usize,
}

/// An unsynced effect that makes a difference.
#[derive(Clone, Copy, Debug)]
struct Effective {
    /// Where it stands among all unsynced ones.
    index: usize,
    /// Where it stands in the log.
    at: usize,
    /// The operation that made it.
    operation: u64,
}

impl CrashImages {
    pub(super) fn new(world: World, exploration: &Exploration) -> Self {
        let effective = effective(&world);
        let unsynced = world.log.iter().filter(|pending| !pending.is_durable());
        Self {
            random: Random::new(exploration.seed ^ world.operations),
            effects: unsynced.map(Pending::describe).collect(),
            world,
            effective,
            decided: Vec::new(),
            exploration: *exploration,
            made: 0,
        }
    }

    /// Whether every image is made.
    pub fn is_exhaustive(&self) -> bool {
        self.effective.len() <= self.exploration.exhaustive_max.min(20)
    }

    fn choose(&mut self) -> Option<Vec<usize>> {
        let number = self.made;
        self.made += 1;
        let count = self.effective.len();
        let pick = |keep: &dyn Fn(usize) -> bool| -> Vec<usize> {
            self.effective
                .iter()
                .enumerate()
                .filter(|(position, _)| keep(*position))
                .map(|(_, effective)| effective.index)
                .collect()
        };
        if self.is_exhaustive() {
            return (number < 1 << count)
                .then(|| pick(&|position| is_kept(number, position, count)));
        }
        match number {
            0 => Some(Vec::new()),
            1 => Some((0..self.effects.len()).collect()),
            _ if number - 2 < self.exploration.samples => {
                let mut random = self.random.clone();
                let chosen = match number % 6 {
                    0 => {
                        let end = random.below(count);
                        pick(&|position| position < end)
                    }
                    1 => {
                        let lost = random.below(count);
                        pick(&|position| position != lost)
                    }
                    2 => {
                        let kept = random.below(count);
                        pick(&|position| position == kept)
                    }
                    3 => {
                        let salt = random.next();
                        pick(&|position| {
                            let operation = self.operation_of(position);
                            Random::new(salt ^ operation).next() & 1 == 1
                        })
                    }
                    4 => {
                        let density = random.below(255) as u64;
                        let salt = random.next();
                        pick(&|position| Random::new(salt ^ position as u64).next() & 255 < density)
                    }
                    _ => {
                        let begin = random.below(count);
                        pick(&|position| position >= begin)
                    }
                };
                self.random = random;
                Some(chosen)
            }
            _ => None,
        }
    }

    fn operation_of(&self, position: usize) -> u64 {
        self.effective
            .get(position)
            .map_or(0, |effective| effective.operation)
    }
}

impl CrashImages {
    /// The next machine that `is_new` takes for new, by the hash that [`CrashFs::fingerprint`] answers for it. Of the
    /// others no machine is made, and most images of a crash point are like another.
    pub fn next_new(&mut self, is_new: &mut dyn FnMut(u128) -> bool) -> Option<CrashImage> {
        loop {
            let kept = self.choose()?;
            let disk = self.disk(&kept);
            if is_new(disk.fingerprint()) {
                return Some(self.image(kept, disk));
            }
        }
    }

    fn image(&self, kept: Vec<usize>, disk: Disk) -> CrashImage {
        CrashImage {
            fs: CrashFs::over(self.world.after_power_cut(disk)),
            schedule: Schedule {
                crash_after: self.world.operations,
                kept,
                effects: Arc::clone(&self.effects),
            },
        }
    }

    /// The disk of the image that was chosen last.
    fn disk(&mut self, kept: &[usize]) -> Disk {
        let mut disk = if self.is_exhaustive() {
            self.next_decided()
        } else {
            self.disk_with(kept)
        };
        disk.settle();
        disk
    }

    /// As [`CrashImages::disk_with`], where every combination is made, one after the other: the effects at the end
    /// change the most often.
    fn next_decided(&mut self) -> Disk {
        let (count, number) = (self.effective.len(), self.made - 1);
        let as_before = match number.checked_sub(1) {
            Some(before) => count - (number ^ before).count_ones() as usize,
            None => 0,
        };
        self.decided.truncate(as_before + 1);
        loop {
            let position = self.decided.len();
            let (mut disk, from) = match position.checked_sub(1) {
                None => (self.world.base.clone(), 0),
                Some(last) => {
                    let mut disk = self.decided[last].clone();
                    let at = self.effective[last].at;
                    if is_kept(number, last, count) {
                        self.world.log[at].effect.apply(&mut disk);
                    }
                    (disk, at + 1)
                }
            };
            let to = self
                .effective
                .get(position)
                .map_or(self.world.log.len(), |next| next.at);
            for pending in self
                .world
                .log
                .range(from..to)
                .filter(|pending| pending.is_durable())
            {
                pending.effect.apply(&mut disk);
            }
            if position == count {
                return disk;
            }
            self.decided.push(disk);
        }
    }

    /// The disk on which these unsynced effects arrived.
    fn disk_with(&self, kept: &[usize]) -> Disk {
        let mut disk = self.world.base.clone();
        let mut kept = kept.iter().copied().peekable();
        let mut optional = 0;
        for pending in &self.world.log {
            let applied = pending.is_durable() || kept.next_if_eq(&optional).is_some();
            if applied {
                pending.effect.apply(&mut disk);
            }
            if !pending.is_durable() {
                optional += 1;
            }
        }
        disk
    }
}

/// Whether an image keeps the effect at a position, where every combination is made.
fn is_kept(number: usize, position: usize, count: usize) -> bool {
    number >> (count - 1 - position) & 1 == 1
}

impl Iterator for CrashImages {
    type Item = CrashImage;

    fn next(&mut self) -> Option<CrashImage> {
        let kept = self.choose()?;
        let disk = self.disk(&kept);
        Some(self.image(kept, disk))
    }
}

/// Which unsynced effects can change what is seen: writing zeros over zeros does not, nor does anything in a file or
/// directory to which no entry leads on any of the disks, a removed one say.
fn effective(world: &World) -> Vec<Effective> {
    let mut synced: Disk = world.base.clone();
    for pending in world.log.iter().filter(|pending| pending.is_durable()) {
        pending.effect.apply(&mut synced);
    }
    let mut differing: BTreeMap<(Ino, u64), bool> = BTreeMap::new();
    for pending in world.log.iter().filter(|pending| !pending.is_durable()) {
        if let Effect::Sector {
            ino,
            index,
            content,
        } = &pending.effect
        {
            let same = match synced.sector(*ino, *index) {
                Some(old) => old.is_same(content),
                None => content.is_zero(),
            };
            *differing.entry((*ino, *index)).or_insert(false) |= !same;
        }
    }
    let reached = reachable(world, &synced);
    let optional = world.log.iter().enumerate();
    optional
        .filter(|(_, pending)| !pending.is_durable())
        .enumerate()
        .filter(|(_, (_, pending))| match &pending.effect {
            Effect::Sector { ino, index, .. } => {
                reached.contains(ino) && differing.get(&(*ino, *index)).copied().unwrap_or(true)
            }
            Effect::Length { ino, .. } => reached.contains(ino),
            Effect::Entries(changes) => changes.iter().any(|change| reached.contains(&change.dir)),
        })
        .map(|(index, (at, pending))| Effective {
            index,
            at,
            operation: pending.operation,
        })
        .collect()
}

/// The inodes to which entries lead on any of the disks that may be left: those of what is synced, and those that any
/// unsynced effect makes.
fn reachable(world: &World, synced: &Disk) -> BTreeSet<Ino> {
    let mut made: BTreeMap<Ino, Vec<Ino>> = BTreeMap::new();
    for pending in world.log.iter().filter(|pending| !pending.is_durable()) {
        if let Effect::Entries(changes) = &pending.effect {
            for change in changes {
                made.entry(change.dir).or_default().extend(change.target);
            }
        }
    }
    let mut reached = BTreeSet::from([ROOT]);
    let mut open = vec![ROOT];
    while let Some(dir) = open.pop() {
        let there = synced.entries(dir).into_iter().flat_map(BTreeMap::values);
        for &ino in there.chain(made.get(&dir).into_iter().flatten()) {
            if reached.insert(ino) {
                open.push(ino);
            }
        }
    }
    reached
}
