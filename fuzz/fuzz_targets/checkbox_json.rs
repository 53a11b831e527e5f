//! A Checkbox session as the text within its envelope.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| session_tests::fuzzing::run("checkbox_json", bytes));
