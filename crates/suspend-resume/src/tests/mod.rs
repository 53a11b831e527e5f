//! Tests of the facade: suspend, resume and peek of any format.

pub(crate) mod sample;

mod carried;
mod checkbox_facade;
mod damage;
mod encoder;
mod errors;
mod native_facade;
mod oddities;
mod templates;
mod unknown;
