//! Writing is streaming: small pieces, no second copy, and the errors of the writer come out.

use std::io;
use std::sync::Arc;

use session_state::{JobDefinition, JobId, JobOutcome, JobResult, SessionState};

use crate::native::suspend_native_to;
use crate::tests::sample::sample;
use crate::{Format, SuspendOptions, suspend};

/// Takes a piece, notes its length, and fails once the room is used up.
struct Narrow {
    room: usize,
    longest: usize,
    taken: Vec<u8>,
}

impl io::Write for Narrow {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.longest = self.longest.max(piece.len());
        let fits = piece.len().min(self.room);
        if fits == 0 && !piece.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.room -= fits;
        self.taken.extend(&piece[..fits]);
        Ok(fits)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn large() -> SessionState {
    let define = |number: u32| {
        let id = format!("job/{number}");
        let fields = vec![
            ("id".into(), id.as_str().into()),
            ("command".into(), "true".into()),
        ];
        Arc::new(JobDefinition::new(None, fields, None, None))
    };
    let mut state = SessionState::with_jobs((0..20_000).map(define)).unwrap();
    for number in 0..20_000 {
        let job = JobId::new(format!("job/{number}"));
        state
            .update_job_result(&job, JobResult::of(JobOutcome::Pass), None)
            .unwrap();
    }
    state
}

#[test]
fn a_large_session_leaves_in_small_pieces() {
    let state = large();
    let mut out = Narrow {
        room: usize::MAX,
        longest: 0,
        taken: Vec::new(),
    };
    suspend_native_to(&state, &mut out).unwrap();
    assert_eq!(
        out.taken,
        suspend(&state, Format::Native, &SuspendOptions::default()).unwrap()
    );
    assert!(out.longest < 80 * 1024, "a piece of {} bytes", out.longest);
    assert!(out.taken.len() > 400_000 && out.taken.len() < 40 * 20_000);
}

#[test]
fn a_writer_without_room_is_an_error_at_every_length() {
    let (state, _) = sample();
    let whole = suspend(&state, Format::Native, &SuspendOptions::default()).unwrap();
    for room in 0..whole.len() {
        let mut out = Narrow {
            room,
            longest: 0,
            taken: Vec::new(),
        };
        let error = suspend_native_to(&state, &mut out).expect_err("no room for all of it");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(out.taken, whole[..room]);
    }
}
