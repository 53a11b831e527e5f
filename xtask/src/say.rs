//! The only place of this package that prints.

use std::error::Error;

/// Prints one line of what was found or done.
#[expect(clippy::print_stdout, reason = "this is where xtask talks")]
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// Prints one line about what is wrong.
#[expect(clippy::print_stderr, reason = "this is where xtask complains")]
pub(crate) fn complaint(text: &str) {
    eprintln!("{text}");
}

/// An error and its sources as one line, outermost first.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
