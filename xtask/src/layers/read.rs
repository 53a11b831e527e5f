//! The model of the real workspace, from cargo.
//!
//! Edges come from `cargo metadata`. Reach comes from `cargo tree`, one package at a time, because the resolved
//! graph of the whole workspace turns on in one crate what only another has asked for.

use std::collections::BTreeMap;
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use super::manifest;
use super::model::{Member, Workspace};
use crate::disk::{self, DiskError};
use crate::process::{ProcessError, Program};

/// Why the workspace could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// `cargo metadata` failed.
    #[error("cannot read the metadata of the workspace")]
    Metadata(#[from] cargo_metadata::Error),
    /// A manifest cannot be read.
    #[error("cannot read a manifest")]
    Manifest(#[from] DiskError),
    /// `cargo tree` failed.
    #[error("cannot read the dependency tree of a package")]
    Tree(#[from] ProcessError),
}

/// Reads the workspace that lies at `root`.
pub(crate) fn read(root: &Path) -> Result<Workspace, ReadError> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()?;
    let members = metadata
        .workspace_packages()
        .into_iter()
        .map(member)
        .collect::<Result<_, _>>()?;
    Ok(Workspace { members })
}

fn member(package: &Package) -> Result<Member, ReadError> {
    let names = |wanted: &dyn Fn(DependencyKind) -> bool| -> Vec<String> {
        package
            .dependencies
            .iter()
            .filter(|edge| wanted(edge.kind))
            .map(|edge| edge.name.clone())
            .collect()
    };
    let manifest = disk::read_text(package.manifest_path.as_std_path())?;
    let arguments = [
        "tree",
        "--package",
        package.name.as_str(),
        "--edges",
        "normal,no-proc-macro",
        "--all-features",
        "--prefix",
        "depth",
    ];
    let tree = Program::new("cargo", &arguments).output()?;
    Ok(Member {
        name: package.name.to_string(),
        dependencies: names(&|kind| kind != DependencyKind::Development),
        test_dependencies: names(&|kind| kind == DependencyKind::Development),
        reach: reach(&tree),
        manifest_faults: manifest::faults(&manifest),
    })
}

/// Every package of a tree printed with `--prefix depth`, with the way to its first place in it.
pub(crate) fn reach(tree: &str) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    let mut way: Vec<String> = Vec::new();
    for line in tree.lines() {
        let digits = line.chars().take_while(char::is_ascii_digit).count();
        let Some((Ok(depth), rest)) = line
            .split_at_checked(digits)
            .map(|(depth, rest)| (depth.parse::<usize>(), rest))
        else {
            continue;
        };
        let Some(name) = rest.split_whitespace().next() else {
            continue;
        };
        way.truncate(depth);
        way.push(name.to_owned());
        if depth > 0 {
            found.entry(name.to_owned()).or_insert_with(|| way.clone());
        }
    }
    found
}
