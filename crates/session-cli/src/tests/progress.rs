//! What is left, in words.

use std::time::Duration;

use crate::progress::{UNKNOWN, remaining};

#[test]
fn what_is_left_is_told_while_it_is_known() {
    let at = |seconds| Duration::from_secs(seconds);
    assert_eq!(remaining(10_000, at(0)).as_deref(), Some("11 s"));
    assert_eq!(remaining(10_500, at(4)).as_deref(), Some("7 s"));
    assert_eq!(remaining(600_000, at(0)).as_deref(), Some("10 min 01 s"));
    assert_eq!(remaining(10_000, at(11)), None);
    assert_eq!(remaining(UNKNOWN, at(0)), None);
}
