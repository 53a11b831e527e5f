//! Finding the processes of a job among all others.

use std::collections::BTreeMap;

use crate::process::{Process, command_line, marked, processes, read_stat};

/// What gave a process away; where several things did, the first of this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    /// It is the recorded process itself.
    Identity,
    /// It is in the process group of the recorded process.
    Group,
    /// It was started with the mark.
    Mark,
    /// It descends from one that was found.
    Parent,
}

/// A living process of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Orphan {
    /// Its number.
    pub pid: u32,
    /// When it started: clock ticks since boot.
    pub start_time: u64,
    /// Its command line, for people; cut at 200 characters.
    pub command: String,
    /// What gave it away.
    pub found_by: FoundBy,
}

/// What to look for. The numbers mean those of this boot and namespace.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    /// The mark; an empty one is on nobody.
    pub(crate) mark: String,
    /// Number and start time of processes that were started as jobs.
    pub(crate) leaders: Vec<(u32, u64)>,
    /// Marked processes that started before this tick belong to somebody else.
    pub(crate) marked_since: u64,
}

impl Search {
    /// Looks at every process once. Neither ourselves nor those we descend from are ever found: who
    /// resumes a session from a shell that the session started keeps that shell.
    pub(crate) fn scan(&self) -> Vec<Orphan> {
        let living = processes();
        let spared = lineage(std::process::id(), &living);
        let mut candidates: Vec<&Process> = living
            .iter()
            .filter(|process| !spared.contains(&process.pid))
            .collect();
        let mut found: BTreeMap<u32, (&Process, FoundBy)> = BTreeMap::new();
        for (pid, start_time) in &self.leaders {
            let leader = read_stat(*pid);
            candidates.retain(|process| {
                let is_leader = process.pid == *pid && process.start_time == *start_time;
                let reason = if is_leader {
                    FoundBy::Identity
                } else if process.group == *pid
                    && process.start_time >= *start_time
                    && leader.is_none_or(|leader| leader.start_time == *start_time)
                {
                    FoundBy::Group
                } else {
                    return true;
                };
                found.insert(process.pid, (process, reason));
                false
            });
        }
        if !self.mark.is_empty() {
            candidates.retain(|process| {
                let ours = process.start_time >= self.marked_since && marked(process, &self.mark);
                if ours {
                    found.insert(process.pid, (process, FoundBy::Mark));
                }
                !ours
            });
        }
        loop {
            let known = found.len();
            candidates.retain(|process| {
                let ours = found.contains_key(&process.parent);
                if ours {
                    found.insert(process.pid, (process, FoundBy::Parent));
                }
                !ours
            });
            if found.len() == known {
                break;
            }
        }
        found
            .into_values()
            .map(|(process, found_by)| Orphan {
                pid: process.pid,
                start_time: process.start_time,
                command: command_line(process.pid),
                found_by,
            })
            .collect()
    }
}

/// A process and all it descends from.
fn lineage(pid: u32, living: &[Process]) -> Vec<u32> {
    let parents: BTreeMap<u32, u32> = living
        .iter()
        .map(|process| (process.pid, process.parent))
        .collect();
    let mut line = vec![pid];
    let mut last = pid;
    while let Some(parent) = parents.get(&last).copied() {
        if line.contains(&parent) {
            break;
        }
        line.push(parent);
        last = parent;
    }
    line
}
