//! The files of one generation's journal, and replaying them.

use super::end::{Rules, Walk, beginning, walk};
use super::inventory::Inventory;
use super::names::NativeName;
use super::reader::RecoverError;
use super::verdict::{Damage, Tail};
use super::window::Window;
use crate::frame::{BadHead, FrameView, JournalHead, Position, SECTOR, VERSION};
use crate::fs::{Dir, File, FsError, OpenMode};

/// One file of a journal.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) head: JournalHead,
    pub(crate) file: Box<dyn File>,
}

/// The files of a generation that count: one that holds all frames so far, and those that go on from it.
#[derive(Debug)]
pub(crate) struct Segments {
    /// In order; never empty.
    list: Vec<Segment>,
    pub(crate) damage: Vec<Damage>,
}

/// Where replaying a generation came out.
#[derive(Clone, Debug)]
pub(crate) struct Replayed {
    pub(crate) walk: Walk,
    /// The greatest sequence number seen anywhere, also beyond damage.
    pub(crate) greatest: u64,
}

impl Segments {
    /// Opens the journal of a generation; `None` when no file of it can be used, with the reasons.
    pub(crate) fn open(
        dir: &dyn Dir,
        inventory: &Inventory,
        generation: u64,
    ) -> Result<Result<Self, Vec<Damage>>, RecoverError> {
        let mut list: Vec<Segment> = Vec::new();
        let mut damage = Vec::new();
        let numbers = inventory
            .journals()
            .filter(|(of, _)| *of == generation)
            .map(|(_, segment)| segment);
        for segment in numbers {
            let JournalFile { file, head } = open_journal(dir, generation, segment)?;
            match head {
                Err(because) => damage.push(Damage::HeadBad {
                    generation,
                    segment,
                    because,
                }),
                Ok(head) if (head.generation, head.segment) != (generation, segment) => {
                    damage.push(Damage::Foreign {
                        generation,
                        segment,
                    });
                }
                Ok(head) => {
                    if head.is_whole() {
                        // It holds every frame so far: what came before it no longer counts.
                        list.clear();
                        damage.clear();
                    } else if list
                        .last()
                        .is_none_or(|before| before.head.snapshot != head.snapshot)
                    {
                        damage.push(Damage::Foreign {
                            generation,
                            segment,
                        });
                        continue;
                    }
                    list.push(Segment { head, file });
                }
            }
        }
        if list.is_empty() {
            if damage.is_empty() {
                damage.push(Damage::JournalMissing { generation });
            }
            return Ok(Err(damage));
        }
        Ok(Ok(Self { list, damage }))
    }

    /// The head of the first file: what all of them agree on.
    pub(crate) fn head(&self) -> Option<&JournalHead> {
        self.list.first().map(|segment| &segment.head)
    }

    /// The length of the longest file, in bytes.
    pub(crate) fn longest(&self) -> Result<u64, FsError> {
        self.list.iter().try_fold(0, |longest, segment| {
            Ok(segment.file.metadata()?.len.max(longest))
        })
    }

    /// The files, the last first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Segment> {
        self.list.iter().rev()
    }

    /// Replays all frames in order; with `until`, up to that frame, whatever follows it.
    pub(crate) fn replay(
        &self,
        until: Option<&Position>,
        rules: &Rules,
        visit: &mut dyn FnMut(&FrameView<'_>, u64),
    ) -> Result<Option<Replayed>, FsError> {
        let mut replayed: Option<Replayed> = None;
        for (index, segment) in self.list.iter().enumerate() {
            let next = self.list.get(index + 1);
            let stop = next.map_or(until, |next| Some(&next.head.start));
            match &mut replayed {
                Some(before) if !before.walk.last.same_frame(&segment.head.start) => {
                    // A gap: what follows cannot be applied, but its numbers are known.
                    let beyond = replay_one(segment, stop, rules, &mut |_, _| {})?;
                    before.greatest = before.greatest.max(greatest_of(&beyond));
                    let seq = before.walk.last.seq.saturating_add(1);
                    before.walk.tail = Tail::DamageInside {
                        seq,
                        last_valid: Some(before.greatest),
                    };
                }
                _ => {
                    let walk = replay_one(segment, stop, rules, visit)?;
                    let greatest = greatest_of(&walk);
                    replayed = Some(Replayed { walk, greatest });
                }
            }
        }
        Ok(replayed)
    }
}

fn replay_one(
    segment: &Segment,
    stop: Option<&Position>,
    rules: &Rules,
    visit: &mut dyn FnMut(&FrameView<'_>, u64),
) -> Result<Walk, FsError> {
    let mut window = Window::new(segment.file.as_ref())?;
    let head = &segment.head;
    walk(&mut window, head, beginning(head), stop, rules, visit)
}

/// The greatest sequence number a walk knows of.
fn greatest_of(walk: &Walk) -> u64 {
    match walk.tail {
        Tail::DamagedLast { seq } => seq,
        Tail::DamageInside { seq, last_valid } => last_valid.unwrap_or(seq),
        Tail::Clean
        | Tail::Closed
        | Tail::Torn { .. }
        | Tail::InProgress { .. }
        | Tail::Cut { .. }
        | Tail::AfterClose { .. } => walk.last.seq,
    }
}

/// The file of a journal, opened.
pub(crate) struct JournalFile {
    pub(crate) file: Box<dyn File>,
    /// Its head, or why it has none.
    pub(crate) head: Result<JournalHead, String>,
}

/// Opens the file of a journal and reads its head; the reason when it has none.
///
/// # Errors
/// [`RecoverError::OtherVersion`]: its head is whole, and of a layout that this release does not read.
pub(crate) fn open_journal(
    dir: &dyn Dir,
    generation: u64,
    segment: u32,
) -> Result<JournalFile, RecoverError> {
    let name = NativeName::Journal(generation, segment);
    let file = dir.open_file(&name.os(), OpenMode::Read)?;
    let mut sector = [0; SECTOR];
    let got = file.read_full_at(&mut sector, 0)?;
    let head = match JournalHead::decode(sector.get(..got).unwrap_or_default()) {
        Ok(head) => Ok(head),
        Err(BadHead::Version(found)) => {
            return Err(RecoverError::OtherVersion {
                file: name.to_string(),
                found,
                supported: VERSION,
            });
        }
        Err(bad @ (BadHead::Short | BadHead::Magic | BadHead::Checksum | BadHead::Align(_))) => {
            Err(bad.to_string())
        }
    };
    Ok(JournalFile { file, head })
}
