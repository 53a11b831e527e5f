//! The native format beside bare bincode, and what building the state takes.

use session_state::{JobParts, SessionParts, SessionState};
use suspend_resume::{
    Format, Limits, SuspendOptions, WireSession, head_bytes, native_parts, suspend,
};

use super::bare::Session;
use super::sample::session;
use crate::error::{BenchError, Doing as _};
use crate::method::{Contender, Interval, Row, Unit, time_rounds};
use crate::run::RunOptions;

const BARE: &str = "bare bincode 2";

/// Ours may take this many times as long: 0.8 of the throughput.
const TIMES_MAX: f64 = 1.25;

/// What building the state may take for a job.
const NS_A_JOB_MAX: f64 = 1_500.0;

/// Writing, reading, building.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let jobs = options.scale.pick(10_000, 10_000, 20);
    let (_, state) = session(jobs, jobs)?;
    let suspended = || suspend(&state, Format::Native, &SuspendOptions::default()).doing("suspend");
    let bytes = suspended()?;
    let head = head_bytes(&bytes).and_then(|head| usize::try_from(head).ok());
    let body = head.and_then(|head| bytes.get(head..)).unwrap_or_default();
    let bare = Session::of_body(body)?;
    let bare_bytes = bare.encode()?;
    let wire = WireSession::of(&state).doing("make wire values")?;
    if wire.encode().doing("write")? != bytes {
        return Err(BenchError::Wrong {
            what: "wire values give other bytes than their state".to_owned(),
        });
    }
    let limits = Limits::default();
    let mut contenders = [
        Contender::new("write", || wire.encode().doing("write").map(keep)),
        Contender::new("write whole", || suspended().map(keep)),
        Contender::new("bare write", || bare.encode().map(keep)),
        Contender::new("read", || {
            native_parts(&bytes, &limits).doing("read").map(keep)
        }),
        Contender::new("bare read", || {
            let read = Session::decode(&bare_bytes)?;
            same(read.len(), jobs)?;
            keep(read);
            Ok(())
        }),
    ];
    let rounds = time_rounds(options.scale.rounds(), &mut contenders)?;
    let row = |what: &str, ours: &str, other: &str| {
        let kib = bytes.len() / 1024;
        let work = format!("native {what}, checksum included, {jobs} jobs ({kib} KiB)");
        Row::new(work, rounds.median_ns(ours, 1), Unit::Nanoseconds)
            .beside(BARE, rounds.median_ns(other, 1))
            .ratio_at_most(rounds.ratio(ours, other), BARE, TIMES_MAX)
    };
    let whole = format!("the same from the state, its names numbered, {jobs} jobs");
    let whole = Row::new(whole, rounds.median_ns("write whole", 1), Unit::Nanoseconds)
        .beside(BARE, rounds.median_ns("bare write", 1))
        .ratio_told(rounds.ratio("write whole", "bare write"));
    Ok(vec![
        row("write", "write", "bare write"),
        whole,
        row("read", "read", "bare read"),
        building_row(options, jobs)?,
    ])
}

/// From what was read to a state; linear when ten times the jobs take ten times as long.
fn building_row(options: &RunOptions, jobs: usize) -> Result<Row, BenchError> {
    let (_, small) = session(jobs, jobs)?;
    let (_, large) = session(jobs * 10, jobs * 10)?;
    let work = |state: &SessionState| parts(state);
    let (mut next, mut next_large) = (None, None);
    let (next, next_large) = (
        std::cell::RefCell::new(&mut next),
        std::cell::RefCell::new(&mut next_large),
    );
    let mut contenders = [
        Contender::new("ours", || build(next.borrow_mut().take())).prepared(|| {
            **next.borrow_mut() = Some(work(&small));
            Ok(())
        }),
        Contender::new("tenfold", || build(next_large.borrow_mut().take())).prepared(|| {
            **next_large.borrow_mut() = Some(work(&large));
            Ok(())
        }),
    ];
    let rounds = time_rounds(options.scale.pick(30, 5, 1), &mut contenders)?;
    let each = rounds.median_ns("ours", jobs);
    let ratio = rounds.ratio("tenfold", "ours");
    let linear = Interval {
        median: ratio.median / 10.0,
        low: ratio.low / 10.0,
        high: ratio.high / 10.0,
    };
    let words = format!("linear: ten times the jobs at most 1.5 as much a job ({linear})");
    Ok(Row::new(
        format!("what was read to a state, a job of {jobs}"),
        each,
        Unit::Nanoseconds,
    )
    .beside("tenfold", rounds.median_ns("tenfold", jobs * 10))
    .at_most(NS_A_JOB_MAX)
    .judged(&words, linear.low <= 1.5))
}

fn build(parts: Option<SessionParts>) -> Result<(), BenchError> {
    let state = SessionState::restore(parts.unwrap_or_default()).doing("restore")?;
    keep(state);
    Ok(())
}

/// The parts a state is made of.
fn parts(state: &SessionState) -> SessionParts {
    SessionParts {
        jobs: state
            .jobs()
            .map(|job| JobParts {
                definition: job.definition().clone(),
                via: job.via().cloned(),
                result: job.history().last().cloned().unwrap_or_default(),
                history: job.history().to_vec(),
                attempts: job.attempts(),
                attempts_begun: job.attempts_begun(),
                started_attempts: job.started_attempts(),
                overrides: job.overrides().cloned().unwrap_or_default(),
            })
            .collect(),
        desired: state.desired_jobs().cloned().collect(),
        mandatory: state.mandatory_jobs().cloned().collect(),
        run_list: state.run_list().cloned().collect(),
        metadata: state.metadata().clone(),
        ..SessionParts::default()
    }
}

/// Keeps the compiler from leaving the work out.
fn keep<T>(answer: T) {
    drop(std::hint::black_box(answer));
}

fn same(found: usize, expected: usize) -> Result<(), BenchError> {
    if found == expected {
        return Ok(());
    }
    Err(BenchError::Wrong {
        what: format!("{found} jobs instead of {expected}"),
    })
}
