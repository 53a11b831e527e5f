//! One round: a generated session, run once in peace, and once killed and resumed until it is done.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use super::figures::{Failure, Figures};
use super::marks::Marks;
use super::place::{Place, said};
use super::plan::{Kind, Plan};
use super::reading::{
    self, outcomes_in_json_lines, outcomes_in_plain_lines, outcomes_in_show, sessions_in_list,
};
use super::unit_file::ALL;
use crate::program::{Ended, Program};
use crate::random::Random;
use crate::say;

/// A job that was begun so often without an end is given up.
const STARTS_MAX: usize = 3;

/// Kills come within this time after the program was started.
const KILL_WITHIN_MS: u64 = 150;

/// Starts of the program that one round may need; a session that never gets done is a finding.
const STARTS_OF_PROGRAM_MAX: usize = 60;

/// Plays one round.
pub(super) fn run(program: &Program, seed: u64, number: u64) -> Result<Figures, Box<Failure>> {
    let mut round = Round::new(program, seed, number);
    let played = round.play();
    played.map_err(|broken| Box::new(round.failure(seed, number, broken)))?;
    Ok(round.figures)
}

struct Round<'a> {
    program: &'a Program,
    random: Random,
    folder: Option<TempDir>,
    plan: Plan,
    /// Outcomes that were printed, and how often their jobs had begun by then.
    printed: BTreeMap<String, (String, usize)>,
    figures: Figures,
    transcript: String,
}

impl<'a> Round<'a> {
    fn new(program: &'a Program, seed: u64, number: u64) -> Self {
        let mut random = Random::of_round(seed, number);
        let plan = Plan::draw(&mut random);
        Self {
            program,
            random,
            folder: None,
            plan,
            printed: BTreeMap::new(),
            figures: Figures::default(),
            transcript: String::new(),
        }
    }

    fn failure(&mut self, seed: u64, round: u64, broken: String) -> Failure {
        let kept = self.folder.take().map_or_else(PathBuf::new, TempDir::keep);
        Failure {
            seed,
            round,
            broken,
            kept: kept.display().to_string(),
            transcript: std::mem::take(&mut self.transcript),
        }
    }

    fn play(&mut self) -> Result<(), String> {
        let folder =
            TempDir::with_prefix("session-kill-").map_err(|error| said("a folder", &error))?;
        let path = folder.path().to_path_buf();
        self.folder = Some(folder);
        let peace = Place::prepare(&path.join("peace"), &self.plan)?;
        let expected = self.in_peace(&peace)?;
        let war = Place::prepare(&path.join("war"), &self.plan)?;
        let id = self.in_war(&war)?;
        let outcomes = self.final_outcomes(&war, &id)?;
        self.compare(&war, &expected, &outcomes)?;
        self.stays_done(&war, &id)?;
        self.figures.rounds += 1;
        self.figures.jobs += outcomes.len() as u64;
        self.figures.by_plan += u64::from(self.plan.selection.is_some());
        self.figures.outcomes += self.printed.len() as u64;
        Ok(())
    }

    /// The same plan without kills: what the outcomes should be.
    fn in_peace(&mut self, place: &Place) -> Result<BTreeMap<String, String>, String> {
        let mut ended = self.start(&place.run(false), None)?;
        let (id, _) = self.only_session(place)?;
        let going_down = self
            .plan
            .jobs
            .iter()
            .filter(|job| job.goes_down_as.is_some());
        for _ in 0..going_down.count() {
            if ended.is_killed() {
                ended = self.start(&place.arguments(&["resume", &id], false), None)?;
            }
        }
        done(&ended)?;
        let outcomes = self.final_outcomes(place, &id)?;
        for job in &self.plan.jobs {
            let outcome = outcomes.get(&job.id).map(String::as_str);
            if let Some(wanted) = self.plan.outcome_by_exit_code(job)
                && outcome != Some(wanted)
            {
                return Err(format!(
                    "in peace {} is {outcome:?}, but its exit code {} means {wanted}",
                    job.id, job.exit_code
                ));
            }
            if place.marks(&job.id)?.starts > 1 {
                return Err(format!("in peace {} ran more than once", job.id));
            }
        }
        Ok(outcomes)
    }

    /// Runs, is killed, resumes, until the session is done; which session that is.
    fn in_war(&mut self, place: &Place) -> Result<String, String> {
        let mut kills_left = self.random.between(3, 15);
        let mut session: Option<String> = None;
        for _ in 0..STARTS_OF_PROGRAM_MAX {
            let is_json = self.random.one_in(2);
            let moment = (kills_left > 0)
                .then(|| Duration::from_millis(self.random.between(0, KILL_WITHIN_MS)));
            let arguments = match &session {
                None => place.run(is_json),
                Some(id) => {
                    self.figures.resumes += 1;
                    let id = if self.random.one_in(2) { "latest" } else { id };
                    place.arguments(&["resume", id], is_json)
                }
            };
            let ended = self.start(&arguments, moment)?;
            self.hear(place, &ended, is_json)?;
            if !ended.is_killed() {
                done(&ended)?;
                return match session {
                    Some(id) => Ok(id),
                    None => self.only_session(place).map(|(id, _)| id),
                };
            }
            self.figures.kills += 1;
            kills_left = kills_left.saturating_sub(1);
            if session.is_none() {
                session = self.session_to_resume(place)?;
                if session.is_none() {
                    self.figures.anew += 1;
                }
            } else if self.random.one_in(3) {
                self.session_to_resume(place)?;
            }
        }
        Err(format!(
            "not done after {STARTS_OF_PROGRAM_MAX} starts of the program"
        ))
    }

    /// The session with a checkpoint, if the killed run came that far; it opens and can be listed.
    fn session_to_resume(&mut self, place: &Place) -> Result<Option<String>, String> {
        let mut found = None;
        for row in self.list(place)? {
            if row.is_resumable() {
                let shown = self.start(&place.arguments(&["show", &row.id], true), None)?;
                expect_code(&shown, &[0])?;
                if found.replace(row.id).is_some() {
                    return Err("two sessions have a checkpoint".to_owned());
                }
            }
        }
        if found.is_none() && !self.printed.is_empty() {
            return Err("outcomes were printed, and there is no session to resume".to_owned());
        }
        let has_begun = |marks: &Marks| marks.starts > 0;
        if found.is_none() && place.all_marks(&self.plan)?.iter().any(has_begun) {
            return Err("jobs began, and there is no session to resume".to_owned());
        }
        Ok(found)
    }

    fn only_session(&mut self, place: &Place) -> Result<(String, usize), String> {
        let rows = self.list(place)?;
        let count = rows.len();
        let mut resumable = rows.into_iter().filter(reading::SessionRow::is_resumable);
        match (resumable.next(), resumable.next()) {
            (Some(row), None) => Ok((row.id, count)),
            (None, _) => Err("there is no session".to_owned()),
            (Some(_), Some(_)) => Err("two sessions have a checkpoint".to_owned()),
        }
    }

    fn list(&mut self, place: &Place) -> Result<Vec<reading::SessionRow>, String> {
        let listed = self.start(&place.arguments(&["list"], true), None)?;
        expect_code(&listed, &[0])?;
        let rows = sessions_in_list(&listed.stdout)?;
        self.figures.sessions_max = self.figures.sessions_max.max(rows.len() as u64);
        match rows.iter().find(|row| row.is_broken()) {
            Some(row) => Err(format!("{} is listed as damaged", row.id)),
            None => Ok(rows),
        }
    }

    fn final_outcomes(
        &mut self,
        place: &Place,
        id: &str,
    ) -> Result<BTreeMap<String, String>, String> {
        let shown = self.start(&place.arguments(&["show", id], true), None)?;
        expect_code(&shown, &[0])?;
        outcomes_in_show(&shown.stdout)
    }

    /// Takes down what was printed, with the number of runs there were by then.
    fn hear(&mut self, place: &Place, ended: &Ended, is_json: bool) -> Result<(), String> {
        let heard = if is_json {
            outcomes_in_json_lines(&ended.stdout)?
        } else {
            outcomes_in_plain_lines(&ended.stdout)
        };
        for (id, outcome) in heard {
            let starts = place.marks(&id)?.starts;
            if let Some((before, _)) = self.printed.insert(id.clone(), (outcome, starts)) {
                return Err(format!(
                    "the outcome of {id} was printed again, it was {before}"
                ));
            }
        }
        Ok(())
    }

    fn compare(
        &mut self,
        place: &Place,
        expected: &BTreeMap<String, String>,
        outcomes: &BTreeMap<String, String>,
    ) -> Result<(), String> {
        // Jobs run one at a time, so that none may end while another has begun after it.
        place.marks(ALL)?;
        let mut given_up = BTreeSet::new();
        for job in &self.plan.jobs {
            let marks = place.marks(&job.id)?;
            self.figures.interrupted += marks.starts.saturating_sub(1) as u64;
            if marks.starts > STARTS_MAX {
                return Err(format!("{} was begun {} times", job.id, marks.starts));
            }
            let Some(outcome) = outcomes.get(&job.id) else {
                continue;
            };
            match job.kind {
                Kind::MadeOf(_) => self.figures.made += 1,
                Kind::Plain | Kind::Resource(_) | Kind::Setup => {}
            }
            if outcome == "crash" {
                let attempts = place.attempts(&job.id)?;
                if marks.starts.max(attempts) < STARTS_MAX {
                    return Err(format!(
                        "{} was given up after {} starts and {attempts} attempts on record",
                        job.id, marks.starts
                    ));
                }
                self.figures.crashes += 1;
                given_up.insert(job.id.clone());
            }
            if job.goes_down_as == Some(outcome.as_str()) && marks.ends > 0 {
                self.figures.went_down += 1;
            }
            if matches!(outcome.as_str(), "pass" | "fail") && marks.ends == 0 {
                return Err(format!("{} is {outcome} and never came to its end", job.id));
            }
            self.compare_printed(&job.id, outcome, &marks)?;
        }
        let touched = self.plan.touched_by(&given_up);
        let ids: BTreeSet<&String> = expected.keys().chain(outcomes.keys()).collect();
        for id in ids {
            let (outcome, wanted) = (outcomes.get(id), expected.get(id));
            if !touched.contains(id) && outcome != wanted {
                return Err(format!("{id} is {outcome:?}, in peace it was {wanted:?}"));
            }
        }
        Ok(())
    }

    /// What was printed is what is so in the end, and nothing ran after it was printed.
    fn compare_printed(&self, id: &str, outcome: &str, marks: &Marks) -> Result<(), String> {
        match self.printed.get(id) {
            Some((printed, _)) if printed != outcome => Err(format!(
                "{id} was printed as {printed}, and is {outcome} in the end"
            )),
            Some((_, starts)) if *starts != marks.starts => {
                Err(format!("{id} ran again after its outcome was printed"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// A session that is done runs nothing when it is resumed, and keeps its outcomes.
    fn stays_done(&mut self, place: &Place, id: &str) -> Result<(), String> {
        let before = self.final_outcomes(place, id)?;
        let marks_before = place.all_marks(&self.plan)?;
        let resumed = self.start(&place.arguments(&["resume", id], false), None)?;
        done(&resumed)?;
        if place.all_marks(&self.plan)? != marks_before {
            return Err("a session that was done ran jobs again".to_owned());
        }
        if self.final_outcomes(place, id)? == before {
            Ok(())
        } else {
            Err("a session that was done changed when it was resumed".to_owned())
        }
    }

    fn start(&mut self, arguments: &[String], moment: Option<Duration>) -> Result<Ended, String> {
        let ended = self
            .program
            .run_until(arguments, moment)
            .map_err(|error| say::chain(&error))?;
        let when = moment.map_or_else(String::new, |moment| format!(" (kill at {moment:?})"));
        self.transcript.push_str(&format!("$ {ended}{when}\n"));
        for talk in [&ended.stdout, &ended.stderr] {
            if talk.contains("panicked") {
                return Err(format!("the program panicked: {talk}"));
            }
        }
        Ok(ended)
    }
}

fn done(ended: &Ended) -> Result<(), String> {
    expect_code(ended, &[0, 1])
}

fn expect_code(ended: &Ended, wanted: &[i32]) -> Result<(), String> {
    match ended.code() {
        Some(code) if wanted.contains(&code) => Ok(()),
        Some(_) | None => Err(format!(
            "`session {}` ended with {}",
            ended.line, ended.status
        )),
    }
}
