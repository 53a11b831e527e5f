//! A text into its pieces. Brackets are matched here, so that nothing behind has to.

use super::error::ExpressionError;
use super::literal::{Literal, prefix_length, read_literal};
use super::number::{Number, read_number};
use super::token::{KEYWORDS, SIGNS, Token, TokenKind};
use super::tree::Constant;

/// How deep brackets may nest, as in Python.
const DEEPEST: usize = 199;

/// Cuts a text into pieces, the last of which is [`TokenKind::End`].
pub(super) fn lex(text: &str) -> Result<Vec<Token>, ExpressionError> {
    let mut lexer = Lexer {
        text,
        at: 0,
        tokens: Vec::new(),
        open: Vec::new(),
    };
    if text.contains('\0') {
        return Err(lexer.fail("a NUL character"));
    }
    lexer.start_line()?;
    while lexer.at < text.len() {
        lexer.step()?;
    }
    if !lexer.open.is_empty() {
        return Err(lexer.fail("a bracket is not closed"));
    }
    let end = lexer.at;
    lexer.push(TokenKind::End, end);
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    open: Vec<&'static str>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fail(&self, what: &'static str) -> ExpressionError {
        ExpressionError::Syntax {
            offset: self.at,
            what,
        }
    }

    fn push(&mut self, kind: TokenKind, end: usize) {
        self.tokens.push(Token {
            kind,
            start: self.at,
            end,
        });
        self.at = end;
    }

    fn step(&mut self) -> Result<(), ExpressionError> {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else {
            return Ok(());
        };
        match c {
            ' ' | '\t' | '\u{c}' => self.at += 1,
            '\n' | '\r' => self.newline()?,
            '#' => self.at += rest.find(['\n', '\r']).unwrap_or(rest.len()),
            '\\' => self.joined_line()?,
            '0'..='9' => self.number()?,
            '.' if rest
                .get(1..2)
                .is_some_and(|next| next.as_bytes().iter().all(u8::is_ascii_digit)) =>
            {
                self.number()?;
            }
            _ if prefix_length(rest).is_some() => self.literal()?,
            _ if is_name_start(c) => self.name(),
            _ => self.sign()?,
        }
        Ok(())
    }

    /// A line that begins with white space is indented, unless nothing else stands on it.
    fn start_line(&mut self) -> Result<(), ExpressionError> {
        let rest = self.rest();
        let code = rest.trim_start_matches([' ', '\t', '\u{c}']);
        let indented = rest.len() > code.len() && !rest.starts_with('\u{c}');
        if indented && !code.is_empty() && !code.starts_with(['\n', '\r', '#']) {
            return Err(self.fail("the line is indented"));
        }
        Ok(())
    }

    fn newline(&mut self) -> Result<(), ExpressionError> {
        let end = self.at
            + if self.rest().starts_with("\r\n") {
                2
            } else {
                1
            };
        if !self.open.is_empty() {
            self.at = end;
            return Ok(());
        }
        self.push(TokenKind::Newline, end);
        self.start_line()
    }

    fn joined_line(&mut self) -> Result<(), ExpressionError> {
        let rest = self.rest();
        let length = ["\\\r\n", "\\\n", "\\\r"]
            .iter()
            .find(|end| rest.starts_with(**end))
            .map(|end| end.len())
            .ok_or_else(|| self.fail("a backslash that does not end a line"))?;
        if rest.len() == length {
            return Err(self.fail("a backslash with no line behind it"));
        }
        self.at += length;
        Ok(())
    }

    fn number(&mut self) -> Result<(), ExpressionError> {
        let (number, length) =
            read_number(self.rest()).ok_or_else(|| self.fail("a malformed number"))?;
        let constant = match number {
            Number::Int(value) => Constant::Int(value),
            Number::Float(value) => Constant::Float(value),
            Number::Imaginary(value) => Constant::Imaginary(value),
        };
        self.push(TokenKind::Constant(constant), self.at + length);
        Ok(())
    }

    fn literal(&mut self) -> Result<(), ExpressionError> {
        let rest = self.rest();
        let prefix = prefix_length(rest).unwrap_or_default();
        let (literal, length) =
            read_literal(rest, prefix).map_err(|illegal| self.fail(illegal.0))?;
        let kind = match literal {
            Literal::Constant(constant) => TokenKind::Constant(constant),
            Literal::Format => TokenKind::Format,
        };
        self.push(kind, self.at + length);
        Ok(())
    }

    fn name(&mut self) {
        let rest = self.rest();
        let length = rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
        let name = normal_name(rest.get(..length).unwrap_or_default());
        let keyword = KEYWORDS.iter().find(|keyword| **keyword == name);
        let kind = match keyword {
            Some(keyword) => TokenKind::Keyword(keyword),
            None => TokenKind::Name(name.into()),
        };
        self.push(kind, self.at + length);
    }

    fn sign(&mut self) -> Result<(), ExpressionError> {
        let rest = self.rest();
        let sign = SIGNS
            .iter()
            .find(|sign| rest.starts_with(**sign))
            .ok_or_else(|| self.fail("a character that means nothing here"))?;
        match *sign {
            "(" | "[" | "{" => {
                if self.open.len() >= DEEPEST {
                    return Err(self.fail("brackets nest too deep"));
                }
                self.open.push(sign);
            }
            ")" | "]" | "}" => {
                let closed = match self.open.pop() {
                    Some("(") => ")",
                    Some("[") => "]",
                    Some(_) => "}",
                    None => "",
                };
                if closed != *sign {
                    return Err(self.fail("a bracket that closes none"));
                }
            }
            _ => {}
        }
        self.push(TokenKind::Sign(sign), self.at + sign.len());
        Ok(())
    }
}

pub(super) fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn is_name_part(c: char) -> bool {
    c == '_' || c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// A name as Python compares names: the wide forms and ligatures of ASCII letters become plain.
fn normal_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '\u{ff01}'..='\u{ff5e}' => {
                let plain = u32::from(c) - 0xfee0;
                out.extend(char::from_u32(plain));
            }
            '\u{fb00}' => out.push_str("ff"),
            '\u{fb01}' => out.push_str("fi"),
            '\u{fb02}' => out.push_str("fl"),
            '\u{fb03}' => out.push_str("ffi"),
            '\u{fb04}' => out.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => out.push_str("st"),
            '\u{17f}' => out.push('s'),
            '\u{aa}' => out.push('a'),
            '\u{ba}' => out.push('o'),
            _ => out.push(c),
        }
    }
    out
}
