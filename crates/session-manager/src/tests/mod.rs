//! The promises of the manager, on simulated file systems.

mod crash;
mod documented;
mod fates;
mod faults;
mod kit;
mod logs;
