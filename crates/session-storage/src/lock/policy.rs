//! What to do while somebody else holds the lock.

use std::thread;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(50);

/// What to do while somebody else holds the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockPolicy {
    /// Fail at once and name the holder.
    FailNow,
    /// Try again every 50 milliseconds until this long was waited, then fail and name the holder.
    WaitUpTo(Duration),
}

impl LockPolicy {
    /// For a lock that is still held though its holder is gone.
    pub(super) const HOLDER_GONE: Self = Self::WaitUpTo(Duration::from_secs(2));

    /// The pauses to make between attempts; each returns after it was waited for.
    pub(super) fn pauses(self) -> impl Iterator<Item = ()> {
        let mut left = match self {
            Self::FailNow => Duration::ZERO,
            Self::WaitUpTo(limit) => limit,
        };
        std::iter::from_fn(move || {
            if left.is_zero() {
                return None;
            }
            let pause = left.min(PAUSE);
            left = left.saturating_sub(pause);
            thread::sleep(pause);
            Some(())
        })
    }
}
