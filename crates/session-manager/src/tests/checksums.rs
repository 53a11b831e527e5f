//! A plan compares checksums by the rule of the program that wrote the session.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use camino::Utf8Path;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;
use session_state::{JobDefinition, JobId};
use session_storage::{CrashFs, Fs, LockPolicy, Repository, SessionStorage};
use suspend_resume::Format;

use super::kit::{PLACE, empty_fs, holder, options, repository};
use crate::{
    DormantSession, KnownUnits, Refusal, ResumeEnvironment, ResumePolicy, SessionManager,
    plan_resume,
};

fn definition(command: &str) -> Arc<JobDefinition> {
    let fields = [("id", "a"), ("plugin", "shell"), ("command", command)];
    let fields = fields.map(|(name, value)| (Arc::from(name), value.into()));
    Arc::new(JobDefinition::new(
        Some("com.example".into()),
        fields.into(),
        None,
        None,
    ))
}

fn storage(fs: &CrashFs) -> SessionStorage {
    let fs: Arc<dyn Fs> = Arc::new(fs.clone());
    let repository = Repository::open(fs, Utf8Path::new(PLACE)).unwrap();
    repository.entries().unwrap()[0].open().unwrap()
}

/// A session of version 6 as today's programs write it, edited.
fn session_of_6(edit: impl FnOnce(&mut Value)) -> CrashFs {
    let fs = empty_fs();
    let mut session = SessionManager::builder(repository(Arc::new(fs.clone())).unwrap(), options())
        .format(Format::Checkbox(6))
        .create_with_job_list([definition("true")])
        .unwrap();
    let id = JobId::from("com.example::a");
    assert!(session.state_mut().update_desired_jobs(&[id]).is_empty());
    session.close().unwrap();
    let storage = storage(&fs);
    let bytes = storage.load_checkpoint().unwrap().expect("it was saved");
    let mut text = String::new();
    MultiGzDecoder::new(&bytes[..])
        .read_to_string(&mut text)
        .unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    edit(&mut document["session"]);
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(document.to_string().as_bytes()).unwrap();
    let lock = storage
        .lock(&holder("boot-1"), LockPolicy::FailNow)
        .unwrap();
    lock.save_checkpoint(&packer.finish().unwrap()).unwrap();
    fs
}

/// Drops the two keys that PlainBox 0.38 did not write, and puts the checksum of its rule.
fn as_038(session: &mut Value) {
    let metadata = session["metadata"].as_object_mut().unwrap();
    metadata.remove("custom_joblist").expect("it is written");
    metadata.remove("rejected_jobs").expect("it is written");
    of_then(session);
}

fn of_then(session: &mut Value) {
    let checksum = definition("true").checksum_without_namespace().to_string();
    session["jobs"]["com.example::a"] = checksum.into();
}

/// Whether a plan with this command of the job is refused, and whether loading is.
fn refused(fs: &CrashFs, command: &str) -> (bool, bool) {
    let known = KnownUnits::new(vec![definition(command)], Vec::new());
    let environment = ResumeEnvironment::of(&options(), ResumePolicy::default());
    let dormant = DormantSession::read_with(&storage(fs), &options(), &known).unwrap();
    let plan = plan_resume(&dormant, Some(&known.jobs), &environment);
    let drifted = |refusal: &Refusal| matches!(refusal, Refusal::Drift { .. });
    let loaded = SessionManager::load_session_with(storage(fs), options(), &known, None);
    (plan.refusals.iter().any(drifted), loaded.is_err())
}

#[test]
fn a_plan_takes_the_checksums_that_loading_takes() {
    let today = session_of_6(|_| ());
    let then = session_of_6(as_038);
    // With all keys of today it is no session of 0.38, and its checksum is none of today's rule.
    let neither = session_of_6(of_then);
    assert_eq!(refused(&today, "true"), (false, false));
    assert_eq!(refused(&then, "true"), (false, false));
    assert_eq!(refused(&neither, "true"), (true, true));
    for fs in [today, then] {
        assert_eq!(refused(&fs, "false"), (true, true));
    }
}
