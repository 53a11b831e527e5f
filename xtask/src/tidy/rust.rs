//! Rules for source files: header, length, words that must not stay, where tests live.

use super::finding::Finding;
use super::tree::Tree;

/// Lines a source file may have.
pub(crate) const LINES_MAX: usize = 600;

/// Files that may be longer, each with the reason.
const LONGER: &[(&str, &str)] = &[];

/// What must not stand in a source file, and what to do instead.
///
/// The words are put together here so that this file does not contain them.
const BANNED: &[(&str, &str)] = &[
    (concat!("TO", "DO"), "do it now or open an issue"),
    (concat!("FIX", "ME"), "fix it now or open an issue"),
    (concat!("XX", "X:"), "fix it now or open an issue"),
    (concat!("to", "do!("), "write the code"),
    (concat!("unimpl", "emented!("), "write the code"),
    (concat!("db", "g!("), "remove the trace"),
    (
        concat!("#[all", "ow("),
        "use #[expect(lint, reason = \"...\")]",
    ),
    (
        concat!("#![all", "ow("),
        "use #[expect(lint, reason = \"...\")]",
    ),
    (
        concat!("#[ign", "ore"),
        "a test that does not run proves nothing: make it fast or move it behind a command",
    ),
    (
        concat!("mod tests", " {"),
        "tests live in tests.rs beside the module",
    ),
];

/// What must not stand in tests either.
const BANNED_IN_TESTS: &[(&str, &str)] = &[(
    concat!("thread::sl", "eep("),
    "wait for the thing itself, not for time to pass",
)];

/// Files in which one banned word is allowed, each with the reason.
const ALLOWED: &[(&str, &str, &str)] = &[];

/// Findings about every source file.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    check_with(tree, LONGER, ALLOWED)
}

/// The same with other exceptions; an exception that is not needed any more is a finding too.
pub(crate) fn check_with(
    tree: &Tree,
    longer: &[(&str, &str)],
    allowed: &[(&str, &str, &str)],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(".rs") {
        header(path, text, &mut findings);
        length(path, text, longer, &mut findings);
        words(path, text, allowed, &mut findings);
    }
    for (path, _) in longer {
        if tree
            .texts
            .get(*path)
            .is_none_or(|text| text.lines().count() <= LINES_MAX)
        {
            findings.push(Finding::whole(
                path,
                "needs no exception for its length any more",
            ));
        }
    }
    for (path, word, _) in allowed {
        if tree
            .texts
            .get(*path)
            .is_none_or(|text| !text.contains(word))
        {
            findings.push(Finding::whole(
                path,
                format!("needs no exception for `{word}` any more"),
            ));
        }
    }
    findings
}

/// Source files with their line counts, longest first.
pub(crate) fn lengths(tree: &Tree) -> Vec<(usize, &str)> {
    let mut counts: Vec<_> = tree
        .ending(".rs")
        .map(|(path, text)| (text.lines().count(), path))
        .collect();
    counts.sort_by(|one, other| other.cmp(one));
    counts
}

fn header(path: &str, text: &str, findings: &mut Vec<Finding>) {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    if !first.starts_with("//!") || first.trim_start_matches("//!").trim().is_empty() {
        findings.push(Finding::at(
            path,
            1,
            "must open with `//!` and say what lives here",
        ));
    }
}

fn length(path: &str, text: &str, longer: &[(&str, &str)], findings: &mut Vec<Finding>) {
    let lines = text.lines().count();
    if lines > LINES_MAX && !longer.iter().any(|(allowed, _)| *allowed == path) {
        findings.push(Finding::whole(
            path,
            format!("has {lines} lines; at most {LINES_MAX}: find the second subject in it"),
        ));
    }
}

fn words(path: &str, text: &str, allowed: &[(&str, &str, &str)], findings: &mut Vec<Finding>) {
    let is_test =
        path.ends_with("/tests.rs") || path.contains("/tests/") || path.starts_with("tests/");
    let in_tests = if is_test { BANNED_IN_TESTS } else { &[] };
    for (index, line) in text.lines().enumerate() {
        for (word, instead) in BANNED.iter().chain(in_tests) {
            let excepted = allowed
                .iter()
                .any(|(file, banned, _)| *file == path && banned == word);
            if contains_word(line, word) && !excepted {
                findings.push(Finding::at(
                    path,
                    index + 1,
                    format!("`{word}` must not stay: {instead}"),
                ));
            }
        }
    }
}

/// Whether `word` stands in `line` and does not go on from, or into, a longer name.
fn contains_word(line: &str, word: &str) -> bool {
    let named = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        let open_start = !word.starts_with(named) || !before.is_some_and(named);
        let open_end = !word.ends_with(named) || word.starts_with('#') || !after.is_some_and(named);
        open_start && open_end
    })
}
