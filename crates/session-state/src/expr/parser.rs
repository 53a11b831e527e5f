//! The pieces of an expression into a tree: the state of the parser, and the ways in.
//!
//! The whole grammar of Python's expressions is followed, so that a text is told to be malformed or
//! merely forbidden; what is forbidden is noted, not built.

use super::error::ExpressionError;
use super::lexer::lex;
use super::token::{Token, TokenKind};
use super::tree::Node;

/// How deep expressions may nest where no bracket shows it.
const DEEPEST: usize = 300;

/// The longest text that is read, in bytes.
pub(super) const LONGEST: usize = 64 << 10;

/// What a text says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parsed {
    /// The expression; `None` when the text is empty but for comments.
    pub(super) tree: Option<Node>,
    /// The bytes of all texts in quotes.
    pub(super) literals: Vec<(usize, usize)>,
    /// Whether a statement behind the first names a resource.
    pub(super) names_later: bool,
    /// What is forbidden inside of a call or left of a dot; the tree is not to be used then.
    pub(super) forbidden_inside: Option<ExpressionError>,
    /// What keeps the text from being the body of a function of its resources.
    pub(super) not_one: Option<ExpressionError>,
}

/// Something that no requirement may hold, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Forbidden {
    pub(super) what: &'static str,
    pub(super) offset: usize,
    /// Whether it escapes the documented system as an exception of another kind.
    pub(super) foreign: bool,
}

/// Walks along the pieces.
pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    pub(super) depth: usize,
    /// The first forbidden thing outside of calls and of the bases of attributes.
    pub(super) forbidden: Option<Forbidden>,
    /// The first one inside of them.
    pub(super) forbidden_inside: Option<Forbidden>,
    /// How many calls and bases are open.
    pub(super) inside: usize,
    /// The first thing that makes the text no single expression.
    pub(super) not_one: Option<Forbidden>,
    /// Whether a statement behind the first names a resource.
    pub(super) names_later: bool,
    /// Whether there was a subscript, which an assignment may name.
    pub(super) subscripts: bool,
}

/// Reads a text.
pub(super) fn parse(text: &str) -> Result<Parsed, ExpressionError> {
    if text.len() > LONGEST {
        return Err(ExpressionError::TooLong { limit: LONGEST });
    }
    let tokens = lex(text)?;
    let literals = tokens
        .iter()
        .filter(|token| match &token.kind {
            TokenKind::Constant(_) => text
                .get(token.start..token.end)
                .is_some_and(|literal| literal.ends_with(['\'', '"'])),
            TokenKind::Format => true,
            TokenKind::Name(_)
            | TokenKind::Keyword(_)
            | TokenKind::Sign(_)
            | TokenKind::Newline
            | TokenKind::End => false,
        })
        .map(|token| (token.start, token.end))
        .collect();
    let mut parser = Parser {
        tokens,
        at: 0,
        depth: 0,
        forbidden: None,
        forbidden_inside: None,
        inside: 0,
        not_one: None,
        names_later: false,
        subscripts: false,
    };
    let tree = parser.statements()?;
    if let Some(forbidden) = parser.forbidden {
        return Err(forbidden.into_error());
    }
    let forbidden_inside = parser.forbidden_inside.map(Forbidden::into_error);
    Ok(Parsed {
        tree,
        literals,
        names_later: parser.names_later,
        forbidden_inside,
        not_one: parser.not_one.map(Forbidden::into_error),
    })
}

impl Forbidden {
    fn into_error(self) -> ExpressionError {
        let Self { what, offset, .. } = self;
        if self.foreign {
            ExpressionError::NotOneExpression { offset, what }
        } else {
            ExpressionError::NotAllowed { offset, what }
        }
    }
}

impl Parser {
    pub(super) fn kind(&self) -> &TokenKind {
        self.tokens
            .get(self.at)
            .map_or(&TokenKind::End, |token| &token.kind)
    }

    pub(super) fn kind_after(&self, count: usize) -> &TokenKind {
        self.tokens
            .get(self.at + count)
            .map_or(&TokenKind::End, |token| &token.kind)
    }

    pub(super) fn offset(&self) -> usize {
        let token = self.tokens.get(self.at).or_else(|| self.tokens.last());
        token.map_or(0, |token| token.start)
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.kind(), TokenKind::Sign(found) if *found == sign)
    }

    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.kind(), TokenKind::Keyword(found) if *found == keyword)
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        self.at += usize::from(found);
        found
    }

    pub(super) fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.is_keyword(keyword);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect_sign(
        &mut self,
        sign: &str,
        what: &'static str,
    ) -> Result<(), ExpressionError> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            Err(self.fail(what))
        }
    }

    pub(super) fn take_name(&mut self) -> Option<Box<str>> {
        let TokenKind::Name(name) = self.kind() else {
            return None;
        };
        let name = name.clone();
        self.advance();
        Some(name)
    }

    pub(super) fn fail(&self, what: &'static str) -> ExpressionError {
        ExpressionError::Syntax {
            offset: self.offset(),
            what,
        }
    }

    /// Notes something forbidden that stands here.
    pub(super) fn forbid(&mut self, what: &'static str) {
        self.forbid_at(what, self.offset());
    }

    pub(super) fn forbid_at(&mut self, what: &'static str, offset: usize) {
        self.note(Forbidden {
            what,
            offset,
            foreign: false,
        });
    }

    pub(super) fn note(&mut self, found: Forbidden) {
        let place = if self.inside > 0 {
            &mut self.forbidden_inside
        } else {
            &mut self.forbidden
        };
        place.get_or_insert(found);
    }

    /// Notes what cannot be the body of a function.
    pub(super) fn refuse_at(&mut self, what: &'static str, offset: usize) {
        self.not_one.get_or_insert(Forbidden {
            what,
            offset,
            foreign: true,
        });
    }

    /// Goes one level deeper, as far as that is allowed.
    pub(super) fn deeper<T>(
        &mut self,
        go: impl FnOnce(&mut Self) -> Result<T, ExpressionError>,
    ) -> Result<T, ExpressionError> {
        if self.depth >= DEEPEST {
            return Err(self.fail("the expression nests too deep"));
        }
        self.depth += 1;
        let answer = go(self);
        self.depth -= 1;
        answer
    }

    /// Passes over pieces up to the sign, which must come at this level of brackets; how many there were.
    pub(super) fn skip_to(&mut self, sign: &str) -> Option<usize> {
        let mut open = 0usize;
        let mut passed = 0;
        loop {
            match self.kind() {
                TokenKind::End | TokenKind::Newline => return None,
                TokenKind::Sign(found) if open == 0 && *found == sign => return Some(passed),
                TokenKind::Sign("(" | "[" | "{") => open += 1,
                TokenKind::Sign(")" | "]" | "}") => open = open.checked_sub(1)?,
                TokenKind::Sign(_)
                | TokenKind::Name(_)
                | TokenKind::Keyword(_)
                | TokenKind::Constant(_)
                | TokenKind::Format => {}
            }
            self.advance();
            passed += 1;
        }
    }
}
