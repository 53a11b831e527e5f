//! The references between jobs, by number: what a job needs, who needs it, which group it is in.

mod names;

mod edges;
mod marks;
mod relations;

pub(crate) use edges::EdgeKind;
pub(crate) use marks::{Mark, Marks};
pub(crate) use names::Node;
pub(crate) use relations::Graph;

#[cfg(test)]
mod tests;
