//! A number with its unit.

use std::fmt;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Things: calls, requests, flushes.
    Count,
    /// Machine instructions.
    Instructions,
    /// Nanoseconds.
    Nanoseconds,
    /// One number through another.
    Ratio,
}

impl Unit {
    /// Its name in the JSON output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Count => "count",
            Self::Instructions => "instructions",
            Self::Nanoseconds => "ns",
            Self::Ratio => "ratio",
        }
    }
}

/// A number with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The number.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
}

impl Figure {
    /// A number of that unit.
    #[must_use]
    pub const fn new(value: f64, unit: Unit) -> Self {
        Self { value, unit }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value;
        match self.unit {
            Unit::Bytes => scaled(f, value, 1024.0, &["B", "KiB", "MiB", "GiB"]),
            Unit::Nanoseconds => scaled(f, value, 1000.0, &["ns", "µs", "ms", "s"]),
            Unit::Instructions => scaled(
                f,
                value,
                1000.0,
                &["instr", "k instr", "M instr", "G instr"],
            ),
            Unit::Count if value.fract() == 0.0 => write!(f, "{value}"),
            Unit::Count => write!(f, "{value:.3}"),
            Unit::Ratio => write!(f, "{value:.3} ×"),
        }
    }
}

/// Below ten thousand of a unit the next one says less than it hides.
fn scaled(f: &mut fmt::Formatter<'_>, value: f64, step: f64, units: &[&str]) -> fmt::Result {
    let (mut value, mut units) = (value, units);
    while let [_, rest @ ..] = units
        && !rest.is_empty()
        && value.abs() >= 10_000.0
    {
        value /= step;
        units = rest;
    }
    let unit = units.first().copied().unwrap_or_default();
    if value.abs() >= 100.0 || value.fract() == 0.0 {
        write!(f, "{value:.0} {unit}")
    } else {
        write!(f, "{value:.2} {unit}")
    }
}
