//! The glue: create, wrap, load, checkpoint and destroy durable sessions.
