//! No source file is left outside the build: each is a root of a target or declared as a module.
//!
//! cargo does not complain about a file that nothing declares; its tests then never run.

use super::finding::Finding;
use super::tree::Tree;

/// Findings about source files that nothing declares.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let undeclared = tree
        .ending(".rs")
        .filter(|(path, _)| !is_root(path) && !is_declared(path, tree));
    undeclared
        .map(|(path, _)| {
            Finding::whole(
                path,
                "is not declared by any module, so it is never compiled",
            )
        })
        .collect()
}

/// Whether cargo finds the file by itself as the root of a library, program, test, benchmark or example.
fn is_root(path: &str) -> bool {
    let segments: Vec<&str> = path.split('/').collect();
    matches!(
        segments.as_slice(),
        [.., "src", "lib.rs" | "main.rs"]
            | [.., "build.rs"]
            | [.., "src", "bin", _]
            | [.., "src", "bin", _, "main.rs"]
            | [.., "tests", _, "main.rs"]
            | [.., "fuzz_targets", _]
            | [.., "benches", "benches", _]
            | ["crates", _, "tests" | "benches" | "examples", _]
    )
}

/// Whether a file that may declare it does so.
fn is_declared(path: &str, tree: &Tree) -> bool {
    let Some((folder, file)) = path.rsplit_once('/') else {
        return false;
    };
    let stem = file.trim_end_matches(".rs");
    // `a/b/mod.rs` is the module b of folder a; `a/b/c.rs` the module c of folder a/b, whose own file may be a/b.rs.
    let (name, home) = match (stem, folder.rsplit_once('/')) {
        ("mod", Some((above, name))) => (name, above),
        ("mod", None) => return false,
        _ => (stem, folder),
    };
    let beside_home = format!("{home}.rs");
    let parents = tree.ending(".rs").filter(|(parent, _)| {
        let in_home = parent
            .rsplit_once('/')
            .is_some_and(|(folder, _)| folder == home);
        *parent != path && (in_home || *parent == beside_home)
    });
    let mut texts = parents.map(|(_, text)| text);
    texts.any(|text| declares(text, name) || text.contains(&format!("{file}\"]")))
}

fn declares(text: &str, name: &str) -> bool {
    let declaration = format!("mod {name};");
    text.lines().map(str::trim).any(|line| {
        !line.starts_with("//")
            && line
                .strip_suffix(&declaration)
                .is_some_and(|before| before.is_empty() || before.ends_with([' ', ']']))
    })
}
