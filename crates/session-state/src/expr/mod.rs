//! The requirement language: which resources a job needs to be worth running.
//!
//! A [`Program`] is the field `requires` of a job: one [`Expression`] a line, all of which must be
//! true. An expression compares fields of records with constants. Nothing in it can run code, look
//! at anything but the records it is given, or run without end: evaluation is charged against a
//! budget, and a product of large record sets ends in [`EvaluateError::TooMuchWork`].
//!
//! ```
//! use session_state::Resource;
//! use session_state::expr::{Budget, Program, Scope};
//!
//! let program = Program::parse("package.name in ('bash', 'zsh')", &Scope::default()).unwrap();
//! let records = [Resource::new([("name", "bash")])];
//! let known = |id: &session_state::JobId| (id.as_str() == "package").then_some(&records[..]);
//! assert!(program.evaluate(&known, &mut Budget::default()).is_ok());
//! ```

mod error;
mod imports;
mod number;
mod tree;

mod literal;
mod token;

mod lexer;

mod operators;
mod parser;
mod primary;
mod statement;

mod compare;
mod value;

mod call;
mod evaluate;

mod expression;
mod program;
mod split;
#[cfg(test)]
mod tests;

pub use error::{EvaluateError, ExpressionError, ProgramError, UnsatisfiedError};
pub use evaluate::Budget;
pub use expression::{Expression, Scope};
pub use imports::{Import, ImportError, parse_import, parse_imports};
pub use number::Integer;
pub use program::Program;
pub use tree::{Comparison, Constant, Function, Node};
