//! Values and what is attached to them: constants, names, fields, calls, brackets.

use super::error::ExpressionError;
use super::operators::{EXPECTED, FORBIDDEN, Parse};
use super::parser::{Forbidden, Parser};
use super::token::TokenKind;
use super::tree::{Constant, Function, Node};

impl Parser {
    /// A value and what is attached to it: fields, calls, subscripts.
    pub(super) fn primary(&mut self) -> Parse {
        let start = self.offset();
        // What stands left of a dot is searched for neither names nor forbidden things by the
        // documented system; whether a dot follows shows only behind it.
        let before = self.forbidden;
        let mut node = self.atom()?;
        loop {
            if self.take_sign(".") {
                let name = self.take_name();
                let name = name.ok_or_else(|| self.fail("the name of a field was expected"))?;
                if let (None, Some(found)) = (before, self.forbidden.take()) {
                    let foreign = false;
                    let found = Forbidden { foreign, ..found };
                    self.forbidden_inside.get_or_insert(found);
                } else {
                    self.forbidden = before;
                }
                node = attribute(node, name);
            } else if self.is_sign("(") {
                node = self.call(&node, start)?;
            } else if self.is_sign("[") {
                self.forbid("a subscript");
                self.subscripts = true;
                self.advance();
                self.subscript()?;
                node = FORBIDDEN;
            } else {
                return Ok(node);
            }
        }
    }

    fn call(&mut self, called: &Node, start: usize) -> Parse {
        let function = match called {
            Node::Name(name) => {
                let function = Function::named(name);
                if function.is_none() {
                    self.forbid_at("a call of anything but len, bool, int and float", start);
                }
                function
            }
            Node::Constant(_)
            | Node::Attribute { .. }
            | Node::And(_)
            | Node::Or(_)
            | Node::Compare { .. }
            | Node::List(_)
            | Node::Tuple(_)
            | Node::Call { .. }
            | Node::BareTuple(_) => {
                let what = "a call of anything but a plain name";
                let foreign = self.inside == 0;
                self.note(Forbidden {
                    what,
                    offset: start,
                    foreign,
                });
                None
            }
        };
        self.advance();
        self.inside += 1;
        let arguments = self.arguments();
        self.inside -= 1;
        let arguments = arguments?;
        Ok(match function {
            Some(function) => Node::Call {
                function,
                arguments,
            },
            None => FORBIDDEN,
        })
    }

    fn arguments(&mut self) -> Result<Vec<Node>, ExpressionError> {
        let mut arguments = Vec::new();
        while !self.take_sign(")") {
            let named = matches!(self.kind(), TokenKind::Name(_))
                && matches!(self.kind_after(1), TokenKind::Sign("="));
            if named {
                self.forbid("an argument with a name");
                self.advance();
                self.advance();
            } else if self.is_sign("*") || self.is_sign("**") {
                self.forbid("`*`");
                self.advance();
            }
            arguments.push(self.named_expression()?);
            if self.comprehension(")")? {
                return Ok(arguments);
            }
            if !self.take_sign(",") && !self.is_sign(")") {
                return Err(self.fail("`,` or `)` was expected"));
            }
        }
        Ok(arguments)
    }

    fn subscript(&mut self) -> Result<(), ExpressionError> {
        if self.is_sign("]") {
            return Err(self.fail(EXPECTED));
        }
        while !self.take_sign("]") {
            if !self.is_sign(":") {
                self.take_sign("*");
                self.named_expression()?;
            }
            if !self.take_sign(":") && !self.take_sign(",") && !self.is_sign("]") {
                return Err(self.fail("`]` was expected"));
            }
        }
        Ok(())
    }

    fn atom(&mut self) -> Parse {
        let offset = self.offset();
        match self.kind() {
            TokenKind::Name(name) => {
                let node = Node::Name(name.clone());
                if &**name == "__debug__" {
                    self.refuse_at("the name `__debug__`", offset);
                }
                self.advance();
                Ok(node)
            }
            TokenKind::Constant(Constant::Text(_) | Constant::Bytes(_)) | TokenKind::Format => {
                self.texts()
            }
            TokenKind::Constant(constant) => {
                let node = Node::Constant(constant.clone());
                self.advance();
                Ok(node)
            }
            TokenKind::Keyword(keyword @ ("None" | "True" | "False")) => {
                let constant = match *keyword {
                    "None" => Constant::None,
                    keyword => Constant::Bool(keyword == "True"),
                };
                self.advance();
                Ok(Node::Constant(constant))
            }
            TokenKind::Sign("...") => {
                self.advance();
                Ok(Node::Constant(Constant::Ellipsis))
            }
            TokenKind::Sign("(") => self.parentheses(),
            TokenKind::Sign("[") => {
                self.advance();
                let (items, _) = self.items("]")?;
                Ok(Node::List(items))
            }
            TokenKind::Sign("{") => self.braces(),
            TokenKind::Sign(_) | TokenKind::Keyword(_) | TokenKind::Newline | TokenKind::End => {
                Err(self.fail(EXPECTED))
            }
        }
    }

    /// Texts or bytes side by side are one.
    fn texts(&mut self) -> Parse {
        let offset = self.offset();
        let (mut text, mut bytes) = (None::<String>, None::<Vec<u8>>);
        let mut format = false;
        loop {
            match self.kind() {
                TokenKind::Constant(Constant::Text(more)) => {
                    text.get_or_insert_default().push_str(more);
                }
                TokenKind::Constant(Constant::Bytes(more)) => {
                    bytes.get_or_insert_default().extend_from_slice(more);
                }
                TokenKind::Format => format = true,
                TokenKind::Constant(_)
                | TokenKind::Name(_)
                | TokenKind::Keyword(_)
                | TokenKind::Sign(_)
                | TokenKind::Newline
                | TokenKind::End => break,
            }
            self.advance();
        }
        if bytes.is_some() && (text.is_some() || format) {
            return Err(ExpressionError::Syntax {
                offset,
                what: "bytes and text side by side",
            });
        }
        if format {
            self.forbid_at("a format text", offset);
            return Ok(FORBIDDEN);
        }
        Ok(Node::Constant(match bytes {
            Some(bytes) => Constant::Bytes(bytes.into()),
            None => Constant::Text(text.unwrap_or_default().into()),
        }))
    }

    fn parentheses(&mut self) -> Parse {
        self.advance();
        if self.is_keyword("yield") {
            self.forbid("`yield`");
            self.advance();
            self.take_keyword("from");
            if !self.is_sign(")") {
                self.expression_list()?;
            }
            self.expect_sign(")", "`)` was expected")?;
            return Ok(FORBIDDEN);
        }
        let starred = self.is_sign("*");
        let (mut items, comma) = self.items(")")?;
        if comma || items.is_empty() {
            return Ok(Node::Tuple(items));
        }
        if starred {
            return Err(self.fail("a starred value in parentheses needs a comma"));
        }
        Ok(items.pop().unwrap_or(FORBIDDEN))
    }

    /// The items up to a closing bracket, and whether a comma stands among them.
    fn items(&mut self, close: &'static str) -> Result<(Vec<Node>, bool), ExpressionError> {
        let mut items = Vec::new();
        let mut comma = false;
        while !self.take_sign(close) {
            items.push(self.item()?);
            if items.len() == 1 && self.comprehension(close)? {
                return Ok((items, comma));
            }
            if self.take_sign(",") {
                comma = true;
            } else if !self.is_sign(close) {
                return Err(self.fail("`,` or a closing bracket was expected"));
            }
        }
        Ok((items, comma))
    }

    fn item(&mut self) -> Parse {
        if self.is_sign("*") {
            self.forbid("`*`");
            self.advance();
            self.arithmetic()?;
            return Ok(FORBIDDEN);
        }
        self.named_expression()
    }

    fn braces(&mut self) -> Parse {
        let offset = self.offset();
        self.advance();
        let (mut pairs, mut items) = (self.is_sign("}"), false);
        while !self.take_sign("}") {
            if self.take_sign("**") {
                pairs = true;
                self.arithmetic()?;
            } else {
                self.item()?;
                if self.take_sign(":") {
                    pairs = true;
                    self.expression()?;
                } else {
                    items = true;
                }
                if self.comprehension("}")? {
                    break;
                }
            }
            if !self.take_sign(",") && !self.is_sign("}") {
                return Err(self.fail("`,` or `}` was expected"));
            }
        }
        if pairs && items {
            return Err(ExpressionError::Syntax {
                offset,
                what: "a mapping and a set in one",
            });
        }
        self.forbid_at("a mapping or a set", offset);
        Ok(FORBIDDEN)
    }

    /// Passes over a comprehension up to and with the closing bracket, if one begins here.
    fn comprehension(&mut self, close: &'static str) -> Result<bool, ExpressionError> {
        let is_async =
            self.is_keyword("async") && matches!(self.kind_after(1), TokenKind::Keyword("for"));
        if !self.is_keyword("for") && !is_async {
            return Ok(false);
        }
        self.forbid("a comprehension");
        while self.take_keyword("async") | self.take_keyword("for") {
            self.arithmetic()?;
            while self.take_sign(",") {
                if !self.is_keyword("in") {
                    self.arithmetic()?;
                }
            }
            if !self.take_keyword("in") {
                return Err(self.fail("`in` was expected"));
            }
            self.disjunction()?;
            while self.take_keyword("if") {
                self.disjunction()?;
            }
        }
        self.expect_sign(close, "the end of the comprehension was expected")?;
        Ok(true)
    }
}

/// The field of a value; a field of a field is one path, whatever parentheses there were.
fn attribute(base: Node, name: Box<str>) -> Node {
    let (base, mut path) = if let Node::Attribute { base, path } = base {
        (base, path)
    } else {
        (Box::new(base), Vec::new())
    };
    path.push(name);
    Node::Attribute { base, path }
}
