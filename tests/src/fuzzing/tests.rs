//! The bodies of the fuzz targets hold for their seeds and for some damage to them; found inputs have names.

use std::path::Path;

use super::{TARGETS, Target, target};
use crate::random::Random;

/// So many seeds of a target are tried, spread over all of them.
const SEEDS_MAX: usize = 250;

/// Each seed as it is, one cut and one with a changed byte.
fn try_seeds(target: &Target) {
    let seeds = (target.seeds)().expect("the corpus is committed");
    assert!(seeds.len() > 3, "{} has too few seeds", target.name);
    let step = seeds.len().div_ceil(SEEDS_MAX);
    for (round, seed) in (0..).zip(seeds.iter().step_by(step)) {
        let mut random = Random::of_round(5, round);
        (target.run)(seed);
        let Some(last) = (seed.len() as u64).checked_sub(1) else {
            continue;
        };
        let cut = usize::try_from(random.between(0, last)).expect("within the seed");
        (target.run)(&seed[..cut]);
        let mut damaged = seed.clone();
        damaged[cut] ^= 1 << random.between(0, 7);
        (target.run)(&damaged);
    }
}

fn named(name: &str) -> &'static Target {
    target(name).expect("a target of that name")
}

#[test]
fn recovery_bears_its_seeds() {
    try_seeds(named("recovery"));
}

#[test]
fn unit_files_bear_their_seeds() {
    for name in ["pxu", "units_yaml", "units_json"] {
        try_seeds(named(name));
    }
}

#[test]
fn requirements_bear_their_seeds() {
    try_seeds(named("requirements"));
}

#[test]
fn native_decoders_bear_their_seeds() {
    for name in ["native_head", "native_body", "native_frames"] {
        try_seeds(named(name));
    }
}

#[test]
fn checkbox_decoders_bear_their_seeds() {
    for name in ["checkbox_gzip", "checkbox_json"] {
        try_seeds(named(name));
    }
}

#[test]
fn every_target_is_tried_here_and_has_its_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/fuzz_targets");
    let programs = crate::disk::entries(&folder).expect("a folder");
    let mut programs: Vec<_> = programs
        .iter()
        .filter_map(|path| path.file_stem()?.to_str())
        .collect();
    programs.sort_unstable();
    let mut names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
    names.sort_unstable();
    assert_eq!(programs, names);
}

/// Found by fuzzing: a snapshot that was kept aside was written over by the next one of its generation.
#[test]
fn a_damaged_snapshot_that_is_kept_aside_is_never_written_over() {
    (named("recovery").run)(&[77, 5, 0, 5, 5, 0, 252, 32, 5, 32, 5, 0, 5, 2]);
}
