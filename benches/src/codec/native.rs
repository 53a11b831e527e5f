//! The native format beside bare bincode.

use std::hint::black_box;

use session_state::SessionState;
use suspend_resume::{
    Format, Limits, SuspendOptions, WireSession, head_bytes, native_parts, resume_native, suspend,
};

use super::bare::Session;
use super::sample::session;
use crate::error::{BenchError, Doing as _};
use crate::flat::{each, flat};
use crate::jobs::number;
use crate::method::{Contender, Rounds, Row, Unit, measured, time_rounds};
use crate::run::{RunOptions, Scale};

const OURS: &str = "ours";
const BARE: &str = "bare bincode 2";

/// Ours may take this many times as long: 0.8 of the throughput.
const TIMES_MAX: f64 = 1.25;

/// Both forms of a session, and its bytes.
struct Forms {
    /// The session as a run leaves it: definitions and results lie in memory in the order in which they came.
    left: SessionState,
    bytes: Vec<u8>,
    /// What was read from the bytes, by us and by bincode, so that to both the texts lie in the order in which they are
    /// written.
    read: SessionState,
    bare: Session,
}

impl Forms {
    fn of(jobs: usize) -> Result<Self, BenchError> {
        let (_, left) = session(jobs, jobs)?;
        let bytes = suspended(&left)?;
        let head = head_bytes(&bytes).and_then(|head| usize::try_from(head).ok());
        let body = head.and_then(|head| bytes.get(head..)).unwrap_or_default();
        let bare = Session::of_body(body)?;
        let read = resume_native(&bytes, &Limits::default()).doing("read")?;
        Ok(Self {
            left,
            bytes,
            read,
            bare,
        })
    }

    /// The wire values of one of the two states, proven by the bytes they give.
    fn wire<'s>(&self, state: &'s SessionState) -> Result<WireSession<'s>, BenchError> {
        let wire = WireSession::of(state).doing("make wire values")?;
        if written(&wire)? == self.bytes {
            return Ok(wire);
        }
        Err(BenchError::Wrong {
            what: "wire values give other bytes than their state".to_owned(),
        })
    }
}

/// Writing and reading, in rounds of their own: what a reader gives back to the allocator decides how dear the next
/// output is to whoever writes after it.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let jobs = options.scale.pick(10_000, 10_000, 20);
    let forms = Forms::of(jobs)?;
    let mut rows = writing_rows(options, &forms, jobs)?;
    rows.push(reading_row(options, &forms, jobs)?);
    Ok(rows)
}

fn writing_rows(options: &RunOptions, forms: &Forms, jobs: usize) -> Result<Vec<Row>, BenchError> {
    let (wire, wire_left) = (forms.wire(&forms.read)?, forms.wire(&forms.left)?);
    let rounds = time_rounds(
        options.scale.rounds(),
        &mut [
            Contender::new(OURS, || written(&wire).map(keep)),
            Contender::new(BARE, || forms.bare.encode().map(keep)),
            Contender::new("as left", || written(&wire_left).map(keep)),
            Contender::new("whole", || suspended(&forms.left).map(keep)),
        ],
    )?;
    let told = |what: &str, ours: &str| {
        beside_bare(format!("{what}, {jobs} jobs"), &rounds, ours)
            .ratio_told(rounds.ratio(ours, BARE))
    };
    let mut rows = vec![
        judged("write", &rounds, forms, jobs),
        told("the same where the run left it in memory", "as left"),
        told("the same from the state, its names numbered", "whole"),
    ];
    if options.scale != Scale::Least {
        let count = |probe: &str| each(options, &["codec", probe, &jobs.to_string()], 1);
        rows.push(flat(
            &format!("native write, {jobs} jobs: instructions"),
            count("write")?,
            BARE,
            count("bare-write")?,
            TIMES_MAX,
        ));
    }
    Ok(rows)
}

fn reading_row(options: &RunOptions, forms: &Forms, jobs: usize) -> Result<Row, BenchError> {
    let bare_bytes = forms.bare.encode()?;
    let limits = Limits::default();
    let rounds = time_rounds(
        options.scale.rounds(),
        &mut [
            Contender::new(OURS, || {
                native_parts(&forms.bytes, &limits).doing("read").map(keep)
            }),
            Contender::new(BARE, || {
                let read = Session::decode(&bare_bytes)?;
                same(read.len(), jobs)?;
                keep(read);
                Ok(())
            }),
        ],
    )?;
    Ok(judged("read", &rounds, forms, jobs))
}

/// The row of a direction that has a bar.
fn judged(direction: &str, rounds: &Rounds, forms: &Forms, jobs: usize) -> Row {
    let kib = forms.bytes.len() / 1024;
    let work = format!("native {direction}, checksum included, {jobs} jobs ({kib} KiB)");
    beside_bare(work, rounds, OURS).ratio_at_most(rounds.ratio(OURS, BARE), BARE, TIMES_MAX)
}

fn beside_bare(work: String, rounds: &Rounds, ours: &str) -> Row {
    Row::new(work, rounds.median_ns(ours, 1), Unit::Nanoseconds)
        .beside(BARE, rounds.median_ns(BARE, 1))
}

/// Writes the wire values of a session, or what bincode read from its bytes.
pub(super) fn probe(what: &str, jobs: &str) -> Result<(), BenchError> {
    let forms = Forms::of(number(jobs)?)?;
    let wire = forms.wire(&forms.read)?;
    measured(|| match what {
        "bare-write" => forms.bare.encode(),
        _ => written(&wire),
    })
    .map(keep)
}

fn written(wire: &WireSession<'_>) -> Result<Vec<u8>, BenchError> {
    wire.encode().doing("write")
}

fn suspended(state: &SessionState) -> Result<Vec<u8>, BenchError> {
    suspend(state, Format::Native, &SuspendOptions::default()).doing("suspend")
}

/// Keeps the compiler from leaving the work out.
fn keep<T>(answer: T) {
    drop(black_box(answer));
}

fn same(found: usize, expected: usize) -> Result<(), BenchError> {
    if found == expected {
        return Ok(());
    }
    Err(BenchError::Wrong {
        what: format!("{found} jobs instead of {expected}"),
    })
}
