//! Every operation after every other that it can follow, as workloads of their own.

use std::borrow::Cow;

use super::workload::{Place, Step, Workload};

/// An operation of the crate, as a pair has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Append,
    Summary,
    Fold,
    Fallback,
    FullDisk,
    Quota,
    Repair,
    Read,
    Reopen,
    Close,
    Replace,
    Remove,
}

impl Deed {
    const ALL: [Self; 12] = [
        Self::Append,
        Self::Summary,
        Self::Fold,
        Self::Fallback,
        Self::FullDisk,
        Self::Quota,
        Self::Repair,
        Self::Read,
        Self::Reopen,
        Self::Close,
        Self::Replace,
        Self::Remove,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Append => "append",
            Self::Summary => "summary",
            Self::Fold => "fold",
            Self::Fallback => "fallback",
            Self::FullDisk => "full",
            Self::Quota => "quota",
            Self::Repair => "repair",
            Self::Read => "read",
            Self::Reopen => "reopen",
            Self::Close => "close",
            Self::Replace => "replace",
            Self::Remove => "remove",
        }
    }

    /// Its steps; a full disk and a used-up quota stay so for what follows.
    fn steps(self) -> &'static [Step] {
        match self {
            Self::Append => &[Step::Append(700)],
            Self::Summary => &[Step::Summary(90)],
            Self::Fold => &[Step::Fold],
            Self::Fallback => &[Step::StepBack],
            Self::FullDisk => &[Step::FreeSpace(0), Step::Append(3000), Step::Append(900)],
            Self::Quota => &[Step::FilesLeft(0), Step::Fold, Step::Append(700)],
            Self::Repair => &[Step::Repair],
            Self::Read => &[Step::Read],
            Self::Reopen => &[Step::Reopen],
            Self::Close => &[Step::CloseAndOpen],
            Self::Replace => &[Step::Replace],
            Self::Remove => &[Step::Remove],
        }
    }

    fn needs_repository(self) -> bool {
        match self {
            Self::Replace | Self::Remove => true,
            Self::Append
            | Self::Summary
            | Self::Fold
            | Self::Fallback
            | Self::FullDisk
            | Self::Quota
            | Self::Repair
            | Self::Read
            | Self::Reopen
            | Self::Close => false,
        }
    }
}

/// A pair for every two operations, each in a session of two generations that has frames.
///
/// After a removal a session is created before what follows.
pub(super) fn pairs() -> Vec<Workload> {
    let every_second = |first: Deed| Deed::ALL.into_iter().map(move |second| (first, second));
    Deed::ALL
        .into_iter()
        .flat_map(every_second)
        .map(|(first, second)| pair(first, second))
        .collect()
}

fn pair(first: Deed, second: Deed) -> Workload {
    let mut steps = vec![
        Step::Create,
        Step::Append(20),
        Step::Fold,
        Step::Append(600),
    ];
    steps.extend(first.steps());
    if first == Deed::Remove {
        steps.extend([Step::Create, Step::Append(30)]);
    }
    steps.extend(second.steps());
    if second == Deed::Remove {
        steps.push(Step::Read);
    } else {
        steps.extend([Step::SpaceBack, Step::Append(40)]);
    }
    Workload {
        name: Cow::Owned(format!("{}+{}", first.name(), second.name())),
        steps: Cow::Owned(steps),
        page: false,
        place: if first.needs_repository() || second.needs_repository() {
            Place::Repository
        } else {
            Place::Directory
        },
    }
}
