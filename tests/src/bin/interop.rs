//! `interop`: sessions of ours through a release of plainbox and back.
//!
//! `interop RELEASE PYTHON`, then `--rounds N` (100), `--seed S` (1), `--first ROUND` (0), `--json 1`. PYTHON is the
//! interpreter of a virtual environment that holds the release; `cargo xtask interop` makes one.
//! Exit code 0: no difference but the listed ones; 1: there is one; 2: wrong arguments.

use std::process::ExitCode;

use session_tests::interop::{Release, Settings, run};
use session_tests::{numbers, say};

fn main() -> ExitCode {
    let settings = match settings() {
        Ok(settings) => settings,
        Err(error) => {
            say::complaint(&format!("interop: {error}"));
            return ExitCode::from(2);
        }
    };
    let (settings, json) = settings;
    match run(&settings) {
        Ok(figures) if json => {
            say::line(&figures.to_json().to_string());
            ExitCode::SUCCESS
        }
        Ok(figures) => {
            say::line(&figures.to_string());
            ExitCode::SUCCESS
        }
        Err(error) => {
            say::complaint(&format!(
                "interop: {}: {}",
                settings.release,
                say::chain(&error)
            ));
            ExitCode::FAILURE
        }
    }
}

fn settings() -> Result<(Settings, bool), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let release = arguments.next().unwrap_or_default();
    let release = Release::parse(&release).ok_or("RELEASE is 0.38.0 or 0.5.4")?;
    let python = arguments.next().ok_or("PYTHON is missing")?;
    let given = numbers(arguments, &["--rounds", "--seed", "--first", "--json"])?;
    let number = |name: &str, default: u64| given.get(name).copied().unwrap_or(default);
    let settings = Settings {
        release,
        python,
        rounds: number("--rounds", 100),
        seed: number("--seed", 1),
        first: number("--first", 0),
    };
    Ok((settings, number("--json", 0) != 0))
}
