//! The life of a session: flags both ways, and the steps there are.

use std::collections::BTreeSet;

use session_state::{JobOutcome, JobResult, SessionState};

use super::kit::job;
use crate::{Lifecycle, WrongTransition};

/// A state that stands there, with a flag of somebody else besides.
fn standing(lifecycle: Lifecycle) -> SessionState {
    let mut state = SessionState::with_jobs([job("a", &[("command", "true")])]).unwrap();
    for flag in lifecycle.flags() {
        state.set_flag(*flag);
    }
    state.set_flag("testplanless");
    if lifecycle != Lifecycle::Fresh {
        state
            .update_job_result(&"a".into(), JobResult::of(JobOutcome::Pass), None)
            .unwrap();
    }
    state
}

#[test]
fn the_flags_say_where_a_session_stands_and_back() {
    for lifecycle in Lifecycle::ALL {
        let flags: BTreeSet<String> = lifecycle
            .flags()
            .iter()
            .map(|flag| (*flag).to_owned())
            .collect();
        let begun = lifecycle != Lifecycle::Fresh;
        assert_eq!(Lifecycle::of(&flags, begun), lifecycle);
        assert_eq!(Lifecycle::of_state(&standing(lifecycle)), lifecycle);
    }
    // What Checkbox writes at each stage.
    for (flags, begun, lifecycle) in [
        (&["setting_up"][..], true, Lifecycle::SettingUp),
        (&["bootstrapping"], true, Lifecycle::Bootstrapping),
        (&["incomplete"], true, Lifecycle::Running),
        (&["incomplete", "testplanless"], true, Lifecycle::Running),
        (&["incomplete", "submitted"], true, Lifecycle::Running),
        (&["submitted"], true, Lifecycle::Submitted),
        (&[], true, Lifecycle::Finished),
        (&[], false, Lifecycle::Fresh),
    ] {
        let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        assert_eq!(Lifecycle::of(&flags, begun), lifecycle, "{flags:?}");
    }
}

#[test]
fn every_step_is_taken_or_refused_without_a_trace() {
    let mut taken = 0;
    for from in Lifecycle::ALL {
        for to in Lifecycle::ALL {
            let mut state = standing(from);
            let before = state.clone();
            match to.enter(&mut state) {
                Ok(()) => {
                    taken += 1;
                    assert!(from.may_become(to));
                    let begun_differs = to == Lifecycle::Finished && from == Lifecycle::Fresh;
                    assert!(
                        begun_differs || Lifecycle::of_state(&state) == to,
                        "{from} to {to}"
                    );
                    assert!(state.metadata().flags.contains("testplanless"));
                }
                Err(error) => {
                    assert_eq!(error, WrongTransition { from, to });
                    assert_eq!(state, before);
                }
            }
        }
    }
    assert_eq!(taken, 20, "the steps of a life");
}

#[test]
fn a_closed_life_has_no_step_left() {
    for closed in [Lifecycle::Aborted, Lifecycle::Submitted] {
        assert!(!closed.is_open());
        assert!(Lifecycle::ALL.iter().all(|to| !closed.may_become(*to)));
    }
}
