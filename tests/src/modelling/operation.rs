//! What may happen to a session.

use proptest::collection::vec;
use proptest::prelude::*;
use session_manager::Lifecycle;
use session_state::JobOutcome;
use session_storage::Failure;

/// How many jobs a session has.
pub(super) const JOBS: usize = 4;

/// One thing that happens. Jobs are named by number.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Another title.
    Title(u8),
    /// Other bytes of the application, so many; many of them make the journal fold.
    Blob(u16),
    /// These jobs are selected.
    Select(Vec<usize>),
    /// A job gets another definition.
    Redefine(usize, u8),
    /// A job is begun, writes so many bytes, and ends with this outcome.
    Run(usize, u16, JobOutcome),
    /// A job is begun and stopped on purpose.
    Stop(usize),
    /// A job is begun, and may leave a result; nobody ends it.
    Leave(usize, Option<&'static str>),
    /// A result is recorded without running anything; `None` has the job run again.
    Record(usize, Option<JobOutcome>),
    /// A step in the life of the session.
    Enter(Lifecycle),
    /// Everything is made durable.
    Checkpoint,
    /// Somebody asks that the session be given up.
    RequestAbort,
    /// The session is given up.
    Abort,
    /// The session is closed and opened again.
    Close,
    /// The process is killed and the session opened again.
    Kill,
    /// Another process looks.
    Look,
    /// The call that comes so much later fails in this way, once.
    Fail(u8, usize),
    /// After so many further operations of the file system everything stops; the session is opened again from what
    /// a kill or, by number, a power cut leaves.
    Crash(u8, Option<u8>),
}

/// A session of a format, and what happens to it.
#[derive(Clone, Debug)]
pub struct Sequence {
    /// Whether it is kept in Checkbox's newest format.
    pub is_checkbox: bool,
    /// What happens.
    pub operations: Vec<Operation>,
}

/// Random sequences.
pub fn sequences() -> impl Strategy<Value = Sequence> {
    (prop::bool::weighted(0.2), vec(operation(), 4..40)).prop_map(|(is_checkbox, operations)| {
        Sequence {
            is_checkbox,
            operations,
        }
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    let job = || 0..JOBS;
    let outcome = || prop::sample::select(&JobOutcome::ALL[..]);
    let result = prop::option::of(prop::sample::select(vec![
        r#"{"outcome": "pass"}"#,
        r#"{"outcome": "skip", "comments": "x"}"#,
        r#"{"outcome": 7}"#,
        "no JSON",
    ]));
    prop_oneof![
        2 => any::<u8>().prop_map(Operation::Title),
        3 => (0..900_u16).prop_map(Operation::Blob),
        2 => vec(job(), 0..JOBS).prop_map(Operation::Select),
        1 => (job(), any::<u8>()).prop_map(|(job, text)| Operation::Redefine(job, text)),
        6 => (job(), 0..200_u16, outcome()).prop_map(|(job, bytes, outcome)| Operation::Run(job, bytes, outcome)),
        1 => job().prop_map(Operation::Stop),
        2 => (job(), result).prop_map(|(job, left)| Operation::Leave(job, left)),
        3 => (job(), prop::option::of(outcome())).prop_map(|(job, outcome)| Operation::Record(job, outcome)),
        2 => prop::sample::select(&Lifecycle::ALL[..]).prop_map(Operation::Enter),
        6 => Just(Operation::Checkpoint),
        1 => Just(Operation::RequestAbort),
        1 => Just(Operation::Abort),
        2 => Just(Operation::Close),
        2 => Just(Operation::Kill),
        2 => Just(Operation::Look),
        6 => (0..12_u8, 0..Failure::ALL.len()).prop_map(|(later, failure)| Operation::Fail(later, failure)),
        4 => (0..40_u8, prop::option::of(any::<u8>())).prop_map(|(later, cut)| Operation::Crash(later, cut)),
    ]
}
