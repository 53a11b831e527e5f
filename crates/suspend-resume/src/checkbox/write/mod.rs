//! Writing the formats of Checkbox.

pub(in crate::checkbox) mod text;

mod listing;
mod paths;

pub(in crate::checkbox) mod result;

pub(in crate::checkbox) mod session;

mod loss;
mod losses;

pub(crate) use session::write_checkbox;

pub use loss::{Loss, Obstacle};
pub use losses::losses;
