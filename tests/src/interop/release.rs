//! The releases we talk to, and where they are not as today's Checkbox, which is what our codec follows.

use std::fmt;

use serde_json::{Value, json};

use crate::conformance::Difference;

/// A release of plainbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// 0.5.4: formats 1 to 3, the last result of a job, no ignored checksums.
    V0_5_4,
    /// 0.38.0: formats 1 to 6.
    V0_38_0,
}

impl Release {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V0_38_0, Self::V0_5_4];

    /// The release of that number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|release| release.number() == text)
    }

    /// Its number, as the package index has it.
    #[must_use]
    pub fn number(self) -> &'static str {
        match self {
            Self::V0_5_4 => "0.5.4",
            Self::V0_38_0 => "0.38.0",
        }
    }

    /// The newest format it knows.
    pub(super) fn newest_format(self) -> u8 {
        match self {
            Self::V0_5_4 => 3,
            Self::V0_38_0 => 6,
        }
    }

    /// The listed deviation that a difference belongs to, in a session that was first written in version `first`.
    ///
    /// R1 to R3 are differences between this release and today's Checkbox, which our codec follows.
    pub(super) fn deviation(
        self,
        first: u8,
        version: u8,
        difference: &Difference,
    ) -> Option<&'static str> {
        let (expected, actual) = (difference.expected.as_ref(), difference.actual.as_ref());
        let is_null = expected == Some(&Value::Null);
        match difference.path.as_str() {
            "session.metadata.custom_joblist" | "session.metadata.rejected_jobs" => {
                (version == 6 && expected.is_none()).then_some("D2")
            }
            "session.metadata.app_blob" | "metadata.app_blob" => {
                let empty = actual == Some(&Value::from(""));
                (is_null && empty && (first == 1 || version == 1)).then_some("R1")
            }
            "session.mandatory_job_list" => {
                (self.is_oldest() && expected.is_none()).then_some("R2")
            }
            path if path.starts_with("resource_map.") => {
                let none = expected.is_some_and(|records| *records == json!([]));
                let empty = actual.is_some_and(|records| *records == json!([{}]));
                (self.is_oldest() && none && empty).then_some("R3")
            }
            _ => None,
        }
    }

    /// Whether it is the oldest, whose jobs and results are simpler.
    pub(super) fn is_oldest(self) -> bool {
        match self {
            Self::V0_5_4 => true,
            Self::V0_38_0 => false,
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "plainbox {}", self.number())
    }
}
