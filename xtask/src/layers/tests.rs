//! The layers of the real workspace hold, and a planted breach of each kind is found.

use std::collections::BTreeMap;

use super::check::{Violation, check};
use super::manifest::faults;
use super::model::{ManifestFault, Member, Workspace};
use super::read::{reach, read};
use super::table::{LAYERS, Uses};
use crate::disk;

/// A workspace of these packages, each using what is written after it.
fn workspace(members: &[(&str, &[&str])]) -> Workspace {
    let member = |(name, uses): &(&str, &[&str])| Member {
        name: (*name).to_owned(),
        dependencies: uses.iter().map(|&name| name.to_owned()).collect(),
        reach: uses
            .iter()
            .map(|&to| (to.to_owned(), vec![(*name).to_owned(), to.to_owned()]))
            .collect(),
        ..Member::default()
    };
    Workspace {
        members: members.iter().map(member).collect(),
    }
}

fn complaints(workspace: &Workspace) -> Vec<String> {
    check(workspace).iter().map(Violation::to_string).collect()
}

#[test]
fn the_layers_of_this_workspace_hold() {
    let workspace = read(&disk::root()).unwrap();
    let violations = complaints(&workspace);
    assert!(violations.is_empty(), "{}", violations.join("\n"));
    for name in [
        "session-state",
        "session-storage",
        "suspend-resume",
        "session-manager",
        "session-cli",
        "xtask",
    ] {
        let member = workspace.members.iter().find(|member| member.name == name);
        let member = member.unwrap_or_else(|| panic!("{name} is a package of the workspace"));
        assert!(
            member.reach.contains_key("thiserror"),
            "the tree of {name} was really read"
        );
    }
}

#[test]
fn the_table_names_each_crate_once_and_only_crates_it_has_rows_for() {
    for layer in LAYERS {
        assert_eq!(
            LAYERS
                .iter()
                .filter(|other| other.name == layer.name)
                .count(),
            1,
            "{} has one row",
            layer.name
        );
        if let Uses::Only(names) = layer.may_use {
            for name in names {
                assert!(
                    LAYERS.iter().any(|other| other.name == *name),
                    "{} may use {name}, which has no row",
                    layer.name
                );
            }
        }
    }
}

#[test]
fn allowed_edges_pass() {
    let fine = workspace(&[
        ("session-state", &[]),
        ("session-storage", &["rustix", "jiff"]),
        ("suspend-resume", &["session-state", "serde", "bincode"]),
        (
            "session-manager",
            &[
                "session-state",
                "session-storage",
                "suspend-resume",
                "serde_json",
            ],
        ),
        (
            "session-cli",
            &["session-state", "session-manager", "clap", "indicatif"],
        ),
        ("session-tests", &["session-state", "proptest"]),
        ("xtask", &["clap"]),
    ]);
    assert_eq!(complaints(&fine), Vec::<String>::new());
}

#[test]
fn a_planted_edge_is_found() {
    for (from, to) in [
        ("session-state", "session-storage"),
        ("session-storage", "session-state"),
        ("suspend-resume", "session-storage"),
        ("session-manager", "job-runner"),
        ("job-units", "session-manager"),
        ("job-runner", "job-units"),
        ("xtask", "session-state"),
    ] {
        let planted = workspace(&[(from, &[to]), (to, &[])]);
        let edge = Violation::ForbiddenEdge {
            from: from.to_owned(),
            to: to.to_owned(),
            in_tests: false,
        };
        assert!(check(&planted).contains(&edge), "{from} -> {to} is found");
    }
}

#[test]
fn a_planted_reach_is_found_with_the_way_to_it() {
    for (from, to) in [
        ("session-state", "serde"),
        ("session-state", "rustix"),
        ("session-state", "jiff"),
        ("session-state", "tempfile"),
        ("session-storage", "serde_core"),
        ("session-storage", "bincode"),
        ("suspend-resume", "walkdir"),
        ("suspend-resume", "session-storage"),
        ("session-manager", "clap_lex"),
        ("session-manager", "console"),
        ("job-units", "session-storage"),
        ("job-runner", "serde"),
        ("job-runner", "suspend-resume"),
        ("session-manager", "rusqlite"),
        ("session-cli", "redb"),
        ("session-cli", "proptest"),
    ] {
        let mut planted = workspace(&[(from, &["innocent"])]);
        let way = vec![from.to_owned(), "innocent".to_owned(), to.to_owned()];
        planted.members[0].reach.insert(to.to_owned(), way);
        let found = complaints(&planted);
        assert!(
            found
                .iter()
                .any(|text| text.ends_with(&format!("{from} -> innocent -> {to}"))),
            "{from} reaching {to} is found, not only: {found:?}"
        );
    }
}

#[test]
fn the_two_lowest_crates_get_none_of_ours_even_in_tests_save_themselves() {
    for (from, to, allowed) in [
        ("session-state", "session-state", true),
        ("session-state", "suspend-resume", false),
        ("session-storage", "session-storage", true),
        ("session-storage", "session-state", false),
        ("session-manager", "job-units", true),
        ("xtask", "session-state", false),
    ] {
        let mut planted = workspace(&[(from, &[])]);
        if from != to {
            planted.members.extend(workspace(&[(to, &[])]).members);
        }
        planted.members[0].test_dependencies.push(to.to_owned());
        assert_eq!(
            check(&planted).is_empty(),
            allowed,
            "tests of {from} using {to}"
        );
    }
}

#[test]
fn an_unknown_package_is_found() {
    let planted = workspace(&[("session-extras", &[])]);
    assert_eq!(
        check(&planted),
        [Violation::UnknownMember {
            name: "session-extras".to_owned()
        }]
    );
}

#[test]
fn manifest_faults_become_violations() {
    let mut planted = workspace(&[("session-cli", &[])]);
    planted.members[0].manifest_faults =
        faults("[package]\nname = \"session-cli\"\n[dependencies]\nserde = \"1\"\n");
    let found = complaints(&planted);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("[lints]"), "{found:?}");
    assert!(
        found[1].contains("serde must come from [workspace.dependencies]"),
        "{found:?}"
    );
}

#[test]
fn manifests_are_read_in_every_spelling() {
    let own = |name: &str| ManifestFault::OwnDependency(name.to_owned());
    let lints = "[lints]\nworkspace = true\n";
    let cases: &[(&str, Vec<ManifestFault>)] = &[
        (
            "[dependencies]\na.workspace = true\nb = { workspace = true, features = [\"x\"] }\n",
            vec![],
        ),
        (
            "[dependencies]\na = { workspace = true, features = [\n  \"x\",\n] }\nb = \"1\"\n",
            vec![own("b")],
        ),
        (
            "[dev-dependencies]\nitself = { path = \".\", features = [\"simulation\"] }\n",
            vec![],
        ),
        (
            "[dev-dependencies]\nother = { path = \"../other\" }\n",
            vec![own("other")],
        ),
        ("[build-dependencies]\ncc = \"1\"\n", vec![own("cc")]),
        (
            "[target.'cfg(unix)'.dependencies]\nnix = { version = \"1\" }\n",
            vec![own("nix")],
        ),
        (
            "[dependencies.serde]\nversion = \"1\"\n[features]\nx = []\n",
            vec![own("serde")],
        ),
        ("[dependencies.serde]\nworkspace = true\n", vec![]),
        ("[workspace.dependencies]\nserde = \"1\"\n", vec![]),
        ("[package]\nversion = \"1\"\n# [dependencies]\n", vec![]),
    ];
    for (text, expected) in cases {
        assert_eq!(faults(&format!("{lints}{text}")), *expected, "{text}");
        let mut without_lints = vec![ManifestFault::LintsNotInherited];
        without_lints.extend(expected.iter().cloned());
        assert_eq!(faults(text), without_lints, "{text}");
    }
    assert_eq!(
        faults("[lints]\nworkspace = false\n"),
        [ManifestFault::LintsNotInherited]
    );
}

#[test]
fn the_way_to_a_package_is_read_from_a_tree() {
    let tree = "0top v0.1.0 (somewhere)\n1left v1.0.0\n2deep v2.0.0\n1right v1.0.0\n2deep v2.0.0 (*)\n2other v0.1.0\n\n";
    let way = |names: &[&str]| {
        names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>()
    };
    let expected = BTreeMap::from([
        ("left".to_owned(), way(&["top", "left"])),
        ("deep".to_owned(), way(&["top", "left", "deep"])),
        ("right".to_owned(), way(&["top", "right"])),
        ("other".to_owned(), way(&["top", "right", "other"])),
    ]);
    assert_eq!(reach(tree), expected);
}
