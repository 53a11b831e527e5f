//! Every test that a document calls the proof of a promise exists.
//!
//! A document says `proven by` and then names tests between backticks, separated by commas, `and` or semicolons:
//! in a sentence, or in the column of a table under that heading. A name is a test function, with or without its
//! modules before it, or a command that starts with `cargo`.

use super::finding::Finding;
use super::markdown::prose;
use super::tree::Tree;

/// The words after which proofs are named.
const MARK: &str = "proven by";

/// Findings about promises whose proof does not exist.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let tests = tests(tree);
    let mut findings = Vec::new();
    for (path, text) in tree.ending(".md") {
        for claim in claims(text) {
            if claim.names.is_empty() {
                findings.push(Finding::at(
                    path,
                    claim.line,
                    "says `proven by` and names no test after it",
                ));
            }
            for name in claim.names {
                let function = name.rsplit("::").next().unwrap_or(&name);
                if !name.starts_with("cargo ") && !tests.iter().any(|test| test == function) {
                    findings.push(Finding::at(
                        path,
                        claim.line,
                        format!("says `proven by` `{name}`, but no such test exists"),
                    ));
                }
            }
        }
    }
    findings
}

/// One place where a document names proofs.
struct Claim {
    line: usize,
    names: Vec<String>,
}

fn claims(text: &str) -> Vec<Claim> {
    let lines: Vec<(usize, &str)> = prose(text).collect();
    let mut found = Vec::new();
    let mut column: Option<usize> = None;
    for (index, &(line, content)) in lines.iter().enumerate() {
        if content.trim_start().starts_with('|') {
            let cells = cells(content);
            match column {
                Some(column) => {
                    let cell = cells.get(column).copied().unwrap_or_default();
                    if !is_rule(content) {
                        found.push(Claim {
                            line,
                            names: quoted(cell),
                        });
                    }
                }
                None => {
                    column = cells
                        .iter()
                        .position(|cell| cell.trim().eq_ignore_ascii_case(MARK));
                }
            }
            if column.is_some() {
                continue;
            }
        } else {
            column = None;
        }
        let following = lines
            .iter()
            .skip(index + 1)
            .take_while(|(_, next)| !next.trim().is_empty());
        let rest: Vec<&str> = following.map(|(_, next)| *next).collect();
        for (start, _) in plain(content).match_indices(MARK) {
            let after = content.get(start + MARK.len()..).unwrap_or_default();
            found.push(Claim {
                line,
                names: named(&format!("{after} {}", rest.join(" "))),
            });
        }
    }
    found
}

/// The line in lower case with everything between backticks blanked, of the same length.
fn plain(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let parts = lower.split('`').enumerate();
    let blanked = parts.map(|(index, part)| {
        if index % 2 == 0 {
            part.to_owned()
        } else {
            " ".repeat(part.len())
        }
    });
    blanked.collect::<Vec<_>>().join("`")
}

/// The names between backticks at the start of a text, as long as only separators stand between them.
fn named(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let separators = [
            "",
            ":",
            ",",
            "and",
            ", and",
            ";",
            "/",
            "the test",
            "the tests",
            ": the tests",
            "both",
        ];
        if !separators.contains(&before.trim()) {
            break;
        }
        let Some((name, after)) = after.split_once('`') else {
            break;
        };
        names.push(name.to_owned());
        rest = after;
    }
    names
}

/// Everything between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn cells(row: &str) -> Vec<&str> {
    row.trim().trim_matches('|').split('|').collect()
}

fn is_rule(row: &str) -> bool {
    row.chars()
        .all(|character| matches!(character, '|' | '-' | ':' | ' '))
}

/// The names of all test functions in the sources: functions marked as tests, and the entries `name: …,` of
/// tables in files whose macros make tests of them.
fn tests(tree: &Tree) -> Vec<String> {
    let mut names = Vec::new();
    for (_, text) in tree.ending(".rs") {
        let has_tables = text.contains("$(#[test]");
        let mut marked = false;
        for line in text.lines().map(str::trim) {
            let function = line
                .strip_prefix("fn ")
                .or_else(|| line.strip_prefix("pub fn "));
            if line == "#[test]" {
                marked = true;
            } else if let Some(rest) = function {
                if std::mem::take(&mut marked) {
                    names.push(identifier(rest));
                }
            } else if has_tables && line.ends_with(',') {
                let name = identifier(line);
                if line
                    .strip_prefix(&name)
                    .is_some_and(|rest| rest.starts_with(": "))
                {
                    names.push(name);
                }
            }
        }
    }
    names
}

fn identifier(text: &str) -> String {
    text.chars()
        .take_while(|&character| character.is_alphanumeric() || character == '_')
        .collect()
}
