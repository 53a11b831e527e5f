//! The fields of a job that a test plan may put other values in the place of.

use std::fmt;
use std::str::FromStr;

use crate::id::CategoryId;
use crate::job::JobDefinition;

/// A field in whose place another value can be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OverridableField {
    /// The category.
    CategoryId,
    /// Whether a failure blocks certification.
    CertificationStatus,
    /// Whether a failed job may be tried again by itself.
    AutoRetry,
}

/// A field that no other value can be put in the place of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{field}' is not overridable")]
pub struct NotOverridable {
    /// The field.
    pub field: String,
}

impl OverridableField {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CategoryId, Self::CertificationStatus, Self::AutoRetry];

    /// The name, with underscores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CategoryId => "category_id",
            Self::CertificationStatus => "certification_status",
            Self::AutoRetry => "auto_retry",
        }
    }
}

impl fmt::Display for OverridableField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OverridableField {
    type Err = NotOverridable;

    /// Reads a name; hyphens count as underscores.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let plain = name.replace('-', "_");
        Self::ALL
            .into_iter()
            .find(|field| field.as_str() == plain)
            .ok_or_else(|| NotOverridable {
                field: name.to_owned(),
            })
    }
}

/// What test plans put in the place of fields, of any job.
pub trait OverrideRules: fmt::Debug + Send + Sync {
    /// Fields and values for a job; of one field the last counts.
    fn overrides_of(&self, job: &JobDefinition) -> Vec<(OverridableField, &str)>;
}

/// What stands in the place of fields of one job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The category.
    pub category_id: Option<CategoryId>,
    /// The certification status.
    pub certification_status: Option<Box<str>>,
    /// The retry policy.
    pub auto_retry: Option<Box<str>>,
}

impl Overrides {
    /// The values that are there, in the order of the fields.
    pub fn iter(&self) -> impl Iterator<Item = (OverridableField, &str)> {
        OverridableField::ALL
            .into_iter()
            .filter_map(|field| Some((field, self.get(field)?)))
    }

    /// The value in the place of a field.
    pub fn get(&self, field: OverridableField) -> Option<&str> {
        match field {
            OverridableField::CategoryId => self.category_id.as_ref().map(CategoryId::as_str),
            OverridableField::CertificationStatus => self.certification_status.as_deref(),
            OverridableField::AutoRetry => self.auto_retry.as_deref(),
        }
    }

    /// Puts a value in the place of a field.
    pub fn set(&mut self, field: OverridableField, value: &str) {
        match field {
            OverridableField::CategoryId => self.category_id = Some(CategoryId::new(value)),
            OverridableField::CertificationStatus => self.certification_status = Some(value.into()),
            OverridableField::AutoRetry => self.auto_retry = Some(value.into()),
        }
    }
}
