//! `reboot-rehearsal`: a run on a virtual machine that is switched off by a job, loses its power, and comes back.
//! Needs an x86-64 host with `qemu-system-x86_64`, a static `busybox`, `mkfs.ext4` and, once, `apt-get`.
//!
//! Exit code 0: the session came to its end as it has to; 1: it did not, or something is missing; 2: wrong arguments.

use std::process::ExitCode;

use session_tests::rebooting::rehearse;
use session_tests::{numbers, say};

fn main() -> ExitCode {
    if let Err(error) = numbers(std::env::args().skip(1), &[]) {
        say::complaint(&format!("reboot-rehearsal: {error}"));
        return ExitCode::from(2);
    }
    match rehearse() {
        Ok(rehearsal) => {
            say::line(&rehearsal.to_string());
            ExitCode::SUCCESS
        }
        Err(error) => {
            say::complaint(&format!("reboot-rehearsal: {}", say::chain(&error)));
            ExitCode::FAILURE
        }
    }
}
