//! Whole numbers of any size, and the number literals of the language.

use std::cmp::Ordering;
use std::fmt;

/// The most digits a number may have, as in Python.
const MOST_DIGITS: usize = 4300;

/// The most digits in another base than ten, which take more work to read.
const MOST_BASE_DIGITS: usize = 512;

/// A whole number of any size: a sign and decimal digits without leading zeros; zero has no sign.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Integer {
    negative: bool,
    digits: Box<str>,
}

impl Integer {
    /// From decimal digits. `None` when there are none, too many, or others between them.
    pub(super) fn from_decimal(negative: bool, digits: &str) -> Option<Self> {
        if digits.is_empty()
            || digits.len() > MOST_DIGITS
            || !digits.bytes().all(|digit| digit.is_ascii_digit())
        {
            return None;
        }
        let significant = digits.trim_start_matches('0');
        Some(Self {
            negative: negative && !significant.is_empty(),
            digits: if significant.is_empty() {
                "0"
            } else {
                significant
            }
            .into(),
        })
    }

    /// From digits of a base up to 36. `None` as for decimal digits.
    pub(super) fn from_base(negative: bool, digits: &str, base: u32) -> Option<Self> {
        if base == 10 {
            return Self::from_decimal(negative, digits);
        }
        if digits.is_empty() || digits.len() > MOST_BASE_DIGITS {
            return None;
        }
        let mut limbs: Vec<u64> = vec![0];
        for digit in digits.chars() {
            let mut carry = u64::from(digit.to_digit(base)?);
            for limb in &mut limbs {
                let sum = *limb * u64::from(base) + carry;
                *limb = sum % 1_000_000_000;
                carry = sum / 1_000_000_000;
            }
            if carry > 0 {
                limbs.push(carry);
            }
        }
        let decimal: String = limbs
            .iter()
            .rev()
            .map(|limb| format!("{limb:09}"))
            .collect();
        let significant = decimal.trim_start_matches('0');
        let significant = if significant.is_empty() {
            "0"
        } else {
            significant
        };
        Some(Self {
            negative: negative && significant != "0",
            digits: significant.into(),
        })
    }

    /// The whole part of a finite float.
    pub(super) fn from_float(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let digits = format!("{:.0}", value.trunc().abs());
        Self::from_decimal(value < 0.0, &digits)
    }

    /// The nearest float; `None` when it is beyond all of them.
    pub(super) fn to_float(&self) -> Option<f64> {
        let value: f64 = self.digits.parse().ok()?;
        value
            .is_finite()
            .then_some(if self.negative { -value } else { value })
    }

    /// How many digits it has.
    pub(super) fn length(&self) -> usize {
        self.digits.len()
    }

    pub(super) fn is_zero(&self) -> bool {
        &*self.digits == "0"
    }

    /// Compares with a float as exact numbers; `None` with a NaN.
    pub(super) fn compare_float(&self, other: f64) -> Option<Ordering> {
        if other.is_nan() {
            return None;
        }
        let Some(whole) = Self::from_float(other) else {
            return Some(if other > 0.0 {
                Ordering::Less
            } else {
                Ordering::Greater
            });
        };
        let fraction = other - other.trunc();
        let beyond = || {
            fraction
                .partial_cmp(&0.0)
                .map_or(Ordering::Equal, Ordering::reverse)
        };
        Some(self.cmp(&whole).then_with(beyond))
    }
}

impl From<u64> for Integer {
    fn from(value: u64) -> Self {
        Self {
            negative: false,
            digits: value.to_string().into(),
        }
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        f.write_str(&self.digits)
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |one: &Self, other: &Self| {
            let by_length = one.digits.len().cmp(&other.digits.len());
            by_length.then_with(|| one.digits.cmp(&other.digits))
        };
        match (self.negative, other.negative) {
            (false, false) => size(self, other),
            (true, true) => size(other, self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A number as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Number {
    Int(Integer),
    Float(f64),
    Imaginary(f64),
}

/// Reads the number a text begins with: the number and its length in bytes. `None` when what stands
/// there is malformed.
pub(super) fn read_number(text: &str) -> Option<(Number, usize)> {
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b'0') {
        let base = match bytes.get(1) {
            Some(b'x' | b'X') => Some(16),
            Some(b'o' | b'O') => Some(8),
            Some(b'b' | b'B') => Some(2),
            _ => None,
        };
        if let Some(base) = base {
            let (digits, end) = digits_from(text, 2, base, true)?;
            let number = Integer::from_base(false, &digits, base)?;
            return ends_here(text, end).then_some((Number::Int(number), end));
        }
    }
    read_decimal(text)
}

fn read_decimal(text: &str) -> Option<(Number, usize)> {
    let bytes = text.as_bytes();
    let (whole, mut end) = match bytes.first() {
        Some(b'.') => (String::new(), 0),
        _ => digits_from(text, 0, 10, false)?,
    };
    let mut written = whole.clone();
    let mut is_float = false;
    if bytes.get(end) == Some(&b'.') {
        is_float = true;
        written.push('.');
        end += 1;
        if bytes.get(end).is_some_and(u8::is_ascii_digit) {
            let (fraction, after) = digits_from(text, end, 10, false)?;
            written.push_str(&fraction);
            end = after;
        }
    }
    if let Some((exponent, after)) = exponent_from(text, end)? {
        is_float = true;
        written.push_str(&exponent);
        end = after;
    }
    let imaginary = matches!(bytes.get(end), Some(b'j' | b'J'));
    let number = if imaginary || is_float {
        let value = written.parse().ok()?;
        if imaginary {
            end += 1;
            Number::Imaginary(value)
        } else {
            Number::Float(value)
        }
    } else {
        if whole.len() > 1 && whole.starts_with('0') && whole.bytes().any(|digit| digit != b'0') {
            return None;
        }
        Number::Int(Integer::from_decimal(false, &whole)?)
    };
    ends_here(text, end).then_some((number, end))
}

/// An exponent with its `e`, when one stands there: `e` and a sign and digits.
fn exponent_from(text: &str, from: usize) -> Option<Option<(String, usize)>> {
    let bytes = text.as_bytes();
    if !matches!(bytes.get(from), Some(b'e' | b'E')) {
        return Some(None);
    }
    let (sign, start) = match bytes.get(from + 1) {
        Some(b'-') => ("e-", from + 2),
        Some(b'+') => ("e", from + 2),
        _ => ("e", from + 1),
    };
    if !bytes.get(start).is_some_and(u8::is_ascii_digit) {
        // `1else` is a number and a keyword.
        return (start == from + 1).then_some(None);
    }
    let (digits, end) = digits_from(text, start, 10, false)?;
    Some(Some((format!("{sign}{digits}"), end)))
}

/// Digits with single underscores between them (also before the first, where that is allowed).
fn digits_from(text: &str, from: usize, base: u32, lead: bool) -> Option<(String, usize)> {
    let mut digits = String::new();
    let mut end = from;
    let mut may_join = lead;
    let mut joined = false;
    for c in text.get(from..)?.chars() {
        if c == '_' {
            if !may_join {
                return None;
            }
            (may_join, joined) = (false, true);
        } else if c.is_digit(base) {
            digits.push(c);
            (may_join, joined) = (true, false);
        } else {
            break;
        }
        end += 1;
    }
    (!digits.is_empty() && !joined).then_some((digits, end))
}

/// Whether a number may end before what follows: no name but a keyword that joins expressions.
fn ends_here(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let word: &str = rest
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    word.is_empty()
        || ["and", "else", "for", "if", "in", "is", "not", "or"]
            .iter()
            .any(|keyword| word.starts_with(keyword))
}
