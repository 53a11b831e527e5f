//! Every error there is, from real circumstances: calls of the file system that fail one after the other, and the
//! mistakes a caller can make.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Arc;

use camino::Utf8Path;
use session_state::{
    Change, DeviceContext, FieldValue, IoStream, JobDefinition, JobId, JobOutcome, JobResult,
};
use session_storage::{
    CrashFs, CreateOptions, FailFs, Failure, Fs, OpenMode, Repeat, Repository, SessionStorage,
};
use suspend_resume::{Format, encode_changes};

use super::kit::{PLACE, empty_fs, job, options, process, repository};
use crate::{
    AtLimit, DormantSession, KnownUnits, Lifecycle, ManagerOptions, ResumeEnvironment,
    ResumePolicy, SessionManager, find_removed, find_session, plan_resume, request_abort,
};

/// The errors that were seen: the enum and its variant.
#[derive(Default)]
struct Seen(BTreeSet<String>);

impl Seen {
    /// Notes an error, if there is one, and hands on what there is instead.
    fn note<T, E: Debug>(&mut self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                let kind = std::any::type_name::<E>()
                    .rsplit("::")
                    .next()
                    .unwrap_or_default();
                let text = format!("{error:?}");
                let end = text
                    .find(|c: char| !c.is_alphanumeric())
                    .unwrap_or(text.len());
                self.0.insert(format!("{kind}::{}", &text[..end]));
                None
            }
        }
    }
}

/// The variants in a source text.
fn declared(source: &str) -> BTreeSet<String> {
    let mut variants = BTreeSet::new();
    let mut current = None;
    for line in source.lines() {
        if let Some(rest) = line.strip_prefix("pub enum ") {
            current = rest
                .strip_suffix(" {")
                .filter(|name| name.ends_with("Error"));
        } else if line == "}" {
            current = None;
        } else if let (Some(name), Some(variant)) = (current, line.strip_prefix("    "))
            && variant.starts_with(char::is_uppercase)
        {
            let end = variant
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(variant.len());
            variants.insert(format!("{name}::{}", &variant[..end]));
        }
    }
    variants
}

fn definitions() -> Vec<Arc<JobDefinition>> {
    vec![
        job(
            "a",
            &[
                ("plugin", "shell"),
                ("command", "true"),
                ("flags", "noreturn"),
            ],
        ),
        job("b", &[("plugin", "shell"), ("command", "true")]),
    ]
}

fn known() -> KnownUnits {
    KnownUnits::new(definitions(), Vec::new())
}

fn storage(fs: Arc<dyn Fs>, seen: &mut Seen) -> Option<SessionStorage> {
    let repository = Repository::open(fs, Utf8Path::new(PLACE)).ok()?;
    seen.note(find_session(&repository, "session-", &options()))
}

/// A whole life; every error on the way is noted, and whatever still works goes on.
fn life(fs: &FailFs, format: Format, seen: &mut Seen) -> Option<()> {
    let shared: Arc<dyn Fs> = Arc::new(fs.clone());
    let place = repository(Arc::clone(&shared)).ok()?;
    let builder = SessionManager::builder(place.clone(), options()).format(format);
    let mut session = seen.note(builder.create_with_job_list(definitions()))?;
    session
        .state_mut()
        .update_desired_jobs(&["a".into(), "b".into()]);
    // Three tries: the first checkpoint, taking it over, and nothing left to write to.
    for _ in 0..3 {
        seen.note(session.checkpoint());
    }
    let id = JobId::from("a");
    seen.note(session.begin_job(&id))?;
    let mut log = seen.note(session.open_log(&id))?;
    seen.note(log.started(&process()));
    seen.note(log.record(IoStream::Stdout, 0.0, &[b'x'; 300]));
    seen.note(session.finish_job(log, JobResult::of(JobOutcome::Pass)));
    seen.note(session.begin_job(&"b".into()))?;
    drop(seen.note(session.open_log(&"b".into())));
    drop(session);
    let place_of = storage(Arc::clone(&shared), seen)?;
    let dormant = seen.note(DormantSession::read_with(&place_of, &options(), &known()))?;
    let environment = ResumeEnvironment::of(&options(), ResumePolicy::default());
    let plan = plan_resume(&dormant, None, &environment);
    let resumed = seen.note(plan.apply(&place_of, &options(), &mut |_| Ok(())));
    drop(resumed);
    let loaded = SessionManager::load_session_with(place_of.clone(), options(), &known(), None);
    let mut session = seen.note(loaded)?;
    seen.note(session.settle_flight());
    seen.note(request_abort(&place_of));
    seen.note(session.enter(Lifecycle::Running));
    seen.note(session.abort());
    seen.note(session.close());
    let loaded = SessionManager::load_session_with(place_of, options(), &known(), None);
    seen.note(loaded.ok()?.destroy(&place));
    Some(())
}

/// Lets each call of such a life fail, once and from then on.
fn sweep(format: Format, seen: &mut Seen) {
    let counting = FailFs::new(Arc::new(empty_fs()));
    life(&counting, format, &mut Seen::default());
    for number in 1..=counting.call_count() {
        for repeat in [Repeat::Once, Repeat::FromThenOn] {
            let fs = FailFs::new(Arc::new(empty_fs()));
            fs.fail_call(number, Failure::Errno(5), repeat);
            life(&fs, format, seen);
        }
    }
}

/// A session whose journal was written below the manager.
fn below(snapshot: Option<&[u8]>, frame: Option<&[u8]>) -> CrashFs {
    let fs = empty_fs();
    let mut session = SessionManager::builder(repository(Arc::new(fs.clone())).unwrap(), options())
        .create_with_job_list([])
        .unwrap();
    if snapshot.is_none() {
        session.checkpoint().unwrap();
    }
    drop(session);
    let storage = storage(Arc::new(fs.clone()), &mut Seen::default()).unwrap();
    let ManagerOptions {
        holder,
        lock,
        entropy,
        journal,
        ..
    } = options();
    let lock = storage.lock(&holder, lock).unwrap();
    match (snapshot, frame) {
        (Some(bytes), _) => {
            let mut created = CreateOptions::new([1; 16], entropy);
            created.journal = journal;
            let made = lock.create_journal(&created, &mut |out| out.write_all(bytes));
            drop(made.unwrap());
        }
        (None, Some(bytes)) => {
            let (mut journal, _) = lock.open_journal(&journal).unwrap();
            journal.append(&[bytes], false).unwrap();
        }
        (None, None) => {}
    }
    fs.after_kill()
}

/// A first checkpoint whose very last step fails, and then the taking over of what it wrote.
fn take_overs(seen: &mut Seen) {
    let start = |fs: &FailFs| {
        let place = repository(Arc::new(fs.clone())).unwrap();
        let session = SessionManager::builder(place.clone(), options()).create_with_job_list([]);
        (place, session.unwrap())
    };
    let counting = FailFs::new(Arc::new(empty_fs()));
    let (_, mut session) = start(&counting);
    let before = counting.call_count();
    session.checkpoint().unwrap();
    let calls = counting.call_count() - before;
    for first in 1..=calls {
        for second in 1..30 {
            let fs = FailFs::new(Arc::new(empty_fs()));
            let (place, mut session) = start(&fs);
            fs.fail_call(fs.call_count() + first, Failure::Errno(5), Repeat::Once);
            seen.note(session.checkpoint());
            fs.fail_call(
                fs.call_count() + second,
                Failure::Errno(5),
                Repeat::FromThenOn,
            );
            seen.note(session.checkpoint());
            seen.note(session.checkpoint());
            seen.note(session.destroy(&place));
        }
    }
}

/// The mistakes a caller can make, and bytes that are no session.
fn mistakes(seen: &mut Seen) {
    let place = || repository(Arc::new(empty_fs())).unwrap();
    let builder = || SessionManager::builder(place(), options());
    let twice = [
        job("a", &[("command", "true")]),
        job("a", &[("command", "false")]),
    ];
    seen.note(builder().create_with_job_list(twice));
    seen.note(
        builder()
            .format(Format::Checkbox(12))
            .create_with_job_list([]),
    );

    let two = [DeviceContext::default(), DeviceContext::default()];
    seen.note(builder().create_with_device_contexts(two));

    let mut session = builder().create_with_job_list(definitions()).unwrap();
    seen.note(session.begin_job(&"nobody".into()));
    session.checkpoint().unwrap();
    session.begin_job(&"b".into()).unwrap();
    let log = session.open_log(&"b".into()).unwrap();
    session.state_mut().remove_job(&"b".into()).unwrap();
    seen.note(session.finish_job(log, JobResult::of(JobOutcome::Pass)));
    let mut deep = FieldValue::Null;
    for _ in 0..1200 {
        deep = FieldValue::List(vec![deep]);
    }
    let fields = vec![("id".into(), "deep".into()), ("nest".into(), deep)];
    let deep = Arc::new(JobDefinition::new(None, fields, None, None));
    session.state_mut().add_job(deep, None).unwrap();
    seen.note(session.checkpoint());

    let mut session = builder()
        .format(Format::Checkbox(11))
        .create_with_job_list(definitions())
        .unwrap();
    let pass = JobResult::of(JobOutcome::Pass);
    session
        .state_mut()
        .update_job_result(&"b".into(), pass, None)
        .unwrap();
    session
        .state_mut()
        .update_job_result(&"b".into(), JobResult::default(), None)
        .unwrap();
    seen.note(session.checkpoint());

    let unknown = encode_changes(&[Change::JobRemoved {
        job: "nobody".into(),
    }])
    .unwrap();
    for fs in [
        below(Some(b"no snapshot"), None),
        below(None, Some(b"no changes")),
        below(None, Some(&unknown)),
    ] {
        let fs: Arc<dyn Fs> = Arc::new(fs);
        let place = repository(Arc::clone(&fs)).unwrap();
        seen.note(find_session(&place, "latest", &options()));
        let storage = storage(fs, seen).unwrap();
        seen.note(DormantSession::read(&storage, &options()));
        seen.note(SessionManager::load_session(storage, options(), None));
    }

    let never_saved = builder().create_with_job_list([]).unwrap();
    let place_of = never_saved.storage().clone();
    drop(never_saved);
    seen.note(SessionManager::load_session(place_of, options(), None));

    let fs = empty_fs();
    let dir = fs.open_dir(Utf8Path::new(PLACE)).unwrap();
    dir.open_file("session-x.session".as_ref(), OpenMode::CreateNew)
        .unwrap();
    storage(Arc::new(fs), seen);
    for text in ["latest", "", "nobody"] {
        seen.note(find_session(&place(), text, &options()));
        seen.note(find_removed(&place(), text));
    }
    let fs = empty_fs();
    for _ in 0..2 {
        let place = repository(Arc::new(fs.clone())).unwrap();
        drop(
            SessionManager::builder(place, options())
                .create_with_job_list([])
                .unwrap(),
        );
    }
    storage(Arc::new(fs), seen);
}

/// Plans that are not carried out.
fn plans(seen: &mut Seen) {
    let fs = empty_fs();
    let shared: Arc<dyn Fs> = Arc::new(fs.clone());
    let mut session = SessionManager::builder(repository(Arc::clone(&shared)).unwrap(), options())
        .create_with_job_list(definitions())
        .unwrap();
    let place = session.storage().clone();
    seen.note(DormantSession::read(&place, &options()));
    session
        .state_mut()
        .update_desired_jobs(&["a".into(), "b".into()]);
    session.checkpoint().unwrap();
    session.begin_job(&"b".into()).unwrap();
    drop(session.open_log(&"b".into()).unwrap());
    drop(session);
    let mut options = options();
    options.attempts_max = 1;
    let plan = |policy| {
        let environment = ResumeEnvironment::of(&options, policy);
        plan_resume(
            &DormantSession::read(&place, &options).unwrap(),
            None,
            &environment,
        )
    };
    // By its flags this session is finished, and no finished session is paused.
    let pausing = plan(ResumePolicy {
        at_limit: AtLimit::Pause,
        ..ResumePolicy::default()
    });
    seen.note(pausing.apply(&place, &options, &mut |_| Ok(())));
    seen.note(plan(ResumePolicy::default()).apply(&place, &options, &mut |_| Err("alive".into())));
    seen.note(pausing.apply(&place, &options, &mut |_| Ok(())));
    request_abort(&place).unwrap();
    let mut session = SessionManager::load_session(place.clone(), options.clone(), None).unwrap();
    session.enter(Lifecycle::Running).unwrap();
    session.checkpoint().unwrap();
    drop(session);
    seen.note(plan(ResumePolicy::default()).apply(&place, &options, &mut |_| Ok(())));
    let mut session = SessionManager::load_session(place.clone(), options.clone(), None).unwrap();
    seen.note(SessionManager::load_session(place, options.clone(), None));
    session.abort().unwrap();
    seen.note(session.abort());
}

#[test]
fn every_error_comes_from_real_circumstances() {
    let mut seen = Seen::default();
    sweep(Format::Native, &mut seen);
    sweep(Format::Checkbox(11), &mut seen);
    take_overs(&mut seen);
    mistakes(&mut seen);
    plans(&mut seen);
    let declared: BTreeSet<String> = [
        include_str!("../error/checkpoint.rs"),
        include_str!("../error/load.rs"),
        include_str!("../error/log.rs"),
        include_str!("../error/session.rs"),
        include_str!("../abort.rs"),
        include_str!("../resume/apply.rs"),
    ]
    .iter()
    .flat_map(|source| declared(source))
    .collect();
    assert!(declared.len() > 40, "{declared:?}");
    let missing: Vec<&String> = declared.difference(&seen.0).collect();
    assert!(missing.is_empty(), "never seen: {missing:?}");
}
