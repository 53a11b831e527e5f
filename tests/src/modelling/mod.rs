//! The manager beside a plain model: random sequences of its operations, with crashes and failed calls at any
//! operation of the file system. Whatever happens, what opens is what was acknowledged last, or something later.

mod model;
mod operation;

mod figures;
mod world;

mod judge;
mod run;

pub use figures::{Broken, Figures};
pub use operation::{Operation, Sequence, sequences};
pub use run::run;
