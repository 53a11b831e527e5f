//! `conformance`: our answers to a corpus of recorded ones, compared and written out.
//!
//! `DIR [--only TABLE] [--dump FILE] [--json]`; DIR is laid out like `tests/corpus`.
//! Exit code 0: nothing failed; 1: something did, or the dump cannot be written; 2: wrong arguments.

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use session_tests::conformance::{Corpus, Report, Settings, run};
use session_tests::{disk, say};

fn main() -> ExitCode {
    let given = match Given::read(std::env::args().skip(1)) {
        Ok(given) => given,
        Err(wrong) => {
            say::complaint(&format!("conformance: {wrong}"));
            return ExitCode::from(2);
        }
    };
    match answer(&given) {
        Ok(report) => {
            say::line(&match given.json {
                true => report.as_json().to_string(),
                false => report.to_string(),
            });
            ExitCode::from(u8::from(report.failed() > 0))
        }
        Err(error) => {
            say::complaint(&format!("conformance: {}", say::chain(error.as_ref())));
            ExitCode::FAILURE
        }
    }
}

fn answer(given: &Given) -> Result<Report, Box<dyn std::error::Error>> {
    let corpus = Corpus::open(&given.dir)?;
    let mut settings = Settings {
        only: given.only.clone(),
        dump: None,
    };
    if let Some(path) = &given.dump {
        settings.dump = Some(Box::new(BufWriter::new(disk::create(Path::new(path))?)));
    }
    Ok(run(&corpus, settings)?)
}

/// The arguments.
struct Given {
    dir: PathBuf,
    only: Option<String>,
    dump: Option<String>,
    json: bool,
}

impl Given {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut dir, mut only, mut dump, mut json) = (None, None, None, false);
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.ok_or_else(|| format!("{argument} wants a value"))
            };
            match argument.as_str() {
                "--only" => only = Some(value()?),
                "--dump" => dump = Some(value()?),
                "--json" => json = true,
                flag if flag.starts_with('-') => {
                    return Err(format!(
                        "there is no argument {flag:?}; known are DIR, --only, --dump, --json"
                    ));
                }
                _ if dir.is_none() => dir = Some(PathBuf::from(&argument)),
                more => return Err(format!("one directory is enough, and there is {more:?}")),
            }
        }
        let dir = dir.ok_or("which directory? DIR is laid out like tests/corpus")?;
        Ok(Self {
            dir,
            only,
            dump,
            json,
        })
    }
}
