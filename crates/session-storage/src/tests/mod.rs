//! What is proven over all operations of the crate at once.

mod shortage;
