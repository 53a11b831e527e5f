//! The lines of a test plan: patterns with overrides, and `apply VALUE to PATTERN`.

use session_state::record::is_space;

use super::error::LineFault;

/// A pattern and what is written behind it, `FIELD=VALUE`.
pub(super) type Line = (String, Vec<(String, String)>);

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Comma,
    Equals,
    /// A quoted word that is not closed.
    Broken,
}

/// Reads `PATTERN [FIELD=VALUE [, FIELD=VALUE]...]`; `None` for a line without content.
pub(super) fn inclusion(line: &str) -> Result<Option<Line>, LineFault> {
    let tokens = tokens(line);
    let mut tokens = tokens.into_iter().peekable();
    let pattern = match tokens.next() {
        None => return Ok(None),
        Some(Token::Word(pattern)) => pattern.to_owned(),
        Some(Token::Comma | Token::Equals | Token::Broken) => {
            return Err(expected("a pattern"));
        }
    };
    let mut overrides = Vec::new();
    while tokens.peek().is_some() {
        if !overrides.is_empty() {
            take(tokens.next(), Token::Comma, "`,` between overrides")?;
        }
        let field = word(
            tokens.next(),
            "the field of an override, as in `id category-id=audio`",
        )?;
        take(
            tokens.next(),
            Token::Equals,
            "`=` behind the field of an override",
        )?;
        let value = word(tokens.next(), "the value of an override")?;
        overrides.push((field, value));
    }
    Ok(Some((pattern, overrides)))
}

/// Reads `apply VALUE to PATTERN`; `None` for a line without content.
pub(super) fn application(line: &str) -> Result<Option<(String, String)>, LineFault> {
    let mut tokens = tokens(line).into_iter();
    let Some(first) = tokens.next() else {
        return Ok(None);
    };
    take(
        Some(first),
        Token::Word("apply"),
        "`apply VALUE to PATTERN`",
    )?;
    let value = word(tokens.next(), "a value behind `apply`")?;
    take(tokens.next(), Token::Word("to"), "`to` behind the value")?;
    let pattern = word(tokens.next(), "a pattern behind `to`")?;
    match tokens.next() {
        None => Ok(Some((value, pattern))),
        Some(_) => Err(expected("the end of the line behind the pattern")),
    }
}

fn word(token: Option<Token<'_>>, what: &'static str) -> Result<String, LineFault> {
    match token {
        Some(Token::Word(word)) => Ok(word.to_owned()),
        Some(Token::Comma | Token::Equals | Token::Broken) | None => Err(expected(what)),
    }
}

fn take(token: Option<Token<'_>>, wanted: Token<'_>, what: &'static str) -> Result<(), LineFault> {
    (token == Some(wanted))
        .then_some(())
        .ok_or_else(|| expected(what))
}

fn expected(what: &'static str) -> LineFault {
    LineFault::Expected { what }
}

fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = line.trim_start_matches(is_space);
    while let Some(c) = rest.chars().next() {
        let (token, after) = match c {
            '#' => break,
            ',' => (Token::Comma, rest.get(1..)),
            '=' => (Token::Equals, rest.get(1..)),
            '"' => match rest.get(1..).and_then(|quoted| quoted.split_once('"')) {
                Some((word, after)) => (Token::Word(word), Some(after)),
                None => (Token::Broken, None),
            },
            _ => {
                let ends = |c: char| is_space(c) || matches!(c, '#' | ',' | '=');
                let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
                (Token::Word(word), Some(after))
            }
        };
        tokens.push(token);
        rest = after.unwrap_or_default().trim_start_matches(is_space);
    }
    tokens
}
