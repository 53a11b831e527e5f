//! Cuts a stream of bytes into lines, in bounded memory.

mod splitter;

pub(crate) use splitter::LineSplitter;

#[cfg(test)]
mod tests;
