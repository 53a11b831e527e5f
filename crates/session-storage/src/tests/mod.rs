//! What is proven over all operations of the crate at once.

mod golden;
mod hostile;
mod kit;
mod shortage;
