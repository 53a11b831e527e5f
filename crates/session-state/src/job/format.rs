//! The texts of template instances: `{name}` stands for a parameter, `{{` and `}}` for braces.

use std::borrow::Cow;

use super::definition::Parameters;
use super::json;
use super::renderings::EngineError;
use crate::field::FieldValue;

/// A text of a template instance that cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The text names a parameter which the template instance does not have.
    #[error("parameter '{name}' is missing")]
    MissingParameter {
        /// The name in the text.
        name: String,
    },
    /// A brace stands alone.
    #[error("single '{brace}' in a template text")]
    SingleBrace {
        /// Which brace.
        brace: char,
    },
    /// The part after the name is not one we know.
    #[error("unsupported conversion or format '{text}' in a template text")]
    Unsupported {
        /// The whole text between the braces.
        text: String,
    },
    /// The engine of the template says so.
    #[error("cannot fill in a template text")]
    Engine(#[from] EngineError),
}

/// Fills in the parameters.
pub(super) fn format_text<'a>(
    text: &'a str,
    parameters: &Parameters,
) -> Result<Cow<'a, str>, FormatError> {
    format_with(text, |name, full| match parameters.get(name) {
        Some(value) => Ok(parameter_text(value)),
        None if name.contains(['.', '[']) => Err(FormatError::Unsupported {
            text: full.to_owned(),
        }),
        None => Err(FormatError::MissingParameter {
            name: name.to_owned(),
        }),
    })
}

/// Fills in the parameters; one that is not there becomes `MISSING_PARAM_<index>`, and a text that cannot
/// be understood stays as it is.
pub(super) fn format_leniently<'a>(text: &'a str, parameters: &Parameters) -> Cow<'a, str> {
    let index = parameters
        .get("__index__")
        .map_or_else(String::new, parameter_text);
    format_with(text, |name, _| {
        Ok(parameters
            .get(name)
            .map_or_else(|| format!("MISSING_PARAM_{index}"), parameter_text))
    })
    .unwrap_or(Cow::Borrowed(text))
}

fn format_with<'a>(
    text: &'a str,
    lookup: impl Fn(&str, &str) -> Result<String, FormatError>,
) -> Result<Cow<'a, str>, FormatError> {
    if !text.contains(['{', '}']) {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = from.strip_prefix("{{") {
            out.push('{');
            rest = after;
        } else if let Some(after) = from.strip_prefix("}}") {
            out.push('}');
            rest = after;
        } else if let Some(inside) = from.strip_prefix('{') {
            let Some((field, after)) = inside.split_once('}') else {
                return Err(FormatError::SingleBrace { brace: '{' });
            };
            out.push_str(&replacement(field, &lookup)?);
            rest = after;
        } else {
            return Err(FormatError::SingleBrace { brace: '}' });
        }
    }
    out.push_str(rest);
    Ok(Cow::Owned(out))
}

/// One replacement field: `NAME[!s][:[[FILL]ALIGN][WIDTH]]`.
fn replacement(
    field: &str,
    lookup: &impl Fn(&str, &str) -> Result<String, FormatError>,
) -> Result<String, FormatError> {
    let (head, spec) = field.split_once(':').unwrap_or((field, ""));
    let (name, conversion) = head.split_once('!').unwrap_or((head, "s"));
    let unsupported = || FormatError::Unsupported {
        text: field.to_owned(),
    };
    if conversion != "s" || field.contains('{') {
        return Err(unsupported());
    }
    let value = lookup(name, field)?;
    if spec.is_empty() {
        return Ok(value);
    }
    let mut chars = spec.chars();
    let (fill, align, width) = match (chars.next(), chars.next()) {
        (Some(fill), Some(align @ ('<' | '>' | '^'))) => (fill, align, chars.as_str()),
        (Some(align @ ('<' | '>' | '^')), _) => (' ', align, spec.get(1..).unwrap_or("")),
        _ => (' ', '<', spec),
    };
    let width = width.strip_suffix('s').unwrap_or(width);
    let width: u16 = if width.is_empty() {
        0
    } else {
        width.parse().map_err(|_| unsupported())?
    };
    let padding = usize::from(width).saturating_sub(value.chars().count());
    let left = match align {
        '<' => 0,
        '^' => padding / 2,
        _ => padding,
    };
    let pad = |count: usize| std::iter::repeat_n(fill, count);
    Ok(pad(left)
        .chain(value.chars())
        .chain(pad(padding - left))
        .collect())
}

fn parameter_text(value: &FieldValue) -> String {
    match value {
        FieldValue::Null => "None".to_owned(),
        FieldValue::Bool(true) => "True".to_owned(),
        FieldValue::Bool(false) => "False".to_owned(),
        FieldValue::Int(value) => value.to_string(),
        FieldValue::Float(value) => json::float_text(*value),
        FieldValue::BigInt(text) | FieldValue::Text(text) => text.to_string(),
        FieldValue::List(_) | FieldValue::Map(_) => {
            let mut text = String::new();
            json::write_value(&mut text, value.into());
            text
        }
    }
}
