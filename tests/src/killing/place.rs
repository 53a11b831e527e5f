//! Unit file, marks and repository of one generated session.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::marks::{self, Marks};
use super::plan::Plan;
use super::unit_file::SELECTION;
use crate::disk;

/// Unit file, marks and repository of one session.
pub(super) struct Place {
    folder: PathBuf,
    /// Whether a test plan is run, and not every job.
    is_by_plan: bool,
}

impl Place {
    pub(super) fn prepare(folder: &Path, plan: &Plan) -> Result<Self, String> {
        let place = Self {
            folder: folder.to_path_buf(),
            is_by_plan: plan.selection.is_some(),
        };
        let marks = folder.join("marks");
        disk::create_folder(&marks).map_err(|error| said("the folder of the marks", &error))?;
        disk::write(&folder.join("plan.pxu"), plan.unit_file(&marks).as_bytes())
            .map_err(|error| said("the unit file", &error))?;
        Ok(place)
    }

    pub(super) fn arguments(&self, words: &[&str], is_json: bool) -> Vec<String> {
        let mut arguments: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        arguments.push("--repository".to_owned());
        arguments.push(self.folder.join("repository").display().to_string());
        if is_json {
            arguments.push("--json".to_owned());
        }
        arguments
    }

    pub(super) fn run(&self, is_json: bool) -> Vec<String> {
        let units = self.folder.join("plan.pxu");
        let units = units.display().to_string();
        if self.is_by_plan {
            self.arguments(&["run", &units, "--plan", SELECTION], is_json)
        } else {
            self.arguments(&["run", &units], is_json)
        }
    }

    pub(super) fn marks(&self, id: &str) -> Result<Marks, String> {
        marks::read(&self.folder.join("marks"), id)
    }

    pub(super) fn all_marks(&self, plan: &Plan) -> Result<Vec<Marks>, String> {
        plan.jobs.iter().map(|job| self.marks(&job.id)).collect()
    }

    /// How many attempts of a job left a log: a job may be killed after its log was begun and before its first mark.
    pub(super) fn attempts(&self, id: &str) -> Result<usize, String> {
        let mut attempts = BTreeSet::new();
        let sessions = disk::entries(&self.folder.join("repository"))
            .map_err(|error| said("the repository", &error))?;
        for session in sessions {
            let logs = disk::entries(&session.join("io-logs")).unwrap_or_default();
            for log in logs {
                let name = log
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                let words: Vec<&str> = name.split('.').collect();
                if words.first() == Some(&id) {
                    let attempt = words.get(1).and_then(|word| word.parse::<u32>().ok());
                    attempts.insert((session.clone(), attempt.unwrap_or(1)));
                }
            }
        }
        Ok(attempts.len())
    }
}

pub(super) fn said(thing: &str, error: &std::io::Error) -> String {
    format!("{thing} cannot be used: {error}")
}
