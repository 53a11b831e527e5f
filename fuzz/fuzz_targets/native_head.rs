//! The head of a native snapshot.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| session_tests::fuzzing::run("native_head", bytes));
