//! Where the time comes from: an argument of the manager, so that tests can set it.

use std::fmt;

/// Tells the time.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Microseconds since the epoch.
    fn now_us(&self) -> i64;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one home of the clock"
    )]
    fn now_us(&self) -> i64 {
        let now = std::time::SystemTime::now();
        match now.duration_since(std::time::UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |us| -us),
        }
    }
}

/// A clock that stands still until it is moved.
#[cfg(feature = "simulation")]
#[derive(Debug, Default)]
pub struct ManualClock(std::sync::atomic::AtomicI64);

#[cfg(feature = "simulation")]
impl ManualClock {
    /// A clock at this time, in microseconds since the epoch.
    pub fn at(now_us: i64) -> Self {
        Self(now_us.into())
    }

    /// Moves the clock.
    pub fn advance(&self, by_us: i64) {
        self.0
            .fetch_add(by_us, std::sync::atomic::Ordering::Relaxed);
    }
}

#[cfg(feature = "simulation")]
impl Clock for ManualClock {
    fn now_us(&self) -> i64 {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}
