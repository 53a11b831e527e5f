//! Writing the formats of Checkbox.

pub(in crate::checkbox) mod text;

mod listing;
mod pack;
mod paths;

pub(in crate::checkbox) mod result;

mod blocks;
pub(in crate::checkbox) mod session;

mod encoder;

mod loss;
mod losses;

pub(crate) use session::write_checkbox;

pub use encoder::CheckboxEncoder;
pub use loss::{Loss, Obstacle};
pub use losses::losses;
