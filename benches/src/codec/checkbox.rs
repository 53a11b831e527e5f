//! Checkbox's format 11 beside a JSON library and gzip.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use suspend_resume::{Format, ResumeOptions, SuspendOptions, resume, suspend};

use super::sample::session;
use crate::error::{BenchError, Doing as _};
use crate::method::{Contender, Row, Unit, time_rounds};
use crate::run::RunOptions;

const WRITE_FLOOR: &str = "serde_json + flate2";
const SERDE: &str = "inflate + serde_json";
#[cfg(feature = "peers")]
const JITER: &str = "inflate + jiter";

/// Writing and reading.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let jobs = options.scale.pick(10_000, 10_000, 20);
    let (definitions, state) = session(jobs, jobs)?;
    let suspended =
        || suspend(&state, Format::Checkbox(11), &SuspendOptions::default()).doing("suspend");
    let bytes = suspended()?;
    let text = inflated(&bytes)?;
    let document: serde_json::Value = serde_json::from_slice(&text).doing("parse")?;
    let read = |ignore: bool| {
        let mut how = ResumeOptions::default();
        how.ignore_job_checksums = ignore;
        let state = resume(&bytes, &definitions, &how, None).doing("resume")?;
        std::hint::black_box(&state);
        Ok(())
    };
    let mut contenders = vec![
        Contender::new("write", || suspended().map(drop)),
        Contender::new(WRITE_FLOOR, || {
            let text = serde_json::to_vec(&document).doing("write JSON")?;
            let mut packer = GzEncoder::new(Vec::new(), Compression::best());
            packer.write_all(&text).doing("pack")?;
            packer.finish().doing("pack").map(drop)
        }),
        Contender::new("read", || read(true)),
        Contender::new("read with checksums", || read(false)),
        Contender::new(SERDE, || {
            let text = inflated(&bytes)?;
            let document: serde_json::Value = serde_json::from_slice(&text).doing("parse")?;
            std::hint::black_box(&document);
            Ok(())
        }),
    ];
    #[cfg(feature = "peers")]
    contenders.push(Contender::new(JITER, || {
        let text = inflated(&bytes)?;
        let document = jiter::JsonValue::parse(&text, false).doing("parse")?;
        std::hint::black_box(&document);
        Ok(())
    }));
    let rounds = time_rounds(options.scale.rounds(), &mut contenders)?;
    let write = format!("v11 write, {jobs} jobs with a result each");
    let read = format!("v11 read, checksums of the definitions known, {jobs} jobs");
    let written = Row::new(write, rounds.median_ns("write", 1), Unit::Nanoseconds)
        .beside(WRITE_FLOOR, rounds.median_ns(WRITE_FLOOR, 1))
        .ratio_at_most(rounds.ratio("write", WRITE_FLOOR), WRITE_FLOOR, 1.25);
    let row = Row::new(read, rounds.median_ns("read", 1), Unit::Nanoseconds)
        .beside(SERDE, rounds.median_ns(SERDE, 1));
    #[cfg(feature = "peers")]
    let (row, faster) = (
        row.beside(JITER, rounds.median_ns(JITER, 1)),
        if rounds.median_ns(JITER, 1) < rounds.median_ns(SERDE, 1) {
            JITER
        } else {
            SERDE
        },
    );
    #[cfg(not(feature = "peers"))]
    let faster = SERDE;
    let row = row
        .beside(
            "ours, computing the checksums",
            rounds.median_ns("read with checksums", 1),
        )
        .ratio_at_most(rounds.ratio("read", faster), faster, 1.6);
    Ok(vec![written, row])
}

/// The text in a gzip envelope, however many members it has.
fn inflated(bytes: &[u8]) -> Result<Vec<u8>, BenchError> {
    let mut text = Vec::new();
    MultiGzDecoder::new(bytes)
        .read_to_end(&mut text)
        .doing("inflate")?;
    Ok(text)
}
