//! Unit files in PXU, and the records they are made of.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| session_tests::fuzzing::run("pxu", bytes));
