//! Operators, loosest first: what may stand in a requirement becomes a tree, what may not is noted.

use super::error::ExpressionError;
use super::parser::Parser;
use super::token::TokenKind;
use super::tree::{Comparison, Constant, Node};

pub(super) type Parse = Result<Node, ExpressionError>;

/// What stands in for a part that is forbidden: the tree is not used then.
pub(super) const FORBIDDEN: Node = Node::Constant(Constant::None);

pub(super) const EXPECTED: &str = "a value such as `package.name` or 'text' was expected";

/// The operators of arithmetic: none is allowed, and all hold tighter than comparisons.
const ARITHMETIC: [&str; 13] = [
    "|", "^", "&", "<<", ">>", "+", "-", "*", "/", "//", "%", "@", "**",
];

impl Parser {
    /// An expression with nothing around it: conditional, lambda, `or`.
    pub(super) fn expression(&mut self) -> Parse {
        self.deeper(|parser| {
            if parser.is_keyword("lambda") {
                return parser.lambda();
            }
            let node = parser.disjunction()?;
            let offset = parser.offset();
            if !parser.take_keyword("if") {
                return Ok(node);
            }
            parser.forbid_at("a conditional", offset);
            parser.disjunction()?;
            if !parser.take_keyword("else") {
                return Err(parser.fail("`else` was expected"));
            }
            parser.expression()?;
            Ok(FORBIDDEN)
        })
    }

    fn lambda(&mut self) -> Parse {
        self.forbid("a lambda");
        self.advance();
        if self.skip_to(":").is_none() {
            return Err(self.fail("`:` was expected"));
        }
        self.advance();
        self.expression()?;
        Ok(FORBIDDEN)
    }

    /// An expression, or one that is given a name on the way.
    pub(super) fn named_expression(&mut self) -> Parse {
        let named = matches!(self.kind(), TokenKind::Name(_))
            && matches!(self.kind_after(1), TokenKind::Sign(":="));
        if !named {
            return self.expression();
        }
        self.forbid("an assignment");
        self.advance();
        self.advance();
        self.expression()?;
        Ok(FORBIDDEN)
    }

    pub(super) fn disjunction(&mut self) -> Parse {
        let first = self.conjunction()?;
        if !self.is_keyword("or") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take_keyword("or") {
            parts.push(self.conjunction()?);
        }
        Ok(Node::Or(parts))
    }

    fn conjunction(&mut self) -> Parse {
        let first = self.inversion()?;
        if !self.is_keyword("and") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take_keyword("and") {
            parts.push(self.inversion()?);
        }
        Ok(Node::And(parts))
    }

    fn inversion(&mut self) -> Parse {
        let mut inverted = false;
        while self.is_keyword("not") {
            self.forbid("`not`");
            self.advance();
            inverted = true;
        }
        let node = self.comparison()?;
        Ok(if inverted { FORBIDDEN } else { node })
    }

    fn comparison(&mut self) -> Parse {
        let first = self.arithmetic()?;
        let mut rest = Vec::new();
        while let Some(comparison) = self.take_comparison()? {
            rest.push((comparison, self.arithmetic()?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(Node::Compare {
            first: Box::new(first),
            rest,
        })
    }

    fn take_comparison(&mut self) -> Result<Option<Comparison>, ExpressionError> {
        let comparison = match self.kind() {
            TokenKind::Sign("==") => Comparison::Equal,
            TokenKind::Sign("!=") => Comparison::NotEqual,
            TokenKind::Sign("<") => Comparison::Less,
            TokenKind::Sign("<=") => Comparison::LessOrEqual,
            TokenKind::Sign(">") => Comparison::Greater,
            TokenKind::Sign(">=") => Comparison::GreaterOrEqual,
            TokenKind::Keyword("in") => Comparison::In,
            TokenKind::Keyword("not") => {
                self.advance();
                if !self.is_keyword("in") {
                    return Err(self.fail("`in` was expected"));
                }
                Comparison::NotIn
            }
            TokenKind::Keyword("is") => {
                self.advance();
                let not = self.take_keyword("not");
                return Ok(Some(if not {
                    Comparison::IsNot
                } else {
                    Comparison::Is
                }));
            }
            TokenKind::Sign(_)
            | TokenKind::Keyword(_)
            | TokenKind::Name(_)
            | TokenKind::Constant(_)
            | TokenKind::Format
            | TokenKind::Newline
            | TokenKind::End => return Ok(None),
        };
        self.advance();
        Ok(Some(comparison))
    }

    /// Operands joined by operators of arithmetic. Which of them holds tighter does not matter, since
    /// none is allowed.
    pub(super) fn arithmetic(&mut self) -> Parse {
        let mut node = self.operand()?;
        loop {
            let sign = self.kind().sign();
            let Some(sign) = sign.filter(|sign| ARITHMETIC.contains(sign)) else {
                return Ok(node);
            };
            self.forbid(named_operator(sign));
            self.advance();
            self.operand()?;
            node = FORBIDDEN;
        }
    }

    fn operand(&mut self) -> Parse {
        let mut signed = false;
        while let TokenKind::Sign(sign @ ("-" | "+" | "~")) = self.kind() {
            let what = if *sign == "-" {
                "a minus sign"
            } else {
                "a sign before a value"
            };
            self.forbid(what);
            self.advance();
            signed = true;
        }
        if self.is_keyword("await") {
            self.forbid("`await`");
            self.advance();
            signed = true;
        }
        let node = self.primary()?;
        Ok(if signed { FORBIDDEN } else { node })
    }

    /// Expressions with commas between them, as they stand without brackets; whether there was a comma.
    pub(super) fn expression_list(&mut self) -> Result<(Vec<Node>, bool), ExpressionError> {
        let mut items = Vec::new();
        let mut comma = false;
        loop {
            if self.is_sign("*") {
                self.forbid("`*`");
                self.advance();
                self.arithmetic()?;
                items.push(FORBIDDEN);
            } else {
                items.push(self.expression()?);
            }
            if !self.take_sign(",") {
                return Ok((items, comma));
            }
            comma = true;
            let ends = match self.kind() {
                TokenKind::End | TokenKind::Newline => true,
                TokenKind::Sign(sign) => matches!(*sign, "=" | ";" | ":" | ")" | "]" | "}"),
                TokenKind::Name(_)
                | TokenKind::Keyword(_)
                | TokenKind::Constant(_)
                | TokenKind::Format => false,
            };
            if ends {
                return Ok((items, comma));
            }
        }
    }
}

fn named_operator(sign: &str) -> &'static str {
    match sign {
        "+" => "`+`",
        "-" => "`-` (names are made of letters, digits and underscores)",
        "*" => "`*`",
        "/" => "`/`",
        "//" => "`//`",
        "%" => "`%`",
        "@" => "`@`",
        "**" => "`**`",
        "|" => "`|`",
        "^" => "`^`",
        "&" => "`&`",
        "<<" => "`<<`",
        _ => "`>>`",
    }
}
