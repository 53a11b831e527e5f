//! Templates: one job for each record of a resource.
//!
//! [`Template::instances`] is a pure function of the template and the records: the same records give
//! the same ids and the same checksums. The language of its texts is that of a [`TemplateEngine`].

mod engine;
mod error;
mod names;
mod set;
#[cfg(test)]
mod tests;
mod unit;

pub use engine::{Engines, TemplateEngine, UnknownEngine};
pub use error::TemplateError;
pub(crate) use set::TemplateSet;
pub use unit::Template;
