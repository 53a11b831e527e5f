//! A crash at any operation of a repair: the session opens as it was or repaired, and no original byte is lost.

use super::kit::{Harm, append, apply, found, originals, plan, session};
use crate::fs::{CrashFs, Exploration};
use crate::journal::tests::kit::{open, options, writes};
use crate::repair::RepairPlan;

/// Finishes what was begun, writes on, and answers what is kept of the originals.
fn finish(image: &CrashFs, plan: &RepairPlan) -> std::collections::BTreeMap<String, Vec<u8>> {
    if !found(image).recovered.verdict.is_writable() {
        apply(image, plan).expect("a session that is as it was takes the same plan");
    }
    assert_eq!(found(image).recovered.position.seq, plan.position.seq);
    for _ in 0..2 {
        let (mut journal, _) = open(image, &options());
        append(&mut journal, b"more");
        journal.fold(&mut writes(b"state")).expect("nothing fails");
    }
    originals(image, plan)
}

/// Invariant R3.
#[test]
fn no_crash_of_a_repair_loses_a_byte_of_the_originals() {
    let mut images = 0;
    for harm in [Harm::LastFrame, Harm::Head] {
        let start = session();
        harm.befall(&start);
        let start = start.after_power_cut();
        let plan = plan(&start).expect("it needs a repair");
        let kept_aside = originals(&start, &plan);
        for crash_after in 0.. {
            let fs = start.after_kill();
            fs.crash_after(crash_after);
            let _ = apply(&fs, &plan);
            let exploration = Exploration {
                exhaustive_max: 6,
                samples: 20,
                seed: crash_after,
            };
            let cut = fs.crash_images(&exploration).map(|image| image.fs);
            for image in cut.chain([fs.after_kill()]) {
                images += 1;
                assert_eq!(finish(&image, &plan), kept_aside, "after {crash_after}");
            }
            if !fs.crashed() {
                break;
            }
        }
    }
    assert!(images > 100, "{images}");
}
