//! The numbered invariants and the code that holds them name each other.
//!
//! A document numbers its invariants in the first column of its tables: a capital letter and a number. Code and tests
//! cite them by the word `invariant` or `invariants` and the numbers after it, separated by commas and `and`. Each
//! number is cited by at least one source and one test, and what is cited is there.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::markdown::prose;
use super::tree::Tree;

/// Documents that number invariants, and where the code lies that holds them.
const NUMBERED: &[(&str, &str)] = &[("docs/invariants.md", "crates/session-storage/src/")];

/// Findings about invariants nobody cites, and citations of none.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let documents = NUMBERED.iter();
    documents
        .filter_map(|(path, code)| Some((*path, tree.texts.get(*path)?, *code)))
        .flat_map(|(path, text, code)| check_document(tree, path, text, code))
        .collect()
}

/// Who cites an invariant.
#[derive(Default)]
struct Cited {
    line: usize,
    by_source: bool,
    by_test: bool,
}

fn check_document(tree: &Tree, document: &str, text: &str, code: &str) -> Vec<Finding> {
    let mut invariants: BTreeMap<String, Cited> = BTreeMap::new();
    let mut findings = Vec::new();
    for (line, content) in prose(text) {
        let Some(number) = numbered_row(content) else {
            continue;
        };
        let cited = Cited {
            line,
            ..Cited::default()
        };
        if invariants.insert(number.to_owned(), cited).is_some() {
            findings.push(Finding::at(
                document,
                line,
                format!("numbers a second invariant {number}"),
            ));
        }
    }
    let sources = tree
        .ending(".rs")
        .filter(|(path, _)| path.starts_with(code));
    for (path, text) in sources {
        let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
        for (line, number) in citations(text) {
            match invariants.get_mut(number) {
                Some(cited) if is_test => cited.by_test = true,
                Some(cited) => cited.by_source = true,
                None => findings.push(Finding::at(
                    path,
                    line,
                    format!("cites the invariant {number}, which {document} does not have"),
                )),
            }
        }
    }
    for (number, cited) in invariants {
        for (is_cited, whom) in [(cited.by_source, "source"), (cited.by_test, "test")] {
            if !is_cited {
                findings.push(Finding::at(
                    document,
                    cited.line,
                    format!("no {whom} below {code} cites the invariant {number}"),
                ));
            }
        }
    }
    findings
}

/// The number that a row of a table begins with.
fn numbered_row(line: &str) -> Option<&str> {
    let first = line.trim().strip_prefix('|')?.split('|').next()?.trim();
    is_number(first).then_some(first)
}

fn is_number(word: &str) -> bool {
    let mut characters = word.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_uppercase())
        && !characters.as_str().is_empty()
        && characters.all(|character| character.is_ascii_digit())
}

/// The numbers cited in a source, with their lines. A list may go on in the next line of a comment.
fn citations(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut is_open = false;
    for (line, content) in (1..).zip(text.lines()) {
        let Some((_, comment)) = content.split_once("//") else {
            is_open = false;
            continue;
        };
        for word in comment.split_whitespace() {
            let bare = word.trim_matches(|character: char| !character.is_alphanumeric());
            if matches!(
                bare.to_ascii_lowercase().as_str(),
                "invariant" | "invariants"
            ) {
                is_open = true;
            } else if is_open && is_number(bare) {
                found.push((line, bare));
                is_open = word.ends_with(',') || word.ends_with(bare);
            } else if bare != "and" && !bare.is_empty() {
                is_open = false;
            }
        }
    }
    found
}
