//! The order of a run: what is pulled in by what was asked for, each job after those it needs.
//!
//! Everything here is iterative: a chain of dependencies may be as long as memory allows. References are
//! followed in one fixed order, by kind (resource, depends, after, before) and in field order within a kind,
//! so the same session always gives the same run list.

mod pull;

mod arrange;
mod select;

pub use select::solve;
pub(crate) use select::{Head, Rules, Selected, select, select_after};

#[cfg(test)]
mod tests;
