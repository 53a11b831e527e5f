//! Tests of the facade: suspend, resume and peek of any format.

pub(crate) mod sample;

mod carried;
mod checkbox_facade;
mod damage;
mod encoder;
mod errors;
mod log_path;
mod native_facade;
mod oddities;
mod old_releases;
mod templates;
mod unknown;
