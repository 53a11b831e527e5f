//! A Checkbox session as a file.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| session_tests::fuzzing::run("checkbox_gzip", bytes));
