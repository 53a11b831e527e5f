//! Codecs between a session state and bytes: the native format and Checkbox JSON; no disk.
