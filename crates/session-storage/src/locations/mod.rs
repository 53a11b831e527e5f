//! Where repositories are.

mod choice;

pub use choice::{
    Environment, LocationError, checkbox_038_location, checkbox_location, plainbox_location,
    repository_location,
};

#[cfg(test)]
mod tests;
