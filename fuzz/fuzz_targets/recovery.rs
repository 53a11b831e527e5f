//! Recovery of a session from a directory that holds anything.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| session_tests::fuzzing::run("recovery", bytes));
