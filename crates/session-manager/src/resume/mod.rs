//! Going on with a session: what ended the run before, what is to become of every job, and doing just that.
//!
//! [`plan_resume`] looks at what a session left and says everything beforehand; [`ResumePlan::apply`] takes the
//! lock, makes sure that nothing changed since, and does it.

mod death;
mod result_file;

mod fates;
mod flight;
mod traces;

mod drift;
mod policy;

mod plan;
mod text;

mod apply;

pub use apply::{ApplyError, EndOrphans, Resumed};
pub use death::CauseOfDeath;
pub use drift::{FieldDifference, differences};
pub use fates::{Fate, FateRow, FlightAction, FlightFacts, FlightRules};
pub use flight::Flight;
pub use plan::{JobAction, JobPlan, JobReason, Refusal, ResumePlan, SessionMark, plan_resume};
pub use policy::{
    AtLimit, DriftPolicy, OrphanPolicy, ResumeEnvironment, ResumePolicy, UnknownPolicy,
};
pub use result_file::{LeftResult, ResultFile};

pub(crate) use fates::fate_of;
pub(crate) use result_file::{clear_result_file, write_respawn_file};
pub(crate) use traces::{Traces, job_in_flight};
