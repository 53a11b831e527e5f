//! What a release changes, worked out from the texts alone.

use std::fmt;

use cargo_metadata::semver::Version;

/// What is known before a release.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation<'a> {
    /// The version asked for.
    pub(crate) version: &'a str,
    /// The day of the release, YYYY-MM-DD.
    pub(crate) date: &'a str,
    /// Text of the workspace manifest.
    pub(crate) manifest: &'a str,
    /// Text of the changelog.
    pub(crate) changelog: &'a str,
    /// What `git status --porcelain` prints.
    pub(crate) status: &'a str,
    /// What `git tag --list` prints.
    pub(crate) tags: &'a str,
}

/// What a release writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The version before.
    pub(crate) before: String,
    /// The new text of the workspace manifest.
    pub(crate) manifest: String,
    /// The new text of the changelog.
    pub(crate) changelog: String,
}

/// Something that keeps a release from being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The version is none.
    NotAVersion(String),
    /// The version is not greater than the present one.
    NotGreater {
        /// The present one.
        present: String,
    },
    /// The manifest has no version in `[workspace.package]`.
    NoPresentVersion,
    /// The date is none.
    NotADate(String),
    /// There are changes that are not committed.
    Unclean(usize),
    /// The tag exists.
    Tagged(String),
    /// The changelog lacks its open heading.
    NoOpenHeading,
    /// Nothing stands under the open heading.
    NothingToRelease,
    /// The changelog has a heading for this version already.
    HeadingExists,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAVersion(text) => write!(
                formatter,
                "{text:?} is no version (three numbers, as in 1.2.3)"
            ),
            Self::NotGreater { present } => write!(
                formatter,
                "the version is {present} already; name a greater one"
            ),
            Self::NoPresentVersion => write!(
                formatter,
                "Cargo.toml has no version in [workspace.package]"
            ),
            Self::NotADate(text) => write!(formatter, "{text:?} is no day (YYYY-MM-DD)"),
            Self::Unclean(count) => write!(
                formatter,
                "{count} changes are not committed; commit or undo them"
            ),
            Self::Tagged(tag) => write!(formatter, "the tag {tag} exists"),
            Self::NoOpenHeading => write!(formatter, "CHANGELOG.md has no heading `{OPEN}`"),
            Self::NothingToRelease => write!(formatter, "CHANGELOG.md says nothing under `{OPEN}`"),
            Self::HeadingExists => write!(
                formatter,
                "CHANGELOG.md has a heading for this version already"
            ),
        }
    }
}

/// The heading under which changes gather until a release.
const OPEN: &str = "## [Unreleased]";

/// The name of the tag of a version.
pub(crate) fn tag(version: &str) -> String {
    format!("v{version}")
}

/// Works out a release, or everything that keeps it from being made.
pub(crate) fn plan(situation: &Situation<'_>) -> Result<Plan, Vec<Problem>> {
    let mut problems = Vec::new();
    let version = Version::parse(situation.version).ok();
    if version.is_none() {
        problems.push(Problem::NotAVersion(situation.version.to_owned()));
    }
    let present = present_version(situation.manifest);
    match &present {
        None => problems.push(Problem::NoPresentVersion),
        Some((_, text)) => {
            if version
                .zip(Version::parse(text).ok())
                .is_some_and(|(new, old)| new <= old)
            {
                problems.push(Problem::NotGreater {
                    present: text.clone(),
                });
            }
        }
    }
    if !is_day(situation.date) {
        problems.push(Problem::NotADate(situation.date.to_owned()));
    }
    let unclean = situation
        .status
        .lines()
        .filter(|line| !line.trim().is_empty())
        .count();
    if unclean > 0 {
        problems.push(Problem::Unclean(unclean));
    }
    if situation
        .tags
        .lines()
        .any(|line| line.trim() == tag(situation.version))
    {
        problems.push(Problem::Tagged(tag(situation.version)));
    }
    let changelog = changelog(situation).unwrap_or_else(|problem| {
        problems.push(problem);
        String::new()
    });
    match present {
        Some((index, before)) if problems.is_empty() => {
            let manifest = with_version(situation.manifest, index, situation.version);
            Ok(Plan {
                before,
                manifest,
                changelog,
            })
        }
        Some(_) | None => Err(problems),
    }
}

/// The line with the version of `[workspace.package]`, and that version.
fn present_version(manifest: &str) -> Option<(usize, String)> {
    let mut table = "";
    manifest.lines().enumerate().find_map(|(index, line)| {
        if line.starts_with('[') {
            table = line.trim();
        }
        let value = line.strip_prefix("version = \"")?.strip_suffix('"')?;
        (table == "[workspace.package]").then(|| (index, value.to_owned()))
    })
}

fn with_version(manifest: &str, at: usize, version: &str) -> String {
    let replaced = format!("version = \"{version}\"");
    let lines = manifest.lines().enumerate();
    lines
        .map(|(index, line)| if index == at { replaced.as_str() } else { line })
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// The changelog with what has gathered under a heading of its own.
fn changelog(situation: &Situation<'_>) -> Result<String, Problem> {
    let (before, after) = situation
        .changelog
        .split_once(OPEN)
        .ok_or(Problem::NoOpenHeading)?;
    let heading = format!("## [{}]", situation.version);
    if after.lines().any(|line| line.starts_with(&heading)) {
        return Err(Problem::HeadingExists);
    }
    let gathered = after.lines().take_while(|line| !line.starts_with("## "));
    if !gathered
        .into_iter()
        .any(|line| !line.trim().is_empty() && !line.starts_with('#'))
    {
        return Err(Problem::NothingToRelease);
    }
    Ok(format!(
        "{before}{OPEN}\n\n{heading} - {}{after}",
        situation.date
    ))
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, length: usize, max: u32| {
        part.len() == length
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part
                .parse::<u32>()
                .is_ok_and(|number| (1..=max).contains(&number))
    };
    matches!(parts.as_slice(), [year, month, day] if number(year, 4, 9999) && number(month, 2, 12) && number(day, 2, 31))
}
