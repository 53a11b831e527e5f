//! Tests of the Checkbox formats: the recorded answers of Checkbox itself, and our own promises.

mod corpus;
mod deviation;

mod peek;
mod resume;
mod write;

mod conformance;
mod damage;
mod json;
