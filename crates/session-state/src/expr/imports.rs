//! Import lines: another name for a resource of another namespace.

use thiserror::Error;

use crate::id::JobId;
use crate::record::{is_space, quoted, text_lines};

/// A resource and the name it goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The full id of the resource.
    pub id: JobId,
    /// The name expressions use.
    pub alias: Box<str>,
}

/// Why a line is not an import.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unable to parse imports statement {}: {what}", quoted(.line))]
pub struct ImportError {
    /// The line.
    pub line: Box<str>,
    /// What was expected.
    pub what: &'static str,
}

/// Reads the field `imports`: every line is an import line; an empty text has none.
pub fn parse_imports(text: &str) -> Result<Vec<Import>, ImportError> {
    text_lines(text)
        .map(|line| parse_import(without_end(line)))
        .collect()
}

/// Reads one line `from NAMESPACE import ID [as ALIAS]`, its words separated by white space.
pub fn parse_import(line: &str) -> Result<Import, ImportError> {
    let fail = |what| {
        Err(ImportError {
            line: line.into(),
            what,
        })
    };
    let words: Vec<&str> = line
        .split(is_space)
        .filter(|word| !word.is_empty())
        .collect();
    let (from, namespace, import, id, renamed) = match words[..] {
        [from, namespace, import, id] => (from, namespace, import, id, None),
        [from, namespace, import, id, as_, alias] => {
            (from, namespace, import, id, Some((as_, alias)))
        }
        _ => return fail("expected exactly four or six tokens"),
    };
    if from != "from" {
        return fail("expected 'from' keyword");
    }
    if namespace.contains("::") {
        return fail("expected a namespace, not fully qualified job identifier");
    }
    if import != "import" {
        return fail("expected 'import' keyword");
    }
    if id.contains("::") {
        return fail("expected a partial job identifier, not a fully qualified one");
    }
    let alias = match renamed {
        None => id,
        Some(("as", alias)) => alias,
        Some(_) => return fail("expected 'as' keyword"),
    };
    Ok(Import {
        id: JobId::new(format!("{namespace}::{id}")),
        alias: alias.into(),
    })
}

fn without_end(line: &str) -> &str {
    let mut chars = line.char_indices().rev();
    let Some((at, last)) = chars.next() else {
        return line;
    };
    let at = match (last, chars.next()) {
        ('\n', Some((before, '\r'))) => before,
        ('\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}', _)
        | ('\u{2028}' | '\u{2029}', _) => at,
        _ => return line,
    };
    line.get(..at).unwrap_or(line)
}
