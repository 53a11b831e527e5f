//! Two pieces of work at the same time.

use std::panic::resume_unwind;
use std::thread::{Builder, scope};

/// Does one thing in a thread of its own and the other here, and comes back when both are done. Where the system
/// gives no thread, one is done after the other.
pub(super) fn at_once<A: Send, B>(
    there: impl Fn() -> A + Sync,
    here: impl FnOnce() -> B,
) -> (A, B) {
    scope(|scope| {
        let thread = Builder::new().spawn_scoped(scope, &there);
        let of_here = here();
        let of_there = match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => there(),
        };
        (of_there, of_here)
    })
}
