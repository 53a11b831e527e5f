//! The little language of `depends`, `after`, `before`, `salvages` and other lists of ids: words, quoted
//! words, commas, comments.

/// White space as unit files know it: Unicode's, and the four separators U+001C to U+001F.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// The words of a text, in their order.
///
/// Words are runs of characters other than white space, `#`, `,` and `=`; a word in `"` may hold any of
/// these (there are no escapes). `#` begins a comment that ends with the line, commas separate and may
/// repeat, a `=` is skipped. A quoted word that is not closed is no word and ends the list, as does a NUL.
pub fn words(text: &str) -> Words<'_> {
    let end = text.find('\0').unwrap_or(text.len());
    Words {
        rest: text.get(..end).unwrap_or(text),
    }
}

/// The iterator of [`words`].
#[derive(Clone, Debug)]
pub struct Words<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            self.rest = self
                .rest
                .trim_start_matches(|c| is_space(c) || c == ',' || c == '=');
            if let Some(comment) = self.rest.strip_prefix('#') {
                self.rest = comment.split_once('\n').map_or("", |(_, after)| after);
            } else if let Some(quoted) = self.rest.strip_prefix('"') {
                let Some((word, after)) = quoted.split_once('"') else {
                    self.rest = "";
                    return None;
                };
                self.rest = after;
                return Some(word);
            } else if self.rest.is_empty() {
                return None;
            } else {
                let end = self
                    .rest
                    .find(|c| is_space(c) || matches!(c, '#' | ',' | '='))
                    .unwrap_or(self.rest.len());
                let (word, after) = self.rest.split_at(end);
                self.rest = after;
                return Some(word);
            }
        }
    }
}
