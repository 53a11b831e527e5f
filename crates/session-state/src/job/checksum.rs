//! The identity of a definition: a SHA-256 over its raw fields and parameters, by the rules of Checkbox.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::definition::JobDefinition;
use super::json;
use crate::field::FieldRef;

/// The checksum of a definition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checksum([u8; 32]);

impl Checksum {
    /// A checksum of those bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
        let mut text = String::with_capacity(2 * self.0.len());
        for byte in self.0 {
            text.push(digit(byte >> 4));
            text.push(digit(byte & 15));
        }
        f.write_str(&text)
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checksum({self})")
    }
}

/// A text that is not 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a checksum of 64 lower-case hexadecimal digits")]
pub struct IllegalChecksum(pub String);

impl FromStr for Checksum {
    type Err = IllegalChecksum;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digit = |byte: &u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut bytes = [0; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let filled = pairs.len() == bytes.len()
            && rest.is_empty()
            && bytes.iter_mut().zip(pairs).all(|(byte, [high, low])| {
                match (digit(high), digit(low)) {
                    (Some(high), Some(low)) => {
                        *byte = high << 4 | low;
                        true
                    }
                    (Some(_) | None, _) => false,
                }
            });
        if filled {
            Ok(Self(bytes))
        } else {
            Err(IllegalChecksum(text.to_owned()))
        }
    }
}

impl JobDefinition {
    /// The checksum as today's Checkbox computes it. It is computed anew at each call.
    pub fn checksum(&self) -> Checksum {
        digest(&self.canonical_form())
    }

    /// The checksum as plainbox 0.5 and 0.38 computed it: the namespace does not count.
    pub fn checksum_without_namespace(&self) -> Checksum {
        digest(&self.form(None))
    }

    /// Whether it is the same unit, wherever the two were written: the checksums are equal.
    pub fn is_same_unit(&self, other: &Self) -> bool {
        self == other || self.checksum() == other.checksum()
    }

    /// The text that [`checksum`](Self::checksum) is the hash of.
    pub fn canonical_form(&self) -> String {
        self.form(self.namespace().filter(|namespace| !namespace.is_empty()))
    }

    fn form(&self, namespace: Option<&str>) -> String {
        let mut fields: Vec<(&str, FieldRef<'_>)> = self.fields().collect();
        fields.sort_by_key(|(name, _)| *name);
        if let Some(namespace) = namespace {
            let value = FieldRef::Text(namespace);
            match fields.iter_mut().find(|(name, _)| *name == "namespace") {
                Some((_, old)) => *old = value,
                None => fields.push(("namespace", value)),
            }
        }
        let mut form = String::new();
        json::write_map(&mut form, fields);
        if let Some(parameters) = self.parameters() {
            json::write_map(
                &mut form,
                parameters
                    .iter()
                    .map(|(name, value)| (&**name, value.into())),
            );
        }
        form
    }
}

fn digest(form: &str) -> Checksum {
    Checksum(Sha256::digest(form.as_bytes()).into())
}
