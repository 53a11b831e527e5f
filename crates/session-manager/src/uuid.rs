//! Which session it is, whatever it is called and wherever it lies.

/// The identity of a session.
#[derive(Clone, Debug)]
pub(crate) struct SessionUuid {
    bytes: [u8; 16],
    /// Written once: the log of every job begins with it.
    text: Box<str>,
}

impl SessionUuid {
    pub(crate) fn bytes(&self) -> [u8; 16] {
        self.bytes
    }

    /// In hexadecimal digits.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<[u8; 16]> for SessionUuid {
    fn from(bytes: [u8; 16]) -> Self {
        Self {
            bytes,
            text: format!("{:032x}", u128::from_be_bytes(bytes)).into(),
        }
    }
}
