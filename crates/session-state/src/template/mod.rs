//! Templates: one job for each record of a resource.
//!
//! [`Template::instances`] is a pure function of the template and the records: the same records give
//! the same ids and the same checksums. Only the default engine (`{name}`) is filled in so far.

mod error;
mod names;
#[cfg(test)]
mod tests;
mod unit;

pub use error::TemplateError;
pub use unit::{Template, TemplateEngine};
