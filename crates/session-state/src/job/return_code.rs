//! The code a job returned.

use std::fmt;

/// What a job returned: the exit code; negative is the number of the signal that ended it.
///
/// Sessions of other programs hold whole numbers of any size here, and truth values, which count as 1 and 0.
#[derive(Clone, Debug)]
pub enum ReturnCode {
    /// A number within 64 bits.
    Number(i64),
    /// A truth value.
    Truth(bool),
    /// A number beyond 64 bits.
    Large(LargeNumber),
}

/// A whole number beyond 64 bits. Boxed twice so that the results of a large session stay small.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::box_collection,
    reason = "one pointer, where a text takes two words"
)]
pub struct LargeNumber(Box<String>);

impl LargeNumber {
    /// Its decimal digits, after a minus sign where it is negative.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ReturnCode {
    /// The number that these decimal digits are; `None` when they are not: an optional minus sign, then
    /// digits, the first of several not being 0.
    pub fn from_digits(digits: &str) -> Option<Self> {
        let unsigned = digits.strip_prefix('-').unwrap_or(digits);
        let plain = unsigned.bytes().all(|digit| digit.is_ascii_digit())
            && (unsigned == "0" || !unsigned.starts_with('0'))
            && !unsigned.is_empty();
        plain.then(|| match digits.parse() {
            Ok(number) => Self::Number(number),
            Err(_) => Self::Large(LargeNumber(Box::new(digits.to_owned()))),
        })
    }

    /// The number, where 64 bits hold it.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Truth(truth) => Some(i64::from(*truth)),
            Self::Large(_) => None,
        }
    }
}

impl From<i64> for ReturnCode {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for ReturnCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Truth(truth) => i64::from(*truth).fmt(f),
            Self::Large(number) => f.pad_integral(
                !number.as_str().starts_with('-'),
                "",
                number.as_str().trim_start_matches('-'),
            ),
        }
    }
}

/// As numbers: true is 1.
impl PartialEq for ReturnCode {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Large(mine), Self::Large(others)) => mine == others,
            (Self::Large(_), _) | (_, Self::Large(_)) => false,
            (_, _) => self.as_i64() == other.as_i64(),
        }
    }
}

impl Eq for ReturnCode {}
