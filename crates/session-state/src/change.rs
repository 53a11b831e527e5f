//! What happened to a state, as data: enough to bring an old copy to the new state.
//!
//! Changes are facts, not requests: a selection holds the order that was solved, a result of a resource
//! job is followed by the records that were read from it. Applying them runs no solver and reads no log.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::field::FieldValue;
use crate::id::JobId;
use crate::job::{JobDefinition, JobResult, Origin};
use crate::metadata::JobIntent;
use crate::overrides::OverridableField;
use crate::resource::Resource;
use crate::template::Template;
use crate::unit::OtherUnit;

/// One mutation of a session state.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A job came in.
    JobAdded {
        /// The new definition.
        definition: Arc<JobDefinition>,
        /// The job whose output made it, for generated jobs.
        via: Option<JobId>,
    },
    /// A job went out.
    JobRemoved {
        /// Its id.
        job: JobId,
    },
    /// A job has another definition now; its results, its attempts and its place stay.
    JobReplaced {
        /// The new definition, of the same id.
        definition: Arc<JobDefinition>,
    },
    /// A job stays as it is; what a local job printed is where it was written now.
    JobMoved {
        /// The job.
        job: JobId,
        /// The local job.
        via: JobId,
        /// The new place.
        origin: Origin,
    },
    /// The mandatory list was replaced.
    MandatoryJobs {
        /// The new list.
        jobs: Vec<JobId>,
    },
    /// The desired list was replaced and solved.
    Selection {
        /// What was asked for, less what could not be had.
        desired: Vec<JobId>,
        /// That plus dependencies, in the order to run.
        run_list: Vec<JobId>,
    },
    /// Jobs joined the desired list at its end, and what they need the run list; everything else stays.
    SelectionExtended {
        /// What came behind the desired list.
        desired: Vec<JobId>,
        /// What came behind the run list.
        run_list: Vec<JobId>,
    },
    /// A job left the desired list, and the run list with what was there for it alone.
    SelectionReduced {
        /// Whichever is no longer asked for.
        job: JobId,
        /// What went from the run list: jobs that stood there in this order, one behind the other.
        run_list: Vec<JobId>,
    },
    /// An attempt at a job is about to begin; counts as an attempt of that job.
    JobStarted {
        /// The durable note.
        intent: JobIntent,
        /// Seconds since the epoch.
        at: f64,
    },
    /// A result was recorded (hollow: the job is to be run again); ends an intent of that job.
    ResultRecorded {
        /// Whose.
        job: JobId,
        /// What.
        result: Arc<JobResult>,
    },
    /// The records of a resource were replaced.
    ResourcesReplaced {
        /// The resource job.
        resource: JobId,
        /// Its records.
        records: Vec<Resource>,
    },
    /// A template came in.
    TemplateAdded {
        /// The template.
        template: Arc<Template>,
    },
    /// The templates of an id went out.
    TemplatesRemoved {
        /// Their id.
        template: Box<str>,
    },
    /// A unit that is neither a job nor a template came in.
    UnitAdded {
        /// The unit.
        unit: Arc<OtherUnit>,
    },
    /// Such units of a kind and an id went out.
    UnitsRemoved {
        /// Their kind.
        kind: Box<str>,
        /// Their id; empty: those without one.
        id: Box<str>,
    },
    /// A value was put in the place of a field of a job.
    Overridden {
        /// The job.
        job: JobId,
        /// The field.
        field: OverridableField,
        /// The value.
        value: Box<str>,
    },
    /// It was set how often a job may still be tried.
    AttemptsSet {
        /// The job.
        job: JobId,
        /// How often.
        attempts: i32,
    },
    /// What is known of the machine was replaced.
    ManifestReplaced {
        /// Entries by id.
        manifest: BTreeMap<Box<str>, FieldValue>,
    },
    /// A field of the metadata changed.
    Metadata(MetadataChange),
}

/// A change of one field of the metadata: its new value.
#[derive(Clone, Debug, PartialEq)]
pub enum MetadataChange {
    /// The title.
    Title(Option<String>),
    /// A flag was set.
    FlagSet(String),
    /// A flag was cleared.
    FlagCleared(String),
    /// The name of the job last begun.
    RunningJobName(Option<String>),
    /// The application's bytes.
    AppBlob(Option<Vec<u8>>),
    /// The application's name.
    AppId(Option<String>),
    /// Whether the jobs were chosen by hand.
    CustomJoblist(bool),
    /// The deselected jobs.
    RejectedJobs(Vec<JobId>),
    /// When the last job was begun.
    LastJobStartTime(Option<f64>),
    /// Whether anything is left to do.
    RemainingTodoJobs(bool),
    /// The job in flight.
    Intent(Option<JobIntent>),
}
