//! The fields of a definition, each in the type it is used in.

use std::borrow::Cow;
use std::collections::HashSet;

use super::definition::JobDefinition;
use super::duration::parse_duration;
use super::known::KnownField;
use super::plugin::PluginKind;
use super::words::{is_space, words};
use crate::field::{FieldRef, FieldValue};
use crate::id::{CategoryId, JobId};

/// The category of a job that names none.
const UNCATEGORISED: &str = "com.canonical.plainbox::uncategorised";

impl JobDefinition {
    /// What the job is, in one line; the partial id when it does not say.
    pub fn summary(&self) -> Cow<'_, str> {
        self.text("summary")
            .or_else(|| self.partial_id())
            .unwrap_or_default()
    }

    /// What the job does: the field `description`, or else purpose, steps and verification together.
    pub fn description(&self) -> Option<Cow<'_, str>> {
        if let Some(text) = self.text("description") {
            return Some(text);
        }
        let mut joined = String::new();
        for (field, heading) in [
            ("purpose", "PURPOSE"),
            ("steps", "STEPS"),
            ("verification", "VERIFICATION"),
        ] {
            if let Some(text) = self.text(field) {
                joined.push_str(heading);
                joined.push_str(":\n");
                joined.push_str(&text);
                joined.push('\n');
            }
        }
        let joined = joined.trim_matches(is_space);
        (!joined.is_empty()).then(|| Cow::Owned(joined.to_owned()))
    }

    /// The kind; `None` when it is missing (unless the flag `simple` makes it a shell job) or not one we
    /// know, which [`text("plugin")`](Self::text) then tells.
    pub fn plugin(&self) -> Option<PluginKind> {
        let text = self.known_value(KnownField::PLUGIN);
        match text.and_then(|value| self.text_of(value)) {
            Some(text) => text.parse().ok(),
            None => self.has_flag("simple").then_some(PluginKind::Shell),
        }
    }

    /// Whether its output is parsed into records.
    pub fn is_resource(&self) -> bool {
        self.plugin() == Some(PluginKind::Resource)
    }

    /// Whether recording its result reads its output: into records, or into further jobs.
    pub fn is_output_read(&self) -> bool {
        match self.plugin() {
            Some(PluginKind::Resource | PluginKind::Local) => true,
            Some(
                PluginKind::Shell
                | PluginKind::Attachment
                | PluginKind::Manual
                | PluginKind::UserInteract
                | PluginKind::UserVerify
                | PluginKind::UserInteractVerify,
            )
            | None => false,
        }
    }

    /// Whether it is a job, setup jobs among them, and not what the fields of another unit look like as one.
    pub fn is_job(&self) -> bool {
        match self.raw("unit") {
            None | Some(FieldRef::Null | FieldRef::Text("job")) => true,
            Some(_) => self.is_setup_job(),
        }
    }

    /// Whether it prepares the machine before the other jobs are known.
    pub fn is_setup_job(&self) -> bool {
        let unit = self.known_raw(KnownField::UNIT).and_then(FieldRef::as_text);
        matches!(unit, Some("setup job" | "setup_job"))
    }

    /// What the shell runs.
    pub fn command(&self) -> Option<Cow<'_, str>> {
        self.text("command")
    }

    /// The shell, `bash` unless the job says otherwise.
    pub fn shell(&self) -> Cow<'_, str> {
        self.text("shell").unwrap_or(Cow::Borrowed("bash"))
    }

    /// The user it is to run as, when not the one who runs the session.
    pub fn user(&self) -> Option<Cow<'_, str>> {
        self.text("user")
    }

    /// The names of the environment variables it is given.
    pub fn environ(&self) -> Vec<String> {
        match self.value("environ") {
            Some(FieldRef::Text(text)) => {
                let text = self.fill_in(text);
                split_plainly(&text)
                    .filter(|word| !word.is_empty())
                    .map(str::to_owned)
                    .collect()
            }
            Some(_) | None => self.text_list("environ"),
        }
    }

    /// How long it takes, in seconds, where that is known.
    pub fn estimated_duration(&self) -> Option<f64> {
        match self.value("estimated_duration")? {
            FieldRef::Int(seconds) => Some(seconds as f64),
            FieldRef::Float(seconds) => Some(seconds),
            FieldRef::BigInt(digits) => digits.parse().ok(),
            FieldRef::Bool(value) => Some(f64::from(u8::from(value))),
            FieldRef::Text(text) => parse_duration(&self.fill_in(text)),
            FieldRef::Null | FieldRef::List(_) | FieldRef::Map(_) => None,
        }
    }

    /// The flags, in the order they were written. An empty text gives one empty flag, as it always did.
    pub fn flags(&self) -> Vec<String> {
        match self.value("flags") {
            Some(FieldRef::Text("")) => vec![String::new()],
            Some(FieldRef::Text(text)) => {
                let text = self.fill_in(text);
                split_plainly(&text).map(str::to_owned).collect()
            }
            Some(_) | None => self.text_list("flags"),
        }
    }

    /// Whether the job has that flag.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.has_any_flag(&[flag])
    }

    /// Whether the job has one of these flags.
    pub fn has_any_flag(&self, flags: &[&str]) -> bool {
        match self.known_value(KnownField::FLAGS) {
            Some(FieldRef::Text(text)) => {
                // What is filled in may bring a flag; any other text is seldom worth taking apart.
                let may_have = self.is_filled_in() || flags.iter().any(|flag| holds(text, flag));
                may_have && split_plainly(&self.fill_in(text)).any(|word| flags.contains(&word))
            }
            Some(FieldRef::List(items)) => self
                .texts(items)
                .any(|word| flags.iter().any(|flag| word == *flag)),
            Some(_) | None => false,
        }
    }

    /// The jobs that must pass first.
    pub fn depends(&self) -> Vec<JobId> {
        self.ids("depends")
    }

    /// The jobs that must have run first, however they end.
    pub fn after(&self) -> Vec<JobId> {
        self.ids("after")
    }

    /// The jobs that must not run before this one.
    pub fn before(&self) -> Vec<JobId> {
        self.ids("before")
    }

    /// The jobs one of which must fail for this one to run.
    pub fn salvages(&self) -> Vec<JobId> {
        self.ids("salvages")
    }

    /// The group whose members run together.
    pub fn group(&self) -> Option<Cow<'_, str>> {
        let group = self.text_of(self.known_value(KnownField::GROUP)?);
        group.filter(|group| !group.is_empty())
    }

    /// The requirement program, one expression a line.
    pub fn requires(&self) -> Option<Cow<'_, str>> {
        self.lines_of("requires")
    }

    /// The imports of the requirement program, one a line.
    pub fn imports(&self) -> Option<Cow<'_, str>> {
        self.lines_of("imports")
    }

    /// The category.
    pub fn category_id(&self) -> CategoryId {
        match self.text("category_id") {
            Some(id) => CategoryId::new(&*self.qualify(&id)),
            None => CategoryId::new(UNCATEGORISED),
        }
    }

    /// Whether a failure blocks certification: `blocker` or `non-blocker`.
    pub fn certification_status(&self) -> Cow<'_, str> {
        self.text("certification-status")
            .unwrap_or(Cow::Borrowed("non-blocker"))
    }

    /// Whether a failed job may be tried again by itself: `unspecified` or `no`.
    pub fn auto_retry(&self) -> Cow<'_, str> {
        self.text("auto-retry")
            .unwrap_or(Cow::Borrowed("unspecified"))
    }

    /// The full id of the template this job was made from.
    pub fn template_id(&self) -> Option<Cow<'_, str>> {
        self.text("template-id")
    }

    /// Calls `visit` with each word of a list of ids, not yet qualified, in field order.
    pub(crate) fn each_word(&self, value: FieldRef<'_>, visit: &mut dyn FnMut(&str)) {
        match value {
            FieldRef::Text(text) => words(&self.fill_in(text)).for_each(visit),
            FieldRef::List(items) => {
                for item in items {
                    if let FieldValue::Text(text) = item {
                        visit(&self.fill_in(text));
                    }
                }
            }
            FieldRef::Null
            | FieldRef::Bool(_)
            | FieldRef::Int(_)
            | FieldRef::BigInt(_)
            | FieldRef::Float(_)
            | FieldRef::Map(_) => {}
        }
    }

    /// The texts of a field that is a list.
    pub(crate) fn text_list(&self, field: &str) -> Vec<String> {
        match self.value(field) {
            Some(FieldRef::List(items)) => self.texts(items).map(Cow::into_owned).collect(),
            Some(_) | None => Vec::new(),
        }
    }

    fn ids(&self, field: &str) -> Vec<JobId> {
        let mut ids = Vec::new();
        let mut seen = HashSet::new();
        if let Some(value) = self.value(field) {
            self.each_word(value, &mut |word| {
                let id = JobId::new(&*self.qualify(word));
                if seen.insert(id.clone()) {
                    ids.push(id);
                }
            });
        }
        ids
    }

    fn texts<'a>(&'a self, items: &'a [FieldValue]) -> impl Iterator<Item = Cow<'a, str>> {
        items
            .iter()
            .filter_map(|item| FieldRef::from(item).as_text())
            .map(|text| self.fill_in(text))
    }

    fn lines_of(&self, field: &str) -> Option<Cow<'_, str>> {
        match self.value(field)? {
            FieldRef::Text(text) => Some(self.fill_in(text)),
            FieldRef::List(items) => {
                let lines: Vec<_> = self.texts(items).collect();
                Some(Cow::Owned(lines.join("\n")))
            }
            FieldRef::Null
            | FieldRef::Bool(_)
            | FieldRef::Int(_)
            | FieldRef::BigInt(_)
            | FieldRef::Float(_)
            | FieldRef::Map(_) => None,
        }
    }
}

/// Whether a text holds a flag, as a part of a word at least. It is asked once or twice for each job that comes in, and
/// of texts this short a search that prepares itself takes three times as long.
fn holds(text: &str, flag: &str) -> bool {
    let (text, flag) = (text.as_bytes(), flag.as_bytes());
    flag.is_empty()
        || text
            .windows(flag.len())
            .any(|window| window.first() == flag.first() && window == flag)
}

/// Split at runs of white space and commas; separators at the ends give empty words.
fn split_plainly(text: &str) -> impl Iterator<Item = &str> {
    let separator = |c: char| is_space(c) || c == ',';
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.find(separator) else {
            return rest.take();
        };
        let (word, after) = text.split_at(at);
        rest = Some(after.trim_start_matches(separator));
        Some(word)
    })
}
