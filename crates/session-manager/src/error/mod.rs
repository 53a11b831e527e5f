//! What can fail, one enum per verb; the causes are those of the layers below.

mod checkpoint;
mod load;
mod log;
mod session;

pub use checkpoint::CheckpointError;
pub use load::{LoadError, ReadError};
pub use log::LogError;
pub use session::{CreateError, DestroyError, FindError};
