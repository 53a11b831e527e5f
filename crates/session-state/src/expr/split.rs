//! Cutting an expression without parentheses at its `and`s and `or`s.
//!
//! Each side is an expression of its own, so different records may satisfy the sides; jobs rely on
//! it. The cut is made in the text, at the last ` or `, else at the last ` and `, but never inside a
//! text in quotes.

use std::ops::Range;

/// The sides: lists of those joined by `and`, themselves joined by `or`. `None` when there is nothing
/// to cut.
pub(super) fn split(text: &str, literals: &[(usize, usize)]) -> Option<Vec<Vec<Range<usize>>>> {
    if text.contains('(') {
        return None;
    }
    let sides: Vec<Vec<_>> = cut(text, 0..text.len(), " or ", literals)
        .into_iter()
        .map(|side| cut(text, side, " and ", literals))
        .collect();
    let uncut = matches!(&sides[..], [side] if side.len() == 1);
    (!uncut).then_some(sides)
}

/// Cuts at every `word`, from the last to the first, and trims the sides.
fn cut(
    text: &str,
    whole: Range<usize>,
    word: &str,
    literals: &[(usize, usize)],
) -> Vec<Range<usize>> {
    let mut sides = Vec::new();
    let mut left = whole;
    while let Some(at) = last_outside(text, &left, word, literals) {
        sides.push(trimmed(text, at + word.len()..left.end));
        left = trimmed(text, left.start..at);
    }
    sides.push(left);
    sides.reverse();
    sides
}

fn last_outside(
    text: &str,
    range: &Range<usize>,
    word: &str,
    literals: &[(usize, usize)],
) -> Option<usize> {
    let mut end = range.end;
    loop {
        let at = range.start + text.get(range.start..end)?.rfind(word)?;
        // The blanks of the word may touch a quote, but not lie behind it.
        let next = literals.partition_point(|(_, stop)| *stop <= at);
        match literals.get(next) {
            Some((start, _)) if *start < at + word.len() => end = at + word.len() - 1,
            Some(_) | None => return Some(at),
        }
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let space = crate::record::is_space;
    let lead = part.len() - part.trim_start_matches(space).len();
    let kept = part.trim_matches(space).len();
    range.start + lead..range.start + lead + kept
}
