//! Requirement programs: read, printed, evaluated.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| session_tests::fuzzing::run("requirements", bytes));
