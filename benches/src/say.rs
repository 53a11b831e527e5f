//! The only place of this package that prints.

use std::error::Error;

/// Prints what was found or done.
#[expect(clippy::print_stdout, reason = "this is where the programs talk")]
pub fn line(text: &str) {
    println!("{text}");
}

/// Prints how far a run is, or what is wrong, to standard error.
#[expect(clippy::print_stderr, reason = "this is where the programs complain")]
pub fn progress(text: &str) {
    eprintln!("{text}");
}

/// An error and its causes as one line, outermost first.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
