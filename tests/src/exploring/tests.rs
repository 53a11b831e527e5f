//! The explorer leaves no workload out.

use std::collections::BTreeSet;

use session_storage::explore::Workload;

use super::explore::{replay, task};

#[test]
fn every_workload_has_its_turn_by_every_means() {
    let workloads = Workload::every();
    let count = workloads.len();
    let seen = |numbers: std::ops::Range<usize>| -> BTreeSet<(String, String, usize)> {
        let tasks = numbers.filter_map(|number| task(&workloads, 5, number));
        let told = |means| format!("{means:?}");
        tasks
            .map(|task| (task.workload.name.to_string(), told(task.means), task.turn))
            .collect()
    };
    assert_eq!(seen(0..3 * count).len(), 3 * count);
    assert!(seen(0..3 * count).iter().all(|(_, _, turn)| *turn == 5));
    let next = seen(3 * count..4 * count);
    assert!(next.iter().all(|(_, _, turn)| *turn == 6));
    assert!(task(&[], 0, 0).is_none());
}

#[test]
fn a_sound_run_gone_through_again_tells_what_the_machine_did() {
    let again = "fold,seed=1,crash=30,kept=0".parse().expect("a replay");
    let story = replay(&again).expect("every promise holds");
    assert_eq!(
        story.iter().filter(|line| line.starts_with("30: ")).count(),
        1
    );
    assert!(!story.iter().any(|line| line.starts_with("31: ")));
}
