//! Writing the formats of Checkbox.

pub(in crate::checkbox) mod text;

mod paths;

pub(in crate::checkbox) mod result;

pub(in crate::checkbox) mod session;

mod losses;

pub(crate) use session::write_checkbox;

pub use losses::{Loss, losses};
