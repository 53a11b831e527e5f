//! One area from its rows to the answer.

use std::path::PathBuf;

use crate::error::{BenchError, Doing as _};
use crate::method::{Device, Row, json, machine, plot, table};
use crate::{codec, disk, manager, say, state, storage};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Area {
    /// Sessions on disk: what a checkpoint costs, opening, listing.
    Storage,
    /// The model: building and solving large sessions, their memory, single steps.
    State,
    /// States to bytes and back.
    Codec,
    /// Whole sessions.
    Manager,
}

impl Area {
    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Storage => "storage",
            Self::State => "state",
            Self::Codec => "codec",
            Self::Manager => "manager",
        }
    }
}

/// How large the work is and how often it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// As the bars are meant.
    Full,
    /// A look: smaller, with few rounds. Bars are judged all the same.
    Quick,
    /// As little as runs every line, for the tests. No probe under valgrind or strace.
    Least,
}

impl Scale {
    /// One of three numbers.
    #[must_use]
    pub const fn pick(self, full: usize, quick: usize, least: usize) -> usize {
        match self {
            Self::Full => full,
            Self::Quick => quick,
            Self::Least => least,
        }
    }

    /// How many rounds are timed.
    #[must_use]
    pub const fn rounds(self) -> usize {
        self.pick(40, 8, 1)
    }
}

/// How an area is run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// How large.
    pub scale: Scale,
    /// The program itself, to start probes with.
    pub program: PathBuf,
    /// Only the groups of rows whose name holds this text.
    pub only: Option<String>,
}

/// Measures some rows that belong together.
pub(crate) type Group = fn(&RunOptions) -> Result<Vec<Row>, BenchError>;

impl RunOptions {
    /// Measures the groups that are wanted, in order. A name that no group has would measure nothing and call every
    /// bar reached, so it is refused.
    pub(crate) fn measure(&self, groups: &[(&str, Group)]) -> Result<Vec<Row>, BenchError> {
        if let Some(only) = &self.only
            && !groups.iter().any(|(name, _)| name.contains(only.as_str()))
        {
            let names: Vec<_> = groups.iter().map(|(name, _)| *name).collect();
            return Err(BenchError::NoGroup {
                only: only.clone(),
                names: names.join(", "),
            });
        }
        let mut rows = Vec::new();
        for (name, group) in groups {
            if self.wants(name) {
                rows.extend(group(self)?);
            }
        }
        Ok(rows)
    }

    /// The device whose counters are read: in the least form without a file system of its own.
    pub(crate) fn device(&self) -> Result<Option<Device>, BenchError> {
        match self.scale {
            Scale::Full | Scale::Quick => Device::find(),
            Scale::Least => Device::below_the_build_folder(),
        }
    }

    /// Whether a group of rows of that name is to be measured; says so on standard error.
    fn wants(&self, group: &str) -> bool {
        let wanted = self
            .only
            .as_ref()
            .is_none_or(|only| group.contains(only.as_str()));
        if wanted {
            say::progress(&format!("  {group} ..."));
        }
        wanted
    }
}

/// Measures an area and answers with its rows.
///
/// # Errors
/// Something that is measured, or that measures, did not work.
pub fn run(area: Area, options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    match area {
        Area::Storage => storage::rows(options),
        Area::State => state::rows(options),
        Area::Codec => codec::rows(options),
        Area::Manager => manager::rows(options),
    }
}

/// Prints the answer, and writes the plot and, where asked for, the JSON; answers whether every bar was reached.
pub(crate) fn report(
    area: Area,
    options: &RunOptions,
    json_to: Option<&std::path::Path>,
    rows: &[Row],
) -> Result<bool, BenchError> {
    let machine = machine();
    say::line(&format!("bench {} on: {machine}\n", area.name()));
    say::line(&table(rows));
    let picture = disk::home()
        .doing("make the folder for results")?
        .join(format!("{}.svg", area.name()));
    let title = format!("{}: ours beside the floor and the peers", area.name());
    disk::write(&picture, plot(&title, &machine, rows).as_bytes()).doing("write the plot")?;
    say::line(&format!("plot: {}", picture.display()));
    if let Some(path) = json_to {
        let quick = options.scale != Scale::Full;
        let value = json(area.name(), quick, options.scale.rounds(), &machine, rows);
        let text = format!("{value:#}\n");
        disk::write(path, text.as_bytes()).doing(format!("write {}", path.display()))?;
    }
    let missed = rows.iter().filter(|row| !row.holds()).count();
    say::line(&match missed {
        0 => "every bar reached".to_owned(),
        1 => "1 bar not reached".to_owned(),
        count => format!("{count} bars not reached"),
    });
    Ok(missed == 0)
}
