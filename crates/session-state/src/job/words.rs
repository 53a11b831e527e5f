//! The little language of `depends`, `after`, `before`, `salvages` and other lists of ids: words, quoted
//! words, commas, comments.

use crate::record::quoted;

/// White space as unit files know it: Unicode's, and the four separators U+001C to U+001F.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// The words of a text, in their order, without what is wrong with it.
///
/// Words are runs of characters other than white space, `#`, `,` and `=`; a word in `"` may hold any of
/// these (there are no escapes). `#` begins a comment that ends with the line, commas separate and may
/// repeat, a `=` is skipped. A quoted word that is not closed is no word and ends the list, as does a NUL.
pub fn words(text: &str) -> Words<'_> {
    Words {
        entries: word_entries(text),
    }
}

/// The words of a text, and in their place what is wrong with it: each `=`, and a quoted word that is not
/// closed.
pub fn word_entries(text: &str) -> WordEntries<'_> {
    let end = text.find('\0').unwrap_or(text.len());
    WordEntries {
        rest: text.get(..end).unwrap_or(text),
    }
}

/// The iterator of [`words`].
#[derive(Clone, Debug)]
pub struct Words<'a> {
    entries: WordEntries<'a>,
}

/// The iterator of [`word_entries`].
#[derive(Clone, Debug)]
pub struct WordEntries<'a> {
    rest: &'a str,
}

/// What is wrong with a list of words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordError<'a> {
    /// A character that means nothing here.
    #[error("Unexpected input: {}", quoted(.found))]
    Unexpected {
        /// The character.
        found: &'a str,
    },
    /// A quoted word that is not closed.
    #[error("Missing end of word: {}", quoted(.found))]
    Unclosed {
        /// The rest of the text, from the quote on.
        found: &'a str,
    },
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.entries.find_map(Result::ok)
    }
}

impl<'a> Iterator for WordEntries<'a> {
    type Item = Result<&'a str, WordError<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.rest = self.rest.get(gap(self.rest)..).unwrap_or_default();
            if let Some(comment) = self.rest.strip_prefix('#') {
                self.rest = comment.split_once('\n').map_or("", |(_, after)| after);
            } else if self.rest.starts_with('=') {
                let (found, after) = self.rest.split_at(1);
                self.rest = after;
                return Some(Err(WordError::Unexpected { found }));
            } else if let Some(quoted) = self.rest.strip_prefix('"') {
                let Some((word, after)) = quoted.split_once('"') else {
                    let found = std::mem::take(&mut self.rest);
                    return Some(Err(WordError::Unclosed { found }));
                };
                self.rest = after;
                return Some(Ok(word));
            } else if self.rest.is_empty() {
                return None;
            } else {
                let (word, after) = self.rest.split_at(word_length(self.rest));
                self.rest = after;
                return Some(Ok(word));
            }
        }
    }
}

/// How many bytes of white space and commas a text begins with. ASCII is told byte by byte, which is what
/// nearly all texts are.
fn gap(text: &str) -> usize {
    let plain = run(text.as_bytes(), Class::Gap);
    match text.as_bytes().get(plain) {
        Some(byte) if !byte.is_ascii() => {
            text.len() - text.trim_start_matches(|c| is_space(c) || c == ',').len()
        }
        Some(_) | None => plain,
    }
}

/// How many bytes the word has that a text begins with.
fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (groups, _) = bytes.as_chunks::<8>();
    let whole = groups.iter().take_while(|group| is_within_word(**group));
    let start = whole.count() * 8;
    let rest = bytes.get(start..).unwrap_or_default();
    let plain = start + run(rest, Class::Word);
    match text.as_bytes().get(plain) {
        Some(byte) if !byte.is_ascii() => text
            .find(|c| is_space(c) || matches!(c, '#' | ',' | '='))
            .unwrap_or(text.len()),
        Some(_) | None => plain,
    }
}

/// Whether these eight bytes are ASCII from `-` on, all of which belong to words, and no `=` among them: what ids are
/// made of. The highest bit of a byte is set in `other` where it is not, unless one below is not either.
fn is_within_word(group: [u8; 8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let group = u64::from_le_bytes(group);
    let low = group.wrapping_sub(ONES * u64::from(b'-'));
    let equals = (group ^ (ONES * u64::from(b'='))).wrapping_sub(ONES);
    let other = low & !group | equals & !group | group;
    other & (ONES << 7) == 0
}

/// How many bytes of that class a text begins with.
fn run(bytes: &[u8], class: Class) -> usize {
    let other = bytes
        .iter()
        .position(|byte| CLASSES[usize::from(*byte)] != class);
    other.unwrap_or(bytes.len())
}

/// What a byte of ASCII means; of another one only the character tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Gap,
    Mark,
    NotAscii,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::NotAscii; 256];
    let mut byte = 0;
    while byte < 0x80 {
        classes[byte as usize] = match byte {
            b'\t'..=b'\r' | 0x1c..=b' ' | b',' => Class::Gap,
            b'#' | b'=' => Class::Mark,
            _ => Class::Word,
        };
        byte += 1;
    }
    classes
};
