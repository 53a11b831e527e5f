//! Repairs: what is kept, what is put aside, what a plan that no longer fits does not do.

mod crashes;
mod kit;
mod plans;
