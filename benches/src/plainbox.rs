//! PlainBox 0.38, the original, from a virtual environment: where it is, and what it is asked.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use serde_json::{Map, Value};
use session_state::JobDefinition;

use crate::error::{BenchError, Doing as _};
use crate::{disk, say};

/// Its name in the rows.
pub(crate) const ORIGINAL: &str = "PlainBox 0.38";

/// Why a row without it was not measured.
pub(crate) const ABSENT: &str = "the package index does not answer";

/// An interpreter that has the original.
#[derive(Debug)]
pub(crate) struct PlainBox {
    python: PathBuf,
}

impl PlainBox {
    /// The environment, made once and kept. `None` when it cannot be had.
    ///
    /// # Errors
    /// The folder for results cannot be made.
    pub(crate) fn find() -> Result<Option<Self>, BenchError> {
        let folder = disk::home()
            .doing("make the folder for results")?
            .join("plainbox-0.38");
        let python = folder.join("bin/python");
        let works = |python: &Path| {
            let output = Command::new(python)
                .args(["-c", "import plainbox"])
                .output();
            output.is_ok_and(|output| output.status.success())
        };
        if works(&python) {
            return Ok(Some(Self { python }));
        }
        say::progress("  installing PlainBox 0.38.0 into a virtual environment ...");
        let run = |program: &Path, arguments: &[&str]| {
            let output = Command::new(program).args(arguments).output();
            output.is_ok_and(|output| output.status.success())
        };
        let place = folder.display().to_string();
        let made = run(Path::new("python3"), &["-m", "venv", &place])
            && run(
                &python,
                &["-m", "pip", "install", "--quiet", "plainbox==0.38.0"],
            );
        let found = (made && works(&python)).then_some(Self { python });
        if found.is_none() {
            say::progress(&format!("  SKIPPED: {ORIGINAL} cannot be installed here"));
        }
        Ok(found)
    }

    /// Runs a script with these arguments; answers the first line it prints, word by word.
    ///
    /// # Errors
    /// It failed, or printed nothing.
    pub(crate) fn ask(
        &self,
        what: &str,
        script: &str,
        arguments: &[&Path],
    ) -> Result<Vec<String>, BenchError> {
        let output = Command::new(&self.python)
            .args(["-c", script])
            .args(arguments)
            .output()
            .doing("start the original")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let words: Vec<String> = said
            .lines()
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        if output.status.success() && !words.is_empty() {
            return Ok(words);
        }
        Err(self.misunderstood(what, &said, &String::from_utf8_lossy(&output.stderr)))
    }

    /// As [`ask`](Self::ask), for a script that answers how many seconds something took and how many results there
    /// are then; answers nanoseconds.
    ///
    /// # Errors
    /// As there, and when the results are not so many.
    pub(crate) fn time(
        &self,
        what: &str,
        script: &str,
        arguments: &[&Path],
        results: usize,
    ) -> Result<f64, BenchError> {
        let words = self.ask(what, script, arguments)?;
        let took = words.first().and_then(|word| word.parse::<f64>().ok());
        let done = words.get(1).and_then(|word| word.parse::<usize>().ok());
        match took {
            Some(seconds) if done == Some(results) => Ok(seconds * 1e9),
            Some(_) | None => Err(self.misunderstood(what, &words.join(" "), "")),
        }
    }

    fn misunderstood(&self, what: &str, said: &str, complained: &str) -> BenchError {
        BenchError::Tool {
            line: format!("{} -c ({what})", self.python.display()),
            said: format!("it answered {said:?} {}", complained.trim()),
        }
    }
}

/// Writes definitions where a script reads them.
pub(crate) fn write_definitions(
    file: &Path,
    definitions: &[Arc<JobDefinition>],
) -> Result<(), BenchError> {
    let list: Vec<Value> = definitions.iter().map(|job| fields(job)).collect();
    disk::write(file, Value::from(list).to_string().as_bytes()).doing("write definitions")
}

fn fields(definition: &JobDefinition) -> Value {
    let fields = definition.fields().map(|(name, value)| {
        (
            name.to_owned(),
            Value::from(value.as_text().unwrap_or_default()),
        )
    });
    Value::Object(fields.collect::<Map<_, _>>())
}
