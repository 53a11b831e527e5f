//! Which signals are taken over.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::signals::{Stop, ignored_mask, is_ignored};

#[test]
fn a_signal_that_was_ignored_at_the_start_is_told_from_one_that_was_not() {
    let status = "Name:\tsession\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n";
    let mask = ignored_mask(status).expect("the line is there");
    assert!(is_ignored(mask, SIGHUP));
    assert!(!is_ignored(mask, SIGINT));
    assert!(!is_ignored(mask, SIGTERM));
    assert_eq!(ignored_mask("Name:\tsession\n"), None);
    assert_eq!(ignored_mask("SigIgn:\tnonsense\n"), None);
}

#[test]
fn nobody_asked_to_stop() {
    assert_eq!(Stop::default().requested(), None);
}
