//! The promises of the manager.
