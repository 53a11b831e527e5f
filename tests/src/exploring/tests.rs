//! The explorer leaves no workload out.

use std::collections::BTreeSet;

use session_storage::explore::Workload;

use super::explore::task;

#[test]
fn every_workload_has_its_turn_by_every_means() {
    let count = Workload::ALL.len();
    let seen = |numbers: std::ops::Range<usize>| -> BTreeSet<(&str, String, usize)> {
        let tasks = numbers.map(|number| task(5, number));
        tasks
            .map(|task| (task.workload.name, format!("{:?}", task.means), task.turn))
            .collect()
    };
    assert_eq!(seen(0..2 * count).len(), 2 * count);
    assert!(seen(0..2 * count).iter().all(|(_, _, turn)| *turn == 5));
    assert!(
        seen(2 * count..3 * count)
            .iter()
            .all(|(_, _, turn)| *turn == 6)
    );
}
