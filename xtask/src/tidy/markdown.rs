//! Rules for documents: one title each, and links that lead somewhere.

use super::finding::Finding;
use super::tree::Tree;

/// Findings about every document.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(".md") {
        title(path, text, &mut findings);
        for (line, target) in links(text) {
            if let Some(missing) = missing(path, &target, tree) {
                findings.push(Finding::at(
                    path,
                    line,
                    format!("links to {missing}, which does not exist"),
                ));
            }
        }
    }
    if tree
        .texts
        .get("CHANGELOG.md")
        .is_some_and(|text| !text.lines().any(|line| line == "## [Unreleased]"))
    {
        findings.push(Finding::whole(
            "CHANGELOG.md",
            "needs the heading `## [Unreleased]`",
        ));
    }
    findings
}

/// The lines of a document outside fenced code, counted from 1.
pub(crate) fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fence: Option<&str> = None;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| line.trim_start().starts_with(mark));
        match (fence, mark) {
            (None, None) => return Some((index + 1, line)),
            (None, Some(opened)) => fence = Some(opened),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (Some(_), _) => {}
        }
        None
    })
}

fn title(path: &str, text: &str, findings: &mut Vec<Finding>) {
    let titles = prose(text)
        .filter(|(_, line)| line.starts_with("# "))
        .count();
    if titles != 1 {
        findings.push(Finding::whole(
            path,
            format!("has {titles} titles (`# ...`); a document has exactly one"),
        ));
    }
}

/// The targets of the links in a document, each with its line.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        // What stands between backticks is code, not a link.
        let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("``");
        for (start, _) in plain.match_indices("](") {
            let target: String = plain[start + 2..]
                .chars()
                .take_while(|&character| character != ')' && character != ' ')
                .collect();
            found.push((number, target));
        }
        let reference = plain
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]: "));
        if let Some((_, target)) = reference {
            found.push((number, target.trim().to_owned()));
        }
    }
    found
}

/// The path a relative link means, if nothing is there.
fn missing(from: &str, target: &str, tree: &Tree) -> Option<String> {
    let file = target.split('#').next().unwrap_or_default();
    if file.is_empty() || target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let mut segments: Vec<&str> = from.split('/').collect();
    segments.pop();
    for segment in file.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                if segments.pop().is_none() {
                    return Some(format!("{file} outside the repository"));
                }
            }
            name => segments.push(name),
        }
    }
    let path = segments.join("/");
    (!path.is_empty() && !tree.paths.contains(&path)).then_some(path)
}
