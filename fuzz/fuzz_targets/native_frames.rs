//! The packets of journal frames, as they are and behind their checksums.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| session_tests::fuzzing::run("native_frames", bytes));
