//! What is proven over all operations of the crate at once.

mod hostile;
mod shortage;
