//! Templates: one job for each record of a resource.
//!
//! [`Template::instances`] is a pure function of the template and the records: the same records give
//! the same ids and the same checksums. The language of its texts is that of a [`TemplateEngine`].

mod engine;
mod error;
mod names;
#[cfg(test)]
mod tests;
mod unit;

pub use engine::{Engines, TemplateEngine};
pub use error::TemplateError;
pub use unit::Template;
