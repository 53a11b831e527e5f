//! The machine under test, with all that is known for it: providers, their units, the session.

mod context;
mod error;
mod provider;
mod shared;
#[cfg(test)]
mod tests;

pub use context::{DeviceContext, PlanRules};
pub use error::DeviceError;
pub use provider::Provider;
