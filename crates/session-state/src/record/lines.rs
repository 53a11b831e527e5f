//! The two ways a text is cut into lines.

use std::borrow::Cow;

/// How a text becomes lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineRule {
    /// As a stream: LF, CR LF and CR end a line, each standing as LF.
    Stream,
    /// As a text: LF, CR LF, CR, VT, FF, U+001C to U+001E, U+0085, U+2028 and U+2029 end a line and stand as they are.
    Text,
    /// As a unit file: read by the first rule, then cut by the second.
    File,
}

/// The text with CR LF and CR turned into LF.
pub fn universal_newlines(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('\r');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        out.push('\n');
        out.push_str(piece.strip_prefix('\n').unwrap_or(piece));
    }
    Cow::Owned(out)
}

/// Cuts a text into lines by the rule of [`LineRule::Text`]; each line keeps its end.
pub fn text_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = match rest.char_indices().find(|&(_, c)| is_line_end(c)) {
            Some((at, '\r'))
                if rest
                    .get(at + 1..)
                    .is_some_and(|next| next.starts_with('\n')) =>
            {
                at + 2
            }
            Some((at, c)) => at + c.len_utf8(),
            None => rest.len(),
        };
        let (line, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = after;
        Some(line)
    })
}

fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}
