//! Writing the formats of Checkbox.

mod text;

mod paths;

mod result;

pub(in crate::checkbox) mod session;

mod losses;

pub(crate) use session::{Extra, write_checkbox};

pub use losses::{Loss, losses};
