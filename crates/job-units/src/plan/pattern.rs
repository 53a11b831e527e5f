//! Which jobs a line of a test plan means.

use regex::Regex;
use regex_syntax::ast::Ast;
use regex_syntax::ast::parse::Parser;
use session_state::JobDefinition;
use thiserror::Error;

/// A pattern that is no regular expression we know.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "'{pattern}' is not a pattern ({reason}): expected an id or a regular expression without look-around"
)]
pub struct PatternError {
    /// The pattern as it is written.
    pub pattern: Box<str>,
    /// What is wrong with it.
    pub reason: Box<str>,
}

/// A job, or all jobs whose ids a regular expression fits from end to end.
///
/// A text without any operator is an id; a dot is an operator, so an id with one is a pattern in which the
/// dot stands for any character.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: Box<str>,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Id,
    Regex(Regex),
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.is_id() == other.is_id()
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// A pattern for the ids of jobs. A text without `::` is about ids of the namespace. `^` before it and `$`
    /// behind it say nothing new.
    ///
    /// # Errors
    ///
    /// The text is no regular expression.
    pub fn new(text: &str, namespace: Option<&str>) -> Result<Self, PatternError> {
        if is_literal(text)? {
            return Self::of_id(text, namespace);
        }
        let plain = text.strip_prefix('^').unwrap_or(text);
        let plain = plain.strip_suffix('$').unwrap_or(plain);
        Self::regex(text, &qualified(plain, namespace))
    }

    /// An id, whatever operators a pattern would have there.
    pub(super) fn of_id(text: &str, namespace: Option<&str>) -> Result<Self, PatternError> {
        let text = qualified(text, namespace).into();
        let kind = Kind::Id;
        Ok(Self { text, kind })
    }

    /// The pattern of an override, which is a regular expression even without operators. A `^` or `$` of its
    /// own makes it fit nothing.
    pub(super) fn of_override(text: &str, namespace: Option<&str>) -> Result<Self, PatternError> {
        Self::regex(text, &qualified(text, namespace))
    }

    fn regex(written: &str, qualified: &str) -> Result<Self, PatternError> {
        let text = format!("^{qualified}$");
        // As the original: looked for at the start only, with anchors that bind to the alternatives they
        // stand at.
        let regex = Regex::new(&format!("\\A(?:{})", with_plain_braces(&text)));
        let regex = regex.map_err(|error| wrong(written, &error))?;
        Ok(Self {
            text: text.into(),
            kind: Kind::Regex(regex),
        })
    }

    /// The text: an id, or the regular expression with its anchors.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is the id of one job, or of the template of several.
    pub fn is_id(&self) -> bool {
        matches!(self.kind, Kind::Id)
    }

    /// Whether it fits an id.
    pub fn fits(&self, id: &str) -> bool {
        match &self.kind {
            Kind::Id => *self.text == *id,
            Kind::Regex(regex) => regex.is_match(id),
        }
    }

    /// Whether it fits a job: its id, or that of the template it was made from.
    pub fn fits_job(&self, job: &JobDefinition) -> bool {
        self.fits(job.id().as_str()) || job.template_id().is_some_and(|id| self.fits(&id))
    }
}

fn qualified(text: &str, namespace: Option<&str>) -> String {
    match namespace {
        Some(namespace) if !text.contains("::") => format!("{namespace}::{text}"),
        Some(_) | None => text.to_owned(),
    }
}

/// Whether a regular expression has no operators.
fn is_literal(text: &str) -> Result<bool, PatternError> {
    let parsed = Parser::new().parse(&with_plain_braces(text));
    let ast = parsed.map_err(|error| wrong(text, error.kind()))?;
    Ok(match &ast {
        Ast::Empty(_) | Ast::Literal(_) => true,
        Ast::Concat(parts) => parts
            .asts
            .iter()
            .all(|part| matches!(part, Ast::Literal(_))),
        Ast::Flags(_)
        | Ast::Dot(_)
        | Ast::Assertion(_)
        | Ast::ClassUnicode(_)
        | Ast::ClassPerl(_)
        | Ast::ClassBracketed(_)
        | Ast::Repetition(_)
        | Ast::Group(_)
        | Ast::Alternation(_) => false,
    })
}

/// A brace that begins no count stands for itself, as in the expressions of Python.
fn with_plain_braces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}', '\\']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let length = match from.strip_prefix('{') {
            Some(inside) => match inside.split_once('}') {
                Some((count, _)) if is_count(count) => count.len() + 2,
                Some(_) | None => {
                    out.push('\\');
                    1
                }
            },
            None if from.starts_with('\\') => 1 + from.chars().nth(1).map_or(0, char::len_utf8),
            None => {
                out.push('\\');
                1
            }
        };
        let (taken, after) = from.split_at(length);
        out.push_str(taken);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn is_count(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(',') {
        Some((least, most)) => digits(least) && digits(most) && text.len() > 1,
        None => digits(text) && !text.is_empty(),
    }
}

fn wrong(pattern: &str, reason: &dyn std::fmt::Display) -> PatternError {
    let reason = reason.to_string();
    let last = reason.lines().last().unwrap_or_default();
    PatternError {
        pattern: pattern.into(),
        reason: last.strip_prefix("error: ").unwrap_or(last).into(),
    }
}
