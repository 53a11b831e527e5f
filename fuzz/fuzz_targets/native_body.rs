//! The body of a native snapshot, behind its checksum.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| session_tests::fuzzing::run("native_body", bytes));
