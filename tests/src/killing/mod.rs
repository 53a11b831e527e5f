//! The kill loop: generated sessions under the real program, SIGKILL at drawn moments, resume, until done.

mod marks;
mod plan;
mod reading;
mod unit_file;

mod place;
mod round;

mod figures;
mod run;

pub use figures::{Failure, Figures};
pub use marks::Marks;
pub use plan::{Kind, Plan, PlannedJob, PlannedSelection, PlannedTemplate};
pub use reading::{
    SessionRow, outcomes_in_json_lines, outcomes_in_plain_lines, outcomes_in_show, sessions_in_list,
};
pub use run::{Settings, run};

#[cfg(test)]
mod tests;
