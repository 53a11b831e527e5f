//! From definitions to a solved run list.

use crate::error::BenchError;
use crate::jobs::{Dependencies, definitions, ids, solved};
use crate::method::{Contender, Row, Unit, time_rounds};
use crate::run::RunOptions;

#[cfg(feature = "peers")]
const PEER: &str = "hashbrown + petgraph toposort";

/// Rounds of a million jobs take seconds each: fewer of them, and a wider interval, than of work that takes less.
const ROUNDS: usize = 12;

/// Near and random dependencies; the state is dropped outside the time, as a program keeps it.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let jobs = options.scale.pick(1_000_000, 100_000, 50);
    let mut rows = Vec::new();
    for (name, dependencies) in [
        ("near", Dependencies::Near),
        ("random", Dependencies::Random),
    ] {
        let definitions = definitions(jobs, dependencies);
        let selected = ids(&definitions);
        let kept = std::cell::Cell::new(None);
        let ours = Contender::new("ours", || {
            let state = solved(&definitions, &selected)?;
            same(state.run_list().len(), jobs)?;
            kept.set(Some(state));
            Ok(())
        })
        .prepared(|| {
            kept.take();
            Ok(())
        });
        #[cfg(feature = "peers")]
        let mut contenders = [
            ours,
            Contender::new(PEER, || same(super::peer::order(&definitions)?, jobs)).prepared(|| {
                kept.take();
                Ok(())
            }),
        ];
        #[cfg(not(feature = "peers"))]
        let mut contenders = [ours];
        let rounds = time_rounds(options.scale.pick(ROUNDS, 5, 1), &mut contenders)?;
        let work = format!("{jobs} definitions to a run list, {name} dependencies");
        let row = Row::new(work, rounds.median_ns("ours", 1), Unit::Nanoseconds);
        #[cfg(feature = "peers")]
        let row = row.beside(PEER, rounds.median_ns(PEER, 1)).ratio_at_most(
            rounds.ratio("ours", PEER),
            PEER,
            2.5,
        );
        rows.push(row);
    }
    Ok(rows)
}

fn same(found: usize, expected: usize) -> Result<(), BenchError> {
    if found == expected {
        return Ok(());
    }
    Err(BenchError::Wrong {
        what: format!("a run list of {found} jobs instead of {expected}"),
    })
}
