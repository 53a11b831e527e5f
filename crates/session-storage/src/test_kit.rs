//! What the tests of repository, lock and checkpoint file share: places, holders, crash and fault runs.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::ffi::OsStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::fs::{
    CrashFs, Dir, EntryKind, Exploration, FailFs, Failure, Fs, FsError, OpenMode, Operation, Repeat,
};
use crate::lock::{Holder, LockPolicy, SessionLock};
use crate::repository::{NewSession, Repository};
use crate::storage::SessionStorage;
use crate::trust::Trust;

pub(crate) const REPOSITORY: &str = "/home/user/.local/state/sessions";
/// 2024-02-29T23:59:59.000007Z.
pub(crate) const NOW_US: i64 = 1_709_251_199_000_007;

pub(crate) fn os(name: &str) -> &OsStr {
    OsStr::new(name)
}

pub(crate) fn holder() -> Holder {
    Holder {
        pid: 4711,
        start_time: Some(1234),
        pid_namespace: Some(99),
        boot_id: Some("boot".to_owned()),
        host: Some("host".to_owned()),
        command: "session run".to_owned(),
        since_us: NOW_US,
    }
}

pub(crate) fn new_session(prefix: &str, legacy_mode: bool) -> NewSession<'_> {
    NewSession {
        prefix,
        now_us: NOW_US,
        legacy_mode,
    }
}

pub(crate) fn repository(fs: Arc<dyn Fs>) -> Repository {
    Repository::create(fs, Utf8Path::new(REPOSITORY), Trust::OwnDirectories).unwrap()
}

pub(crate) fn lock(storage: &SessionStorage) -> SessionLock {
    storage.lock(&holder(), LockPolicy::FailNow).unwrap()
}

pub(crate) fn write(dir: &dyn Dir, name: &str, text: &[u8]) {
    let file = dir.open_file(os(name), OpenMode::CreateNew).unwrap();
    file.write_all_at(text, 0).unwrap();
    file.sync_data().unwrap();
}

/// Everything below a directory: path to kind and content.
pub(crate) fn tree(fs: &dyn Fs, top: &str) -> BTreeMap<Utf8PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![Utf8PathBuf::from(top)];
    while let Some(path) = open.pop() {
        let dir = match fs.open_dir(&path) {
            Ok(dir) => dir,
            Err(error) if error.is_not_found() => continue,
            Err(error) => panic!("{error}: {}", error.source),
        };
        for entry in dir.entries().unwrap() {
            let at = path.join(entry.name.to_str().unwrap());
            let told = match entry.kind {
                EntryKind::Dir => {
                    open.push(at.clone());
                    "directory".to_owned()
                }
                EntryKind::File => {
                    let file = dir.open_file(&entry.name, OpenMode::Read).unwrap();
                    let mut text = vec![0; usize::try_from(file.metadata().unwrap().len).unwrap()];
                    file.read_full_at(&mut text, 0).unwrap();
                    format!("file {}", String::from_utf8_lossy(&text))
                }
                EntryKind::Symlink => format!("link {:?}", dir.read_symlink(&entry.name).unwrap()),
                EntryKind::Other => "other".to_owned(),
            };
            found.insert(at, told);
        }
    }
    found
}

/// A disk on which everything done so far is durable, with nothing counted yet.
pub(crate) fn settled(prepare: impl FnOnce(&Arc<dyn Fs>)) -> CrashFs {
    let fs = CrashFs::new();
    fs.plant_dir(Utf8Path::new("/home/user")).unwrap();
    fs.plant_dir(Utf8Path::new("/outside/precious")).unwrap();
    let shared: Arc<dyn Fs> = Arc::new(fs.clone());
    let precious = shared.open_dir(Utf8Path::new("/outside/precious")).unwrap();
    write(&*precious, "file", b"not ours");
    prepare(&shared);
    precious.sync_filesystem().unwrap();
    fs.after_power_cut()
}

/// What an exploration went through.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) crash_points: u64,
    pub(crate) images: u64,
    pub(crate) distinct: usize,
}

/// Crashes `work` after every operation and shows `check` every disk that may be left, and whether the work
/// had been acknowledged.
pub(crate) fn explore<T, E: Error>(
    start: &CrashFs,
    work: impl Fn(Arc<dyn Fs>) -> Result<T, E>,
    check: impl Fn(&Arc<dyn Fs>, bool),
) -> Figures {
    let outside = tree(start, "/outside");
    let mut figures = Figures::default();
    let mut distinct = BTreeSet::new();
    for crash_after in 0.. {
        let fs = start.after_kill();
        fs.crash_after(crash_after);
        let acknowledged = work(Arc::new(fs.clone())).is_ok();
        assert!(
            acknowledged || fs.crashed(),
            "the work fails without a crash"
        );
        figures.crash_points += 1;
        let killed = std::iter::once((fs.after_kill(), "killed".to_owned()));
        let cut = fs
            .crash_images(&Exploration::default())
            .map(|image| (image.fs, image.schedule.to_string()));
        for (image, schedule) in killed.chain(cut) {
            figures.images += 1;
            if !distinct.insert((acknowledged, image.fingerprint())) {
                continue;
            }
            let context = || {
                let trace = fs.trace().join("\n  ");
                format!("acknowledged: {acknowledged}, {schedule}\nafter:\n  {trace}")
            };
            in_context(context, || {
                assert_eq!(tree(&image, "/outside"), outside, "outside is not touched");
                let image: Arc<dyn Fs> = Arc::new(image.clone());
                check(&image, acknowledged);
            });
        }
        if !fs.crashed() {
            break;
        }
    }
    figures.distinct = distinct.len();
    figures
}

/// Lets every call of `work` fail in every way, once and for good. When the work fails, its error must name
/// step, path and cause; when the fault is gone, the work must succeed. `check` sees the disk in both cases.
/// Answers how many faults were gone through.
pub(crate) fn inject<T, E: Error + 'static>(
    start: &CrashFs,
    work: impl Fn(Arc<dyn Fs>) -> Result<T, E>,
    check: impl Fn(&Arc<dyn Fs>, bool),
) -> u64 {
    let healthy = FailFs::new(Arc::new(start.after_kill()));
    work(Arc::new(healthy.clone())).unwrap();
    let outside = tree(start, "/outside");
    let mut faults = 0;
    let done_yet = Failure::DoneYetErrno(rustix::io::Errno::IO.raw_os_error());
    for call in 1..=healthy.call_count() {
        for failure in Failure::ALL.into_iter().chain([done_yet]) {
            for repeat in [Repeat::Once, Repeat::FromThenOn] {
                faults += 1;
                let disk = start.after_kill();
                let fs = FailFs::new(Arc::new(disk.clone()));
                fs.fail_call(call, failure, repeat);
                let result = work(Arc::new(fs.clone()));
                fs.heal();
                let failed_call = usize::try_from(call - 1).unwrap();
                let context = || {
                    let failed_call = fs.calls().get(failed_call).cloned();
                    format!("{failure:?} {repeat:?} of call {call}, {failed_call:?}")
                };
                let left = || -> Arc<dyn Fs> { Arc::new(disk.after_kill()) };
                in_context(context, || {
                    assert_eq!(tree(&disk, "/outside"), outside, "outside is not touched");
                    match &result {
                        Ok(_) => check(&left(), true),
                        Err(error) => {
                            assert_names_step_path_and_cause(error, failure);
                            check(&left(), false);
                            if let Err(error) = work(Arc::new(fs.clone())) {
                                panic!("fails again without a fault: {}", chain(&error));
                            }
                            check(&left(), true);
                        }
                    }
                });
            }
        }
    }
    faults
}

/// Whether an exploration fails when every sync of one kind on one path is left out.
pub(crate) fn is_missed(
    operation: Operation,
    path: &Utf8Path,
    explore: impl FnOnce(&dyn Fn(Arc<dyn Fs>) -> Arc<dyn Fs>),
) -> bool {
    let forgetful = |fs: Arc<dyn Fs>| -> Arc<dyn Fs> {
        let fs = FailFs::new(fs);
        fs.fail_operation_on(operation, path.as_std_path(), Failure::SkippedSync);
        Arc::new(fs)
    };
    catch_unwind(AssertUnwindSafe(|| explore(&forgetful))).is_err()
}

/// Adds to a failed assertion what was being done.
fn in_context(context: impl FnOnce() -> String, run: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(run)) {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        panic!("{}\n{}", text.unwrap_or_default(), context());
    }
}

fn assert_names_step_path_and_cause<E: Error + 'static>(error: &E, failure: Failure) {
    let mut link: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = link {
        if let Some(failed) = error.downcast_ref::<FsError>() {
            let number = match failure {
                Failure::Errno(number) | Failure::DoneYetErrno(number) => number,
                Failure::ShortWrite | Failure::SkippedSync => panic!("no error: {failed}"),
            };
            assert_eq!(
                failed.source.raw_os_error(),
                Some(number),
                "the true cause is kept"
            );
            assert!(failed.path.starts_with("/"), "{failed}");
            return;
        }
        link = error.source();
    }
    panic!("no failed call in: {}", chain(error));
}

/// An error with its causes, as a program prints it.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
