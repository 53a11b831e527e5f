//! Rules for every text file: no path of one machine, no host of a package registry, no loose ends.

use super::finding::Finding;
use super::tree::Tree;

/// What must not stand in any text file, and why. Put together here so that this file does not contain them.
const BANNED: &[(&str, &str)] = &[
    (concat!("/wo", "rk/"), "a path of one machine"),
    (concat!("/ro", "ot/"), "a path of one machine"),
    (concat!("/tmp/con", "tract"), "a path of one machine"),
    (concat!("crates", ".io"), "a host of a package registry"),
    (concat!("pypi", ".org"), "a host of a package registry"),
    (concat!("npmjs", ".com"), "a host of a package registry"),
    (
        concat!("proxy.golang", ".org"),
        "a host of a package registry",
    ),
];

/// Files made by a tool that writes such names itself.
const MADE: &[&str] = &["Cargo.lock"];

/// Words that mark unfinished work in files that are not source code.
const LOOSE_ENDS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// Files to which the rule about loose ends applies beside the sources.
const PROSE: &[&str] = &[".md", ".toml", ".sh", ".yml", ".pxu", "/run"];

/// Findings about every text file.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in &tree.texts {
        if MADE.iter().any(|made| path.ends_with(made)) {
            continue;
        }
        let prose = PROSE.iter().any(|ending| path.ends_with(ending));
        for (index, line) in text.lines().enumerate() {
            for (banned, what) in BANNED {
                if line.contains(banned) {
                    findings.push(Finding::at(
                        path,
                        index + 1,
                        format!("names {what}: `{banned}`"),
                    ));
                }
            }
            for word in LOOSE_ENDS {
                if prose && outside_quotes(line).contains(word) {
                    findings.push(Finding::at(
                        path,
                        index + 1,
                        format!("`{word}` must not stay: do it now or open an issue"),
                    ));
                }
            }
            if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
                findings.push(Finding::at(path, index + 1, "a conflict is not resolved"));
            }
        }
    }
    findings.extend(test_command(tree));
    findings
}

/// The build machine runs the very command the README tells people to run.
fn test_command(tree: &Tree) -> Option<Finding> {
    let (run, readme) = (tree.texts.get(".ci/run")?, tree.texts.get("README.md")?);
    let is_test =
        |line: &&str| line.starts_with("cargo test ") || line.starts_with("cargo nextest run ");
    let mut commands = run.lines().filter(is_test);
    match (commands.next(), commands.next()) {
        (Some(command), None) if readme.contains(command) => None,
        (Some(command), None) => Some(Finding::whole(
            ".ci/run",
            format!("runs `{command}`, which is not the test command of README.md"),
        )),
        _ => Some(Finding::whole(
            ".ci/run",
            "must run the test command of README.md exactly once",
        )),
    }
}

/// A line without what stands between backticks: naming a word is not using it.
fn outside_quotes(line: &str) -> String {
    line.split('`').step_by(2).collect()
}
