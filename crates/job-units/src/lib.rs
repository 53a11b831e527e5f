//! Unit files (PXU) into job definitions, with exact line origins.
