//! The name of a session: safe as a directory name by construction.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Ids longer than this are refused, so that every name made from one stays below the limit of 255 bytes.
const BYTES_MAX: usize = 200;

/// The name of a session, without the suffix of its directory.
///
/// Never empty, at most 200 bytes, never begins with a dot, holds no slash and no control character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(String);

/// A text that cannot be the name of a session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} cannot be a session id: {reason}")]
pub struct InvalidSessionId {
    text: String,
    reason: &'static str,
}

/// When an id says that its session was created; sorts as the sessions do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CreationTime {
    /// Microseconds since the epoch.
    pub at_us: i64,
    /// The number that tells sessions of the same moment apart: 0 without one.
    pub collision: u64,
}

impl SessionId {
    /// Accepts a text that is safe as a directory name.
    ///
    /// # Errors
    /// The text is empty, too long, begins with a dot, or holds a slash or a control character.
    pub fn parse(text: &str) -> Result<Self, InvalidSessionId> {
        let reason = if text.is_empty() {
            "it is empty"
        } else if text.len() > BYTES_MAX {
            "it is longer than 200 bytes"
        } else if text.starts_with('.') {
            "it begins with a dot"
        } else if text.contains('/') {
            "it holds a slash"
        } else if text.chars().any(char::is_control) {
            "it holds a control character"
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(InvalidSessionId {
            text: text.to_owned(),
            reason,
        })
    }

    /// Makes the id of a session created now: slug of the prefix, UTC time, `_(n)` from the first collision on.
    ///
    /// # Errors
    /// The prefix is too long or begins with a dot, or the time is beyond the years 0 to 9999.
    pub fn generate(prefix: &str, time: CreationTime) -> Result<Self, InvalidSessionId> {
        let slug = slug(prefix);
        let moment = Timestamp::from_microsecond(time.at_us)
            .ok()
            .map(|moment| moment.to_zoned(TimeZone::UTC).datetime())
            .filter(|moment| moment.year() >= 0)
            .ok_or_else(|| InvalidSessionId {
                text: format!("{slug}{}", time.at_us),
                reason: "its time is beyond the years 0 to 9999",
            })?;
        let text = format!("{slug}{}", moment.strftime("%Y-%m-%dT%H.%M.%S.%6f"));
        match time.collision {
            0 => Self::parse(&text),
            number => Self::parse(&format!("{text}_({number})")),
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// When the session was created, where the id tells: ids of today's form, and of older ones without fractions.
    pub fn creation_time(&self) -> Option<CreationTime> {
        let text = self.0.as_str();
        let (text, collision) = match text
            .strip_suffix(')')
            .and_then(|text| text.rsplit_once("_("))
        {
            Some((before, digits)) => (before, digits.parse().ok()?),
            None => (text, 0),
        };
        let time = |length: usize, format: &str| {
            let from = text.len().checked_sub(length)?;
            let tail = text.get(from..).filter(|tail| has_shape_of_time(tail))?;
            let moment = DateTime::strptime(format, tail).ok()?;
            let zoned = moment.to_zoned(TimeZone::UTC).ok()?;
            Some(zoned.timestamp().as_microsecond())
        };
        let at_us = time(26, "%Y-%m-%dT%H.%M.%S.%f").or_else(|| time(19, "%Y-%m-%dT%H.%M.%S"))?;
        Some(CreationTime { at_us, collision })
    }
}

/// Whether the id in a text may be that of a session created after `moment`, an id made of a time alone. A look at the
/// text, where reading the time of each of ten thousand ids would take milliseconds: says yes where it cannot tell.
pub(crate) fn may_be_newer(text: &str, moment: &SessionId) -> bool {
    let moment = moment.as_str();
    let tail = |length: usize| {
        let from = text.len().checked_sub(length)?;
        text.get(from..).filter(|tail| has_shape_of_time(tail))
    };
    match tail(moment.len()) {
        Some(tail) => tail > moment,
        // Without fractions, or with a number behind.
        None => true,
    }
}

/// Whether a text is written as the times in ids are, with or without fractions; such texts sort as the times do.
fn has_shape_of_time(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 | 19 => byte == b'.',
        _ => byte.is_ascii_digit(),
    })
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionId({:?})", self.0)
    }
}

impl FromStr for SessionId {
    type Err = InvalidSessionId;

    fn from_str(text: &str) -> Result<Self, InvalidSessionId> {
        Self::parse(text)
    }
}

/// Every character outside `A-Z a-z 0-9 - _ .` becomes `_`, one for one.
fn slug(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '_' | '.' => character,
            _ => '_',
        })
        .collect()
}
