//! All rules together.

use super::finding::Finding;
use super::tree::Tree;
use super::{citations, markdown, modules, promises, rust, text};

/// Every finding in a tree, in order of path and line.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = rust::check(tree);
    findings.extend(modules::check(tree));
    findings.extend(text::check(tree));
    findings.extend(markdown::check(tree));
    findings.extend(promises::check(tree));
    findings.extend(citations::check(tree));
    findings.sort();
    findings
}
