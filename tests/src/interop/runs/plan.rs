//! The plan that both run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use job_units::{ReadOptions, parse_units};
use serde_json::Value;
use session_state::JobDefinition;
use session_state::record::{LineRule, parse};

const TEXT: &str = include_str!("../../../interop/plan.pxu");

/// The jobs of the plan.
pub(super) fn definitions() -> Vec<Arc<JobDefinition>> {
    let units = parse_units(TEXT, "plan.pxu", &ReadOptions::default());
    units
        .expect("the plan is committed and read by a test")
        .jobs
}

/// The same as the driver takes them.
pub(super) fn units() -> Value {
    let records = parse(TEXT, LineRule::File).records;
    let unit = |record: &session_state::record::Record| -> Value {
        let fields = record.fields().iter();
        fields
            .map(|field| (field.name().to_owned(), Value::from(field.value())))
            .collect()
    };
    records.iter().map(unit).collect()
}

/// The file, for the program.
pub(super) fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/plan.pxu")
}
