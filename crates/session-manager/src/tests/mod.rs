//! The promises of the manager, on simulated file systems.

mod cost;
mod crash;
mod documented;
mod fates;
mod faults;
mod kit;
mod logs;
