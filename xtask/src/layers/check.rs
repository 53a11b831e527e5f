//! The comparison of a workspace with the table of layers.

use std::fmt;

use super::model::{ManifestFault, Member, Workspace};
use super::table::{self, Group, Uses};

/// One breach of the layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Violation {
    /// A package that the table does not know.
    UnknownMember {
        /// The package.
        name: String,
    },
    /// A direct use of one of our crates that the table does not allow.
    ForbiddenEdge {
        /// Who uses.
        from: String,
        /// Who is used.
        to: String,
        /// Whether only the tests use it.
        in_tests: bool,
    },
    /// A package further down that must not be there.
    ForbiddenReach {
        /// What kind of thing is reached.
        what: &'static str,
        /// The way there, from the crate itself to the package.
        way: Vec<String>,
    },
    /// A manifest that does not inherit what it must.
    Manifest {
        /// Whose manifest.
        name: String,
        /// What is wrong.
        fault: ManifestFault,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownMember { name } => {
                write!(
                    formatter,
                    "{name}: not in the table of layers; add a row that says what it may use"
                )
            }
            Self::ForbiddenEdge {
                from,
                to,
                in_tests: false,
            } => write!(formatter, "{from}: may not use {to}"),
            Self::ForbiddenEdge {
                from,
                to,
                in_tests: true,
            } => {
                write!(formatter, "{from}: may not use {to}, not even in its tests")
            }
            Self::ForbiddenReach { what, way } => {
                let from = way.first().map_or("", String::as_str);
                write!(
                    formatter,
                    "{from}: must not reach {what}: {}",
                    way.join(" -> ")
                )
            }
            Self::Manifest {
                name,
                fault: ManifestFault::LintsNotInherited,
            } => {
                write!(
                    formatter,
                    "{name}: its Cargo.toml needs [lints] with workspace = true"
                )
            }
            Self::Manifest {
                name,
                fault: ManifestFault::OwnDependency(dependency),
            } => {
                write!(
                    formatter,
                    "{name}: {dependency} must come from [workspace.dependencies] ({dependency}.workspace = true)"
                )
            }
        }
    }
}

/// Every violation in a workspace, member by member.
pub(crate) fn check(workspace: &Workspace) -> Vec<Violation> {
    let ours: Vec<&str> = workspace
        .members
        .iter()
        .map(|member| member.name.as_str())
        .collect();
    workspace
        .members
        .iter()
        .flat_map(|member| check_member(member, &ours))
        .collect()
}

fn check_member(member: &Member, ours: &[&str]) -> Vec<Violation> {
    let name = member.name.as_str();
    let manifest = member.manifest_faults.iter().cloned();
    let mut violations: Vec<Violation> = manifest
        .map(|fault| Violation::Manifest {
            name: name.to_owned(),
            fault,
        })
        .collect();

    let Some(layer) = table::layer(name) else {
        violations.push(Violation::UnknownMember {
            name: name.to_owned(),
        });
        return violations;
    };
    for to in member
        .dependencies
        .iter()
        .filter(|to| ours.contains(&to.as_str()))
    {
        if !allows(layer.may_use, to) {
            violations.push(Violation::ForbiddenEdge {
                from: name.to_owned(),
                to: to.clone(),
                in_tests: false,
            });
        }
    }
    for to in member
        .test_dependencies
        .iter()
        .filter(|to| ours.contains(&to.as_str()))
    {
        if !allows(layer.tests_may_use, to) && !allows(layer.may_use, to) {
            violations.push(Violation::ForbiddenEdge {
                from: name.to_owned(),
                to: to.clone(),
                in_tests: true,
            });
        }
    }
    let mut never = layer.never.to_vec();
    if name != table::BENCH_PACKAGE {
        never.push(table::PEERS);
    }
    if !table::TEST_PACKAGES.contains(&name) {
        never.push(table::TEST_TOOLS);
    }
    violations.extend(never.iter().flat_map(|group| reached(member, group)));
    violations
}

fn allows(uses: Uses, name: &str) -> bool {
    match uses {
        Uses::All => true,
        Uses::Only(names) => names.contains(&name),
    }
}

fn reached(member: &Member, group: &Group) -> Vec<Violation> {
    let ways = group
        .packages
        .iter()
        .filter_map(|package| member.reach.get(*package));
    ways.map(|way| Violation::ForbiddenReach {
        what: group.what,
        way: way.clone(),
    })
    .collect()
}
