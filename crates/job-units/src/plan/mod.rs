//! Test plans: which jobs a session is to run, in which order, and what stands in the place of their fields.
//!
//! [`TestPlan`] is one unit as it was written, [`resolve`] brings it together with the plans it is made of,
//! and [`ResolvedPlan`] answers which of the known jobs it means. All of it is pure: the same units and jobs
//! give the same answers.

mod error;
mod lines;
mod pattern;
mod resolve;
mod select;
mod unit;

pub use error::{LineFault, PlanError, PlanFault};
pub use pattern::{Pattern, PatternError};
pub use resolve::{OverrideRule, ResolvedPlan, resolve, resolve_all};
pub use unit::{Inclusion, TestPlan};
