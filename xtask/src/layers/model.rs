//! What is known about a workspace: its members, their edges, and what each can reach.

use std::collections::BTreeMap;

/// The workspace as the check sees it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Workspace {
    /// The packages of the workspace.
    pub(crate) members: Vec<Member>,
}

/// One package of the workspace.
#[derive(Debug, Clone, Default)]
pub(crate) struct Member {
    /// Its name.
    pub(crate) name: String,
    /// Names of the packages it depends on, to be used and to be built.
    pub(crate) dependencies: Vec<String>,
    /// Names of the packages its tests depend on.
    pub(crate) test_dependencies: Vec<String>,
    /// Every package its normal dependencies lead to, with the way there (itself first).
    pub(crate) reach: BTreeMap<String, Vec<String>>,
    /// What is wrong with its manifest.
    pub(crate) manifest_faults: Vec<ManifestFault>,
}

/// A rule for manifests that one does not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ManifestFault {
    /// There is no `[lints]` with `workspace = true`.
    LintsNotInherited,
    /// A dependency names its own version or path instead of the one of the workspace.
    OwnDependency(String),
}
