//! The promises of the manager: on simulated file systems, and where processes meet on a real one.

mod aborts;
mod checkbox;
mod checksums;
mod cost;
mod crash;
mod documented;
mod drifts;
mod durable;
mod errors;
mod fates;
mod faults;
mod full;
mod golden;
mod holders;
mod kept;
mod kit;
mod lifecycle;
mod logs;
mod newer;
mod plans;
mod resuming;
mod running;
mod table;
mod verify_logs;
