//! The pieces an expression is made of.

use super::tree::Constant;

/// One piece and the bytes it was written in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a piece is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A name that is no keyword.
    Name(Box<str>),
    /// A keyword.
    Keyword(&'static str),
    /// A number, a text or bytes.
    Constant(Constant),
    /// A text with expressions in it.
    Format,
    /// An operator or a bracket.
    Sign(&'static str),
    /// The end of a line outside of brackets.
    Newline,
    /// The end of the text.
    End,
}

impl TokenKind {
    /// The operator or bracket, if it is one.
    pub(super) fn sign(&self) -> Option<&'static str> {
        match self {
            Self::Sign(sign) => Some(sign),
            Self::Name(_)
            | Self::Keyword(_)
            | Self::Constant(_)
            | Self::Format
            | Self::Newline
            | Self::End => None,
        }
    }

    /// The keyword, if it is one.
    pub(super) fn keyword(&self) -> Option<&'static str> {
        match self {
            Self::Keyword(keyword) => Some(keyword),
            Self::Name(_)
            | Self::Sign(_)
            | Self::Constant(_)
            | Self::Format
            | Self::Newline
            | Self::End => None,
        }
    }
}

/// The words that cannot be names.
pub(super) const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// All operators and brackets, longer ones first.
pub(super) const SIGNS: [&str; 47] = [
    "...", "**=", "//=", "<<=", ">>=", "!=", "%=", "&=", "**", "*=", "+=", "-=", "->", "//", "/=",
    ":=", "<<", "<=", "==", ">=", ">>", "@=", "^=", "|=", "%", "&", "(", ")", "*", "+", ",", "-",
    ".", "/", ":", ";", "<", "=", ">", "@", "[", "]", "^", "{", "|", "}", "~",
];
