//! Statements: none but a single expression is a requirement, and which of the errors it is depends
//! on whether Python would read it as a statement.

use super::error::ExpressionError;
use super::parser::Parser;
use super::token::TokenKind;
use super::tree::{Constant, Node};

const AUGMENTED: [&str; 13] = [
    "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**=",
];

/// What the whole of a statement is, for the one that counts: the first.
enum Statement {
    Expression(Node),
    Other,
}

impl Parser {
    /// All statements of the text; the expression when it is just one.
    pub(super) fn statements(&mut self) -> Result<Option<Node>, ExpressionError> {
        let mut first = None;
        let mut count = 0;
        if matches!(self.kind(), TokenKind::Newline) {
            self.refuse_at("an empty first line", 0);
        }
        loop {
            while matches!(self.kind(), TokenKind::Newline) {
                self.advance();
            }
            if matches!(self.kind(), TokenKind::End) {
                break;
            }
            let offset = self.offset();
            let statement = self.statement()?;
            count += 1;
            if count > 1 {
                self.refuse_at("a second statement", offset);
            }
            if let Statement::Expression(node) = statement {
                if count == 1 {
                    first = Some(node);
                } else {
                    self.names_later |= !node.references().is_empty();
                }
            }
            self.end_of_statement()?;
        }
        Ok(first)
    }

    fn end_of_statement(&mut self) -> Result<(), ExpressionError> {
        let offset = self.offset();
        if self.take_sign(";") {
            self.refuse_at("`;`", offset);
            return Ok(());
        }
        match self.kind() {
            TokenKind::Newline | TokenKind::End => Ok(()),
            TokenKind::Sign(_)
            | TokenKind::Name(_)
            | TokenKind::Keyword(_)
            | TokenKind::Constant(_)
            | TokenKind::Format => Err(self.fail("an operator such as `==` or `and` was expected")),
        }
    }

    fn statement(&mut self) -> Result<Statement, ExpressionError> {
        let TokenKind::Keyword(keyword) = *self.kind() else {
            return self.expression_statement();
        };
        match keyword {
            "None" | "True" | "False" | "not" | "lambda" | "await" => self.expression_statement(),
            "yield" => {
                self.forbid("`yield`");
                self.advance();
                self.take_keyword("from");
                self.optional_list()
            }
            "pass" | "break" | "continue" => {
                self.forbid("a statement");
                self.advance();
                Ok(Statement::Other)
            }
            "return" => {
                self.forbid("a statement");
                self.advance();
                self.optional_list()
            }
            "del" => {
                self.forbid("a statement");
                self.advance();
                let offset = self.offset();
                let (items, _) = self.expression_list()?;
                if !self.are_targets(&items) {
                    let what = "the name of something was expected";
                    return Err(ExpressionError::Syntax { offset, what });
                }
                Ok(Statement::Other)
            }
            "assert" | "raise" => {
                self.forbid("a statement");
                self.advance();
                if keyword == "raise" && self.at_end() {
                    return Ok(Statement::Other);
                }
                self.expression_list()?;
                if keyword == "raise" && self.take_keyword("from") {
                    self.expression()?;
                }
                Ok(Statement::Other)
            }
            "global" | "nonlocal" => self.names_statement(),
            "import" | "from" => self.import_statement(keyword == "from"),
            "if" | "while" | "for" | "with" | "class" | "def" => self.compound_statement(),
            "async" => {
                self.advance();
                match self.kind().keyword() {
                    Some("for" | "with" | "def") => self.compound_statement(),
                    Some(_) | None => Err(self.fail("`for`, `with` or `def` was expected")),
                }
            }
            _ => Err(self.fail("a value such as `package.name` or 'text' was expected")),
        }
    }

    fn at_end(&self) -> bool {
        matches!(
            self.kind(),
            TokenKind::End | TokenKind::Newline | TokenKind::Sign(";")
        )
    }

    fn optional_list(&mut self) -> Result<Statement, ExpressionError> {
        if !self.at_end() {
            self.expression_list()?;
        }
        Ok(Statement::Other)
    }

    fn expression_statement(&mut self) -> Result<Statement, ExpressionError> {
        let (mut items, comma) = self.expression_list()?;
        let sign = self.kind().sign();
        let assigns = sign.is_some_and(|sign| sign == "=" || AUGMENTED.contains(&sign));
        if assigns || self.is_sign(":") {
            return self.assignment(&items);
        }
        if comma {
            self.check_bare_tuple(&items);
            return Ok(Statement::Expression(Node::BareTuple(items)));
        }
        match items.pop() {
            Some(node) => Ok(Statement::Expression(node)),
            None => Ok(Statement::Other),
        }
    }

    fn assignment(&mut self, targets: &[Node]) -> Result<Statement, ExpressionError> {
        let mut assigned = self.are_targets(targets);
        let offset = self.offset();
        if self.take_sign(":") {
            self.expression()?;
            if self.take_sign("=") {
                self.expression_list()?;
            }
        } else if self.take_sign("=") {
            let (mut items, _) = self.value_list()?;
            while self.take_sign("=") {
                assigned &= self.are_targets(&items);
                (items, _) = self.value_list()?;
            }
        } else {
            self.advance();
            self.value_list()?;
        }
        if !assigned {
            let what = "`==` was expected";
            return Err(ExpressionError::Syntax { offset, what });
        }
        self.forbid_at("an assignment", offset);
        Ok(Statement::Other)
    }

    fn value_list(&mut self) -> Result<(Vec<Node>, bool), ExpressionError> {
        if !self.take_keyword("yield") {
            return self.expression_list();
        }
        self.take_keyword("from");
        if self.at_end() {
            return Ok((Vec::new(), false));
        }
        self.expression_list()
    }

    /// Whether something could be assigned to all of these. A subscript is such a thing too, but stands
    /// for nothing in the tree.
    fn are_targets(&self, nodes: &[Node]) -> bool {
        nodes.iter().all(|node| match node {
            Node::Name(_) | Node::Attribute { .. } => true,
            Node::List(items) | Node::Tuple(items) => self.are_targets(items),
            Node::Constant(constant) => self.subscripts && *constant == Constant::None,
            Node::And(_)
            | Node::Or(_)
            | Node::Compare { .. }
            | Node::Call { .. }
            | Node::BareTuple(_) => false,
        })
    }

    /// Behind the first comma the resources have no names any more.
    fn check_bare_tuple(&mut self, items: &[Node]) {
        let named = items
            .iter()
            .skip(1)
            .any(|node| !node.references().is_empty());
        if named {
            self.refuse_at("a comma outside of parentheses", 0);
        }
    }

    fn names_statement(&mut self) -> Result<Statement, ExpressionError> {
        self.forbid("a statement");
        self.advance();
        loop {
            if self.take_name().is_none() {
                return Err(self.fail("a name was expected"));
            }
            if !self.take_sign(",") {
                return Ok(Statement::Other);
            }
        }
    }

    fn import_statement(&mut self, from: bool) -> Result<Statement, ExpressionError> {
        self.forbid("an import (imports have a field of their own)");
        self.advance();
        if from {
            while self.take_sign(".") || self.take_sign("...") {}
            if !self.is_keyword("import") {
                self.dotted_name()?;
            }
            if !self.take_keyword("import") {
                return Err(self.fail("`import` was expected"));
            }
            if self.take_sign("*") {
                return Ok(Statement::Other);
            }
        }
        let bracket = from && self.take_sign("(");
        loop {
            self.dotted_name()?;
            if self.take_keyword("as") && self.take_name().is_none() {
                return Err(self.fail("a name was expected"));
            }
            if !self.take_sign(",") {
                break;
            }
        }
        if bracket {
            self.expect_sign(")", "`)` was expected")?;
        }
        Ok(Statement::Other)
    }

    fn dotted_name(&mut self) -> Result<(), ExpressionError> {
        loop {
            if self.take_name().is_none() {
                return Err(self.fail("a name was expected"));
            }
            if !self.take_sign(".") {
                return Ok(());
            }
        }
    }

    /// A statement with a body on the same line, told by its colon.
    fn compound_statement(&mut self) -> Result<Statement, ExpressionError> {
        self.forbid("a statement");
        self.advance();
        match self.skip_to(":") {
            Some(1..) => self.advance(),
            Some(0) | None => return Err(self.fail("`:` was expected")),
        }
        if self.at_end() {
            return Err(self.fail("a statement was expected"));
        }
        self.deeper(Self::statement)?;
        Ok(Statement::Other)
    }
}
