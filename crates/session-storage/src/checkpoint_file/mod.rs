//! The single file of a session kept in a Checkbox format: read whole, replaced atomically.

mod load;
mod save;

pub use load::LoadCheckpointError;
pub use save::SaveCheckpointError;

#[cfg(test)]
mod tests;
