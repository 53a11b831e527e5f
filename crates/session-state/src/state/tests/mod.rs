//! Tests of the state: promises over random histories, and the rules one by one.

pub(crate) mod kit;

mod doors;
mod figures;
mod histories;
mod large;
mod local;
mod rules;
mod selections;
mod signals;
mod templates;
