//! One line of the answer: a piece of work, its figures, its bar.

use super::figure::{Figure, Unit};
use super::interval::Interval;

/// What became of a bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Reached,
    /// It does not.
    Missed,
    /// There is none; the figure is told.
    Told,
    /// It could not be measured, and why; such a bar does not count as reached.
    NotMeasured(String),
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The work.
    pub work: String,
    /// What ours took; `None` when it was not measured.
    pub ours: Option<Figure>,
    /// What the others took.
    pub others: Vec<(String, Figure)>,
    /// Ours through the one other that the bar is about.
    pub ratio: Option<Interval>,
    /// The bar, in words; empty when there is none.
    pub bar: String,
    /// What became of it.
    pub verdict: Verdict,
}

impl Row {
    /// A figure without a bar so far.
    #[must_use]
    pub fn new(work: impl Into<String>, ours: f64, unit: Unit) -> Self {
        Self {
            work: work.into(),
            ours: Some(Figure::new(ours, unit)),
            others: Vec::new(),
            ratio: None,
            bar: String::new(),
            verdict: Verdict::Told,
        }
    }

    /// Work that could not be measured here.
    #[must_use]
    pub fn not_measured(
        work: impl Into<String>,
        bar: impl Into<String>,
        why: impl Into<String>,
    ) -> Self {
        Self {
            work: work.into(),
            ours: None,
            others: Vec::new(),
            ratio: None,
            bar: bar.into(),
            verdict: Verdict::NotMeasured(why.into()),
        }
    }

    /// The same with another beside it, in the unit of ours.
    #[must_use]
    pub fn beside(mut self, name: impl Into<String>, value: f64) -> Self {
        let unit = self.ours.map_or(Unit::Count, |ours| ours.unit);
        self.others.push((name.into(), Figure::new(value, unit)));
        self
    }

    /// The bar: ours is at most this, in the unit of ours.
    #[must_use]
    pub fn at_most(self, limit: f64) -> Self {
        let value = self.ours.map_or(f64::NAN, |ours| ours.value);
        let unit = self.ours.map_or(Unit::Count, |ours| ours.unit);
        let words = format!("at most {}", Figure::new(limit, unit));
        self.judged(&words, value <= limit)
    }

    /// The bar: ours through that other is at most this. Both are exact.
    #[must_use]
    pub fn at_most_times(mut self, other: &str, limit: f64) -> Self {
        let value = self.ours.map_or(f64::NAN, |ours| ours.value);
        let found = self.others.iter().find(|(name, _)| name == other);
        let ratio = found.map_or(f64::NAN, |(_, figure)| value / figure.value);
        self.ratio = Some(Interval {
            median: ratio,
            low: ratio,
            high: ratio,
        });
        self.judged(&format!("at most {limit} × {other}"), ratio <= limit)
    }

    /// The ratio of rounds, told without a bar.
    #[must_use]
    pub fn ratio_told(mut self, ratio: Interval) -> Self {
        self.ratio = Some(ratio);
        self
    }

    /// The bar: the ratio of rounds lies at most there, by its lower end.
    #[must_use]
    pub fn ratio_at_most(mut self, ratio: Interval, other: &str, limit: f64) -> Self {
        self.ratio = Some(ratio);
        self.judged(&format!("at most {limit} × {other}"), ratio.low <= limit)
    }

    /// One more bar beside those it has: all of them have to hold.
    #[must_use]
    pub fn judged(mut self, words: &str, holds: bool) -> Self {
        if !self.bar.is_empty() {
            self.bar.push_str(", ");
        }
        self.bar.push_str(words);
        self.verdict = match self.verdict {
            Verdict::Told | Verdict::Reached if holds => Verdict::Reached,
            Verdict::Told | Verdict::Reached | Verdict::Missed => Verdict::Missed,
            Verdict::NotMeasured(why) => Verdict::NotMeasured(why),
        };
        self
    }

    /// Whether nothing speaks against the run.
    #[must_use]
    pub fn holds(&self) -> bool {
        match self.verdict {
            Verdict::Reached | Verdict::Told => true,
            Verdict::Missed | Verdict::NotMeasured(_) => false,
        }
    }
}
