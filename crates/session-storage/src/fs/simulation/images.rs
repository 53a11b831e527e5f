//! Which disks a power cut may leave: all of them while they are few, a seeded choice beyond.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::crash::CrashFs;
use super::disk::{Disk, Ino};
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
    effects: Vec<String>,
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
            effects: Vec::new(),
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
    /// Of those unsynced effects that make a difference: index among all unsynced ones, and operation.
    effective: Vec<(usize, u64)>,
    unsynced: usize,
    exploration: Exploration,
    random: Random,
    made: usize,
}

impl CrashImages {
    pub(super) fn new(world: World, exploration: &Exploration) -> Self {
        let effective = effective(&world);
        let unsynced = world
            .log
            .iter()
            .filter(|pending| !pending.is_durable())
            .count();
        Self {
            random: Random::new(exploration.seed ^ world.operations),
            world,
            effective,
            unsynced,
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
        let count = self.effective.len();
        let pick = |keep: &dyn Fn(usize) -> bool| -> Vec<usize> {
            self.effective
                .iter()
                .enumerate()
                .filter(|(position, _)| keep(*position))
                .map(|(_, (index, _))| *index)
                .collect()
        };
        if self.is_exhaustive() {
            return (number < 1 << count).then(|| pick(&|position| number >> position & 1 == 1));
        }
        match number {
            0 => Some(Vec::new()),
            1 => Some((0..self.unsynced).collect()),
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
            .map_or(0, |(_, operation)| *operation)
    }
}

impl Iterator for CrashImages {
    type Item = CrashImage;

    fn next(&mut self) -> Option<CrashImage> {
        let kept = self.choose()?;
        self.made += 1;
        let optional = self
            .world
            .log
            .iter()
            .filter(|pending| !pending.is_durable());
        let schedule = Schedule {
            crash_after: self.world.operations,
            kept,
            effects: optional.map(Pending::describe).collect(),
        };
        let mut disk = self.world.base.clone();
        let mut kept = schedule.kept.iter().copied().peekable();
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
        Some(CrashImage {
            fs: CrashFs::over(self.world.after_power_cut(disk)),
            schedule,
        })
    }
}

/// Which unsynced effects can change what is seen: writing zeros over zeros does not.
fn effective(world: &World) -> Vec<(usize, u64)> {
    let mut synced: Disk = world.base.clone();
    for pending in world.log.iter().filter(|pending| pending.is_durable()) {
        pending.effect.apply(&mut synced);
    }
    let mut differing: BTreeMap<(Ino, u64), bool> = BTreeMap::new();
    let optional = || world.log.iter().filter(|pending| !pending.is_durable());
    for pending in optional() {
        if let Effect::Sector {
            ino,
            index,
            content,
        } = &pending.effect
        {
            let same = match synced.sector(*ino, *index) {
                Some(old) => Arc::ptr_eq(old, content) || old == content,
                None => content.iter().all(|byte| *byte == 0),
            };
            *differing.entry((*ino, *index)).or_insert(false) |= !same;
        }
    }
    optional()
        .enumerate()
        .filter(|(_, pending)| match &pending.effect {
            Effect::Sector { ino, index, .. } => {
                differing.get(&(*ino, *index)).copied().unwrap_or(true)
            }
            Effect::Length { .. } | Effect::Entries(_) => true,
        })
        .map(|(index, pending)| (index, pending.operation))
        .collect()
}
