//! Work that costs the same however large the session is.

use crate::error::BenchError;
use crate::method::{Row, Unit, instructions};
use crate::run::RunOptions;

/// The work of a probe, at three sizes of the session.
pub(crate) struct Flat {
    /// What is counted.
    pub(crate) work: &'static str,
    /// In what it is flat.
    pub(crate) flat_in: &'static str,
    /// The words of the probe, to which the size and the number of repetitions are added.
    pub(crate) probe: [&'static str; 2],
    /// How many jobs the sessions have.
    pub(crate) sizes: [usize; 3],
    /// How often the probe does its work.
    pub(crate) repetitions: usize,
}

impl Flat {
    /// The instructions of doing it once, the most of the three beside the least.
    pub(crate) fn row(&self, options: &RunOptions) -> Result<Row, BenchError> {
        let [area, what] = self.probe;
        let repetitions = self.repetitions.to_string();
        let mut counts = Vec::new();
        for jobs in self.sizes {
            let probe = [area, what, &jobs.to_string(), &repetitions];
            let Some(count) = instructions(&options.program, &probe)? else {
                let bar = format!("flat in the {}", self.flat_in);
                return Ok(Row::not_measured(self.work, bar, "no valgrind here"));
            };
            counts.push((jobs, count as f64 / self.repetitions as f64));
        }
        let each = || counts.iter().map(|(_, count)| *count);
        let least = each().fold(f64::INFINITY, f64::min);
        let most = each().fold(0.0, f64::max);
        let work = format!("{}, the most of three sizes", self.work);
        let row = Row::new(work, most, Unit::Instructions);
        let row = counts.iter().fold(row, |row, (jobs, count)| {
            row.beside(format!("{jobs} jobs"), *count)
        });
        Ok(row
            .beside("the least", least)
            .at_most_times("the least", 1.05))
    }
}

/// The instructions of a probe, for each of so many pieces of work.
pub(crate) fn each(
    options: &RunOptions,
    probe: &[&str],
    count: usize,
) -> Result<Option<f64>, BenchError> {
    let all = instructions(&options.program, probe)?;
    Ok(all.map(|all| all as f64 / count as f64))
}

/// Ours may be so many times the other.
pub(crate) fn flat(
    work: &str,
    ours: Option<f64>,
    name: &str,
    other: Option<f64>,
    limit: f64,
) -> Row {
    let (Some(ours), Some(other)) = (ours, other) else {
        return Row::not_measured(
            work,
            format!("at most {limit} × {name}"),
            "no valgrind here",
        );
    };
    Row::new(work, ours, Unit::Instructions)
        .beside(name, other)
        .at_most_times(name, limit)
}
