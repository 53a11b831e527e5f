//! What this crate says of the corpus, beside what the documented system said.

mod corpus;

mod checksums;
mod sessions;
mod siblings;
mod solver;
mod tables;
mod templates;
mod words;
