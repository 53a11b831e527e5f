//! Unit files in YAML.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| session_tests::fuzzing::run("units_yaml", bytes));
