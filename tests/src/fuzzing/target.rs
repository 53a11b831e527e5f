//! The table of targets.

use super::corpus::CorpusError;
use super::{checkbox, native, recovery, requirements, units};

/// A decoder and what it is tried with.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, also that of its file in `fuzz/fuzz_targets`.
    pub name: &'static str,
    /// Tries one input; panics when a promise is broken.
    pub run: fn(&[u8]),
    /// Inputs to begin with, each of another kind.
    pub seeds: fn() -> Result<Vec<Vec<u8>>, CorpusError>,
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target {
        name: "recovery",
        run: recovery::run,
        seeds: recovery::seeds,
    },
    Target {
        name: "pxu",
        run: units::run_pxu,
        seeds: units::pxu_seeds,
    },
    Target {
        name: "units_yaml",
        run: units::run_yaml,
        seeds: units::yaml_seeds,
    },
    Target {
        name: "units_json",
        run: units::run_json,
        seeds: units::json_seeds,
    },
    Target {
        name: "requirements",
        run: requirements::run,
        seeds: requirements::seeds,
    },
    Target {
        name: "native_head",
        run: native::run_head,
        seeds: native::head_seeds,
    },
    Target {
        name: "native_body",
        run: native::run_body,
        seeds: native::body_seeds,
    },
    Target {
        name: "native_frames",
        run: native::run_frames,
        seeds: native::frame_seeds,
    },
    Target {
        name: "checkbox_gzip",
        run: checkbox::run_gzip,
        seeds: checkbox::gzip_seeds,
    },
    Target {
        name: "checkbox_json",
        run: checkbox::run_json,
        seeds: checkbox::json_seeds,
    },
];

/// The target of a name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Tries one input with the target of a name.
///
/// # Panics
/// When a promise is broken, or there is no such target.
pub fn run(name: &str, bytes: &[u8]) {
    let target = target(name).expect("a target of that name");
    (target.run)(bytes);
}
