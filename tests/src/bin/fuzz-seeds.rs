//! `fuzz-seeds`: writes the seeds of the fuzz targets, one folder a target.
//!
//! Its one argument is the folder to write into. Exit code 0: written; 1: not; 2: wrong arguments.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use session_tests::fuzzing::TARGETS;
use session_tests::{disk, say};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        say::complaint("fuzz-seeds: wants the folder to write into");
        return ExitCode::from(2);
    };
    match write(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::complaint(&format!("fuzz-seeds: {}", say::chain(error.as_ref())));
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> Result<(), Box<dyn Error>> {
    for target in TARGETS {
        let folder = folder.join(target.name);
        disk::create_folder(&folder)?;
        for (number, seed) in (target.seeds)()?.iter().enumerate() {
            disk::write(&folder.join(format!("seed-{number:04}")), seed)?;
        }
    }
    Ok(())
}
