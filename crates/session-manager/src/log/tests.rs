//! Names and contents of logs.
