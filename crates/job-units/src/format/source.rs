//! The text of a file, to find columns in and to quote from, and a unit with the file it is from.

use std::sync::Arc;

use session_state::record::{is_space, text_lines, universal_newlines};
use session_state::{FieldRef, FieldValue, Origin};

use super::entry::{Document, Entry, Spot};
use super::{json, pxu, yaml};
use crate::error::{UnitError, UnitErrorKind};
use crate::files::Limits;
use crate::units::Place;

/// How units are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Pxu,
    Yaml,
    Json,
}

impl Format {
    /// The format of a file, by the ending of its name: PXU unless it says otherwise.
    pub(crate) fn of(file: &str) -> Self {
        match file.rsplit_once('.') {
            Some((_, "yaml" | "yml")) => Self::Yaml,
            Some((_, "json")) => Self::Json,
            Some(_) | None => Self::Pxu,
        }
    }
}

/// The text of one file.
pub(crate) struct Source {
    file: Arc<str>,
    format: Format,
    text: String,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl Source {
    pub(crate) fn new(text: &str, file: &str) -> Self {
        let format = Format::of(file);
        let text = universal_newlines(text).into_owned();
        let lengths: Vec<usize> = match format {
            Format::Pxu => text_lines(&text).map(str::len).collect(),
            Format::Yaml | Format::Json => text.split_inclusive('\n').map(str::len).collect(),
        };
        let starts = lengths.into_iter().scan(0, |next, length| {
            let start = *next;
            *next += length;
            Some(start)
        });
        Self {
            file: file.into(),
            format,
            starts: starts.collect(),
            text,
        }
    }

    /// The units of the file.
    pub(crate) fn document(&self, limits: &Limits) -> Document {
        match self.format {
            Format::Pxu => pxu::read(self),
            Format::Yaml => yaml::read(self, limits),
            Format::Json => json::read(self),
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// A line without its end.
    pub(crate) fn line(&self, number: u32) -> &str {
        let index = usize::try_from(number)
            .unwrap_or(usize::MAX)
            .wrapping_sub(1);
        let start = self.starts.get(index).copied().unwrap_or(self.text.len());
        let end = index.checked_add(1).and_then(|next| self.starts.get(next));
        let line = self
            .text
            .get(start..end.copied().unwrap_or(self.text.len()));
        line.unwrap_or_default().trim_end_matches(is_line_end)
    }

    /// The place of a byte.
    pub(crate) fn spot(&self, byte: usize) -> Spot {
        let index = self.starts.partition_point(|start| *start <= byte);
        let line = u32::try_from(index).unwrap_or(u32::MAX);
        let start = index
            .checked_sub(1)
            .and_then(|index| self.starts.get(index))
            .copied()
            .unwrap_or_default();
        let before = self.text.get(start..byte).unwrap_or_default();
        Spot {
            line: line.max(1),
            column: column_at(before, before.len()),
        }
    }

    /// The last line up to a certain one that holds anything.
    pub(crate) fn last_line_to(&self, line: u32) -> u32 {
        (1..=line)
            .rev()
            .find(|number| !self.line(*number).trim_matches(is_space).is_empty())
            .unwrap_or(line)
    }

    /// What is wrong with the file at a place.
    pub(crate) fn error(&self, at: Spot, kind: UnitErrorKind) -> UnitError {
        UnitError::at(self.place(at), self.line(at.line), kind)
    }

    fn place(&self, at: Spot) -> Place {
        Place {
            file: self.file.clone(),
            line: at.line,
            column: at.column,
        }
    }
}

/// One unit and the file it is from.
pub(crate) struct Written<'a> {
    pub(crate) source: &'a Source,
    pub(crate) entry: &'a Entry,
}

impl Written<'_> {
    /// An error about the value of a field.
    pub(crate) fn error(&self, field: &str, kind: UnitErrorKind) -> UnitError {
        self.source.error(self.spot(field), kind)
    }

    /// An error about one line of the value of a field, at a byte of that line.
    pub(crate) fn error_in(
        &self,
        field: &str,
        line: &str,
        offset: usize,
        kind: UnitErrorKind,
    ) -> UnitError {
        let start = self.spot(field).line;
        let found = (start..=self.entry.line_end)
            .map(|number| (number, self.source.line(number)))
            .filter(|(_, text)| !text.starts_with('#'))
            .find_map(|(number, text)| Some((number, text, text.rfind(line)?)));
        match found {
            Some((line, text, at)) => {
                let column = column_at(text, at.saturating_add(offset));
                self.source.error(Spot { line, column }, kind)
            }
            None => self.error(field, kind),
        }
    }

    /// An error about the unit as a whole.
    pub(crate) fn error_at_start(&self, kind: UnitErrorKind) -> UnitError {
        self.source.error(self.entry.start, kind)
    }

    /// Where the unit begins.
    pub(crate) fn start(&self) -> Place {
        self.source.place(self.entry.start)
    }

    /// Where the value of a field begins; the start of the unit when it has no such field.
    pub(crate) fn place(&self, field: &str) -> Place {
        self.source.place(self.spot(field))
    }

    /// The lines of the unit.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            source: self.source.file.clone(),
            line_start: self.entry.start.line,
            line_end: self.entry.line_end,
        }
    }

    /// The value of the field of exactly that name.
    pub(crate) fn value(&self, field: &str) -> Option<&FieldValue> {
        self.entry.field(field).map(|field| &field.value)
    }

    /// The text of the field of exactly that name.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        FieldRef::from(self.value(field)?).as_text()
    }

    fn spot(&self, field: &str) -> Spot {
        self.entry
            .field(field)
            .map_or(self.entry.start, |field| field.at)
    }
}

/// The column of the first character that is no white space, from a byte on.
pub(super) fn column_of_text(line: &str, from: usize) -> u32 {
    let rest = line.get(from..).unwrap_or_default();
    let lead = rest.len() - rest.trim_start_matches(is_space).len();
    column_at(line, from + lead)
}

/// The column of a byte.
fn column_at(line: &str, byte: usize) -> u32 {
    let before = line.get(..byte).unwrap_or(line);
    u32::try_from(before.chars().count()).map_or(u32::MAX, |count| count.saturating_add(1))
}

fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}
