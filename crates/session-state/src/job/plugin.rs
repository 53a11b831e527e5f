//! The kinds of jobs.

use std::fmt;
use std::str::FromStr;

/// What kind of thing a job is, and so who decides how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[doc(alias = "plugin")]
pub enum PluginKind {
    /// Its return code decides.
    Shell,
    /// Its output is parsed into records.
    Resource,
    /// Its output is kept as a file.
    Attachment,
    /// Its output defined further jobs; only old releases know it.
    Local,
    /// A person does it and decides.
    Manual,
    /// A person starts it, its return code decides.
    UserInteract,
    /// A person decides.
    UserVerify,
    /// A person starts it and decides.
    UserInteractVerify,
}

impl PluginKind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 8] = [
        Self::Shell,
        Self::Resource,
        Self::Attachment,
        Self::Local,
        Self::Manual,
        Self::UserInteract,
        Self::UserVerify,
        Self::UserInteractVerify,
    ];

    /// The text of the field `plugin`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shell => "shell",
            Self::Resource => "resource",
            Self::Attachment => "attachment",
            Self::Local => "local",
            Self::Manual => "manual",
            Self::UserInteract => "user-interact",
            Self::UserVerify => "user-verify",
            Self::UserInteractVerify => "user-interact-verify",
        }
    }

    /// Whether it runs and ends without a person.
    pub const fn is_automated(self) -> bool {
        match self {
            Self::Shell | Self::Resource | Self::Attachment | Self::Local => true,
            Self::Manual | Self::UserInteract | Self::UserVerify | Self::UserInteractVerify => {
                false
            }
        }
    }

    /// Whether it waits for a person before it starts.
    pub const fn waits_for_start(self) -> bool {
        match self {
            Self::Manual | Self::UserInteract | Self::UserInteractVerify => true,
            Self::Shell | Self::Resource | Self::Attachment | Self::Local | Self::UserVerify => {
                false
            }
        }
    }

    /// Whether a person, not the return code, decides how it ended.
    pub const fn needs_verdict(self) -> bool {
        match self {
            Self::Manual | Self::UserVerify | Self::UserInteractVerify => true,
            Self::Shell | Self::Resource | Self::Attachment | Self::Local | Self::UserInteract => {
                false
            }
        }
    }
}

impl fmt::Display for PluginKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no kind of job.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a kind of job")]
pub struct UnknownPlugin(pub String);

impl FromStr for PluginKind {
    type Err = UnknownPlugin;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownPlugin(text.to_owned()))
    }
}
