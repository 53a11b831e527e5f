//! The stage list and the choice among it.

use super::stages::{all, chosen};
use crate::flags::CiFlags;

fn names(no_tests: bool, only: &[&str]) -> Result<Vec<&'static str>, String> {
    let only = only.iter().map(|&name| name.to_owned()).collect();
    let flags = CiFlags {
        no_tests,
        only,
        list: false,
    };
    let stages = chosen(all(true), &flags).map_err(|error| error.to_string())?;
    Ok(stages.iter().map(|stage| stage.name).collect())
}

#[test]
fn stages_come_in_one_order_whatever_was_asked() {
    let every = [
        "fmt", "clippy", "fuzz", "layers", "tidy", "docs", "examples", "tests",
    ];
    assert_eq!(names(false, &[]).unwrap(), every);
    assert_eq!(names(true, &[]).unwrap(), every[..7]);
    assert_eq!(names(false, &["tidy", "fmt"]).unwrap(), ["fmt", "tidy"]);
    let unknown = names(false, &["lint"]).unwrap_err();
    assert!(
        unknown.contains("\"lint\"") && unknown.contains("clippy"),
        "{unknown}"
    );
}

#[test]
fn warnings_are_errors_and_each_command_can_be_typed() {
    let lines: Vec<String> = all(true).iter().map(|stage| stage.action.line()).collect();
    let expected = [
        "cargo fmt --all --check",
        "cargo clippy --workspace --all-targets --all-features -- -D warnings",
        "cargo clippy --manifest-path fuzz/Cargo.toml --no-default-features --target-dir target -- -D warnings",
        "cargo xtask layers",
        "cargo xtask tidy",
        "RUSTDOCFLAGS=\"-D warnings\" cargo doc --workspace --no-deps",
        "cargo test --workspace --doc",
        "cargo nextest run --workspace",
    ];
    assert_eq!(lines, expected);
    let without = all(false).pop().map(|stage| stage.action.line());
    assert_eq!(
        without.as_deref(),
        Some("cargo test --workspace --all-targets")
    );
}
