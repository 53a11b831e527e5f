//! Scripts: bytes that say what is done to a directory.
//!
//! Every byte string is a script. The first byte names the donor the directory begins as; then each step is a
//! byte and what it needs. A script that ends midway reads zeros.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt as _;

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::donors::donors;
use super::place::Place;
use crate::fuzzing::corpus::CorpusError;

/// A sector; heads and frames begin at multiples of it.
const SECTOR: usize = 512;

/// At most so many steps of a script are done.
const STEPS_MAX: usize = 32;

/// The steps, by their byte modulo their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Step {
    /// Overwrite bytes of a file: file, offset, count, bytes.
    Write,
    /// Change one bit: file, offset and bit.
    Flip,
    /// Cut or lengthen with zeros: file, length.
    Resize,
    /// Remove: file.
    Remove,
    /// Rename: file, name.
    Rename,
    /// Copy under another name: file, name.
    Copy,
    /// Take a file of another donor: donor, file, name.
    Take,
    /// Make a file: name, count, bytes.
    Make,
    /// Make a directory, a link or a pipe: kind, name.
    Odd,
    /// Make the checksums of a head or frame right again: file, sector.
    Seal,
    /// Write a snapshot's length and hash into a journal's head, and make that right: journal, snapshot.
    Stamp,
    /// Copy a run of sectors within a file or to another: file, sector, count, file, sector.
    Move,
}

const STEPS: [Step; 12] = [
    Step::Write,
    Step::Flip,
    Step::Resize,
    Step::Remove,
    Step::Rename,
    Step::Copy,
    Step::Take,
    Step::Make,
    Step::Odd,
    Step::Seal,
    Step::Stamp,
    Step::Move,
];

/// Does what the script says.
pub(super) fn play(bytes: &[u8], place: &Place) {
    let mut script = Script { rest: bytes };
    let donor = usize::from(script.byte()) % (donors().len() + 1);
    for (name, bytes) in donors().get(donor).into_iter().flatten() {
        place.put(name, bytes);
    }
    for _ in 0..STEPS_MAX {
        if script.rest.is_empty() {
            return;
        }
        let number = usize::from(script.byte()) % STEPS.len();
        if let Some(step) = STEPS.get(number) {
            // A step about a file that is not there does nothing.
            let _ = script.step(*step, place);
        }
    }
}

/// What is left of a script.
struct Script<'a> {
    rest: &'a [u8],
}

impl<'a> Script<'a> {
    fn byte(&mut self) -> u8 {
        match self.rest.split_first() {
            Some((first, rest)) => {
                self.rest = rest;
                *first
            }
            None => 0,
        }
    }

    fn number(&mut self) -> usize {
        usize::from(u16::from_le_bytes([self.byte(), self.byte()]))
    }

    fn bytes(&mut self) -> &'a [u8] {
        let count = usize::from(self.byte()).min(self.rest.len());
        let (bytes, rest) = self.rest.split_at(count);
        self.rest = rest;
        bytes
    }

    /// A file that is there.
    fn file(&mut self, place: &Place) -> Option<(OsString, Vec<u8>)> {
        let files = place.files();
        let index = usize::from(self.byte()).checked_rem(files.len())?;
        files.into_iter().nth(index)
    }

    /// A name: one the storage knows, one close to it, or any.
    fn name(&mut self) -> OsString {
        let kind = self.byte();
        let generation = match self.byte() {
            255 => u64::MAX,
            254 => u64::MAX - 1,
            small => u64::from(small) % 8,
        };
        let segment = self.byte() % 4;
        let text = match kind % 12 {
            0 => format!("snapshot.{generation}"),
            1 => format!("journal.{generation}"),
            2 => format!("journal.{generation}.{segment}"),
            3 => format!("snapshot.{generation}.tmp"),
            4 => format!("journal.{generation}.{segment}.tmp"),
            5 => format!("snapshot.{generation}.damaged"),
            6 => "spare".to_owned(),
            7 => "spare.tmp".to_owned(),
            8 => "lock".to_owned(),
            9 => format!("journal.0{generation}"),
            10 => format!("journal.{generation}.{}", u32::MAX - u32::from(segment)),
            _ => return OsString::from_vec(self.bytes().to_vec()),
        };
        text.into()
    }

    fn step(&mut self, step: Step, place: &Place) -> Option<()> {
        match step {
            Step::Write => {
                let (name, mut bytes) = self.file(place)?;
                let (offset, new) = (self.number(), self.bytes());
                let end = offset.checked_add(new.len())?;
                bytes.resize(bytes.len().max(end), 0);
                bytes.get_mut(offset..end)?.copy_from_slice(new);
                place.put(&name, &bytes);
            }
            Step::Flip => {
                let (name, mut bytes) = self.file(place)?;
                let (offset, bit) = (self.number(), self.byte() % 8);
                *bytes.get_mut(offset)? ^= 1 << bit;
                place.put(&name, &bytes);
            }
            Step::Resize => {
                let (name, mut bytes) = self.file(place)?;
                bytes.resize(self.number(), 0);
                place.put(&name, &bytes);
            }
            Step::Remove => {
                let (name, _) = self.file(place)?;
                place.dir().remove_file(&name).ok()?;
            }
            Step::Rename => {
                let ((from, bytes), to) = (self.file(place)?, self.name());
                place.dir().remove_file(&from).ok()?;
                place.put(&to, &bytes);
            }
            Step::Copy => {
                let ((_, bytes), to) = (self.file(place)?, self.name());
                place.put(&to, &bytes);
            }
            Step::Take => {
                let donor = donors().get(usize::from(self.byte()) % donors().len())?;
                let index = usize::from(self.byte()).checked_rem(donor.len())?;
                let (own, bytes) = donor.iter().nth(index)?;
                let name = if self.byte().is_multiple_of(2) {
                    own.clone()
                } else {
                    self.name()
                };
                place.put(&name, bytes);
            }
            Step::Make => {
                let (name, bytes) = (self.name(), self.bytes());
                place.put(&name, bytes);
            }
            Step::Odd => {
                let (kind, name) = (self.byte() % 2, self.name());
                let dir = place.dir();
                match kind {
                    0 => dir.make_dir(&name).ok()?,
                    _ => dir.make_symlink(OsStr::new("journal.1"), &name).ok()?,
                }
                dir.sync().ok()?;
            }
            Step::Seal => {
                let (name, mut bytes) = self.file(place)?;
                seal(&mut bytes, usize::from(self.byte()))?;
                place.put(&name, &bytes);
            }
            Step::Stamp => {
                let ((name, mut bytes), (_, snapshot)) = (self.file(place)?, self.file(place)?);
                let length = (snapshot.len() as u64).to_le_bytes();
                bytes.get_mut(64..72)?.copy_from_slice(&length);
                bytes
                    .get_mut(72..88)?
                    .copy_from_slice(&xxh3_128(&snapshot).to_le_bytes());
                seal(&mut bytes, 0)?;
                place.put(&name, &bytes);
            }
            Step::Move => {
                let ((_, from), start, count) =
                    (self.file(place)?, self.byte(), self.byte() % 8 + 1);
                let ((name, mut bytes), to) = (self.file(place)?, self.byte());
                let start = usize::from(start) * SECTOR;
                let run = from.get(start..start + usize::from(count) * SECTOR)?;
                let to = usize::from(to) * SECTOR;
                bytes.resize(bytes.len().max(to + run.len()), 0);
                bytes.get_mut(to..to + run.len())?.copy_from_slice(run);
                place.put(&name, &bytes);
            }
        }
        Some(())
    }
}

/// Makes the checksums of the head (sector 0) or of the frame that begins at a sector right.
fn seal(bytes: &mut [u8], sector: usize) -> Option<()> {
    if sector == 0 {
        let sum = xxh3_128(bytes.get(..496)?);
        bytes.get_mut(496..512)?.copy_from_slice(&sum.to_le_bytes());
        return Some(());
    }
    let nonce: [u8; 16] = *bytes.get(48..64)?.first_chunk()?;
    let frame = bytes.get_mut(sector.checked_mul(SECTOR)?..)?;
    let check = xxh3_64(&[&nonce, frame.get(..96)?].concat());
    frame
        .get_mut(96..104)?
        .copy_from_slice(&check.to_le_bytes());
    let stored = u64::from_le_bytes(*frame.get(24..32)?.first_chunk()?);
    let body = frame.get(120..usize::try_from(stored).ok()?)?;
    let sum = xxh3_128(&[&nonce, frame.get(..96)?, body].concat());
    frame.get_mut(104..120)?.copy_from_slice(&sum.to_le_bytes());
    Some(())
}

/// Each donor as it is, and each with one step of every kind.
#[expect(clippy::unnecessary_wraps, reason = "other targets read the corpus")]
pub(in crate::fuzzing) fn seeds() -> Result<Vec<Vec<u8>>, CorpusError> {
    let mut seeds = Vec::new();
    for donor in 0..=donors().len() as u8 {
        seeds.push(vec![donor]);
        for step in STEPS {
            // Small numbers: the first files, the first sectors.
            seeds.push([donor, step as u8, 1, 2, 1, 0, 3, 1, 1].to_vec());
        }
        // A field of a frame's header is changed, and the frame sealed.
        for field in [5, 6, 8, 16, 24, 32, 40, 56, 64] {
            let write = [Step::Write as u8, 0, field, 2, 1, 9];
            let seal = [Step::Seal as u8, 0, 1];
            seeds.push([&[donor][..], &write, &seal].concat());
        }
    }
    Ok(seeds)
}
