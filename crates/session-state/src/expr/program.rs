//! A requirement program: expressions that must all be true.

use std::collections::HashSet;

use super::error::{EvaluateError, ProgramError, UnsatisfiedError};
use super::evaluate::Budget;
use super::expression::{Expression, Scope};
use crate::id::JobId;
use crate::record::{text_lines, trim};
use crate::resource::Resource;

/// The field `requires` of a job: one expression a line. A program without any is satisfied.
#[derive(Clone, Debug, Default, PartialEq)]
#[doc(alias = "ResourceProgram")]
pub struct Program {
    expressions: Vec<Expression>,
}

impl Program {
    /// Reads a program: every line that is not blank, trimmed, is an expression.
    pub fn parse(text: &str, scope: &Scope<'_>) -> Result<Self, ProgramError> {
        let lines = text_lines(text).map(trim).filter(|line| !line.is_empty());
        Self::from_expressions(lines, scope)
    }

    /// Reads a program whose expressions are given one by one.
    pub fn from_expressions<'a>(
        texts: impl IntoIterator<Item = &'a str>,
        scope: &Scope<'_>,
    ) -> Result<Self, ProgramError> {
        let expressions = texts
            .into_iter()
            .enumerate()
            .map(|(index, text)| {
                Expression::parse(text, scope).map_err(|source| ProgramError {
                    index,
                    text: text.into(),
                    source,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { expressions })
    }

    /// The expressions, in order.
    pub fn expressions(&self) -> &[Expression] {
        &self.expressions
    }

    /// The resources that any expression needs, each once, in the order of their first appearance.
    pub fn resources(&self) -> Vec<&JobId> {
        let mut known = HashSet::new();
        let all = self.expressions.iter().flat_map(Expression::resources);
        all.filter(|resource| known.insert(*resource)).collect()
    }

    /// The manifest entries that any expression asks for, each once, in the order of first appearance.
    pub fn manifest_ids(&self) -> Vec<&str> {
        let mut known = HashSet::new();
        let all = self.expressions.iter().flat_map(Expression::manifest_ids);
        all.filter(|id| known.insert(*id)).collect()
    }

    /// Says why the program is not satisfied by the records that `records` gives for each resource.
    ///
    /// A resource without an answer is told before any expression is looked at; then the first
    /// expression that is not true.
    pub fn evaluate<'a>(
        &self,
        records: &dyn Fn(&JobId) -> Option<&'a [Resource]>,
        budget: &mut Budget,
    ) -> Result<(), UnsatisfiedError> {
        for (index, expression) in self.expressions.iter().enumerate() {
            let missing = expression
                .resources()
                .iter()
                .find(|id| records(id).is_none());
            if let Some(resource) = missing {
                return Err(UnsatisfiedError::Unavailable {
                    index,
                    expression: expression.text().into(),
                    resource: resource.clone(),
                });
            }
        }
        for (index, expression) in self.expressions.iter().enumerate() {
            let text = || expression.text().into();
            match expression.evaluate(records, budget) {
                Ok(true) => {}
                Ok(false) => {
                    return Err(UnsatisfiedError::Failed {
                        index,
                        expression: text(),
                    });
                }
                Err(EvaluateError::Unavailable { resource }) => {
                    return Err(UnsatisfiedError::Unavailable {
                        index,
                        expression: text(),
                        resource,
                    });
                }
                Err(source @ (EvaluateError::Part { .. } | EvaluateError::TooMuchWork { .. })) => {
                    return Err(UnsatisfiedError::Undecided {
                        index,
                        expression: text(),
                        source,
                    });
                }
            }
        }
        Ok(())
    }
}
