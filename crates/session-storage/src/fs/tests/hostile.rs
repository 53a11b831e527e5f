//! What others may have left in a directory: FIFOs, sockets, hard links; and a umask that takes everything.

use std::ffi::OsStr;
use std::os::unix::net::UnixListener;
use std::sync::Arc;

use camino::Utf8Path;
use rustix::fs::{AtFlags, CWD, Mode};

use crate::fs::{CrashFs, Dir, EntryKind, Fs, FsError, OpenMode, RealFs};

fn os(name: &str) -> &OsStr {
    OsStr::new(name)
}

fn cause(result: Result<Box<dyn crate::File>, FsError>) -> String {
    result.unwrap_err().source.to_string()
}

/// The same directory on both: a FIFO, and a file with a second name.
fn places() -> (tempfile::TempDir, [Arc<dyn Dir>; 2]) {
    let root = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(root.path()).unwrap();
    let real = RealFs.open_dir(path).unwrap();
    rustix::fs::mknodat(
        CWD,
        path.join("fifo").as_std_path(),
        rustix::fs::FileType::Fifo,
        Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    real.open_file(os("file"), OpenMode::CreateNew).unwrap();
    rustix::fs::linkat(
        CWD,
        path.join("file").as_std_path(),
        CWD,
        path.join("twin").as_std_path(),
        AtFlags::empty(),
    )
    .unwrap();
    let crash = CrashFs::new();
    let top = Utf8Path::new("/");
    crash.plant_fifo(top, os("fifo")).unwrap();
    let simulated = crash.open_dir(top).unwrap();
    simulated
        .open_file(os("file"), OpenMode::CreateNew)
        .unwrap();
    crash.plant_hard_link(top, os("file"), os("twin")).unwrap();
    (root, [real, simulated])
}

/// Invariant P6.
#[test]
fn a_fifo_never_blocks_and_is_never_a_file() {
    let (_root, places) = places();
    for dir in places {
        assert_eq!(
            dir.metadata(os("fifo")).unwrap().unwrap().kind,
            EntryKind::Other
        );
        for mode in [OpenMode::Read, OpenMode::ReadWrite] {
            assert_eq!(cause(dir.open_file(os("fifo"), mode)), "not a regular file");
        }
        let kind = dir.open_dir(os("fifo")).unwrap_err().kind();
        assert_eq!(kind, std::io::ErrorKind::NotADirectory);
        dir.remove_file(os("fifo")).unwrap();
    }
}

/// Invariant P6.
#[test]
fn a_file_with_a_second_name_is_read_but_not_written() {
    let (_root, places) = places();
    for dir in places {
        for name in ["file", "twin"] {
            dir.open_file(os(name), OpenMode::Read).unwrap();
            assert_eq!(
                cause(dir.open_file(os(name), OpenMode::ReadWrite)),
                "the file has more than one name (hard link)"
            );
        }
        dir.remove_file(os("twin")).unwrap();
        dir.open_file(os("file"), OpenMode::ReadWrite).unwrap();
    }
}

#[test]
fn a_socket_is_no_file() {
    let root = tempfile::tempdir().unwrap();
    let _listener = UnixListener::bind(root.path().join("socket")).unwrap();
    let dir = RealFs
        .open_dir(Utf8Path::from_path(root.path()).unwrap())
        .unwrap();
    let kind = |name| dir.metadata(os(name)).unwrap().unwrap().kind;
    assert_eq!(kind("socket"), EntryKind::Other);
    for mode in [OpenMode::Read, OpenMode::ReadWrite] {
        assert_eq!(
            cause(dir.open_file(os("socket"), mode)),
            "not a regular file"
        );
    }
}

#[test]
fn modes_are_whole_even_where_the_directory_gives_its_group_away() {
    let root = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(root.path()).unwrap();
    rustix::fs::chmodat(
        CWD,
        path.as_std_path(),
        Mode::from_raw_mode(0o2777),
        AtFlags::empty(),
    )
    .unwrap();
    let dir = RealFs.open_dir(path).unwrap();
    dir.make_dir(os("sub")).unwrap();
    dir.open_file(os("file"), OpenMode::CreateNew).unwrap();
    let mode = |name| dir.metadata(os(name)).unwrap().unwrap().mode & 0o777;
    assert_eq!(mode("sub"), 0o700);
    assert_eq!(mode("file"), 0o600);
}

/// The umask belongs to the whole process, so it is only ever changed in a process of its own: this test starts
/// itself again below a shell that has set one which takes every right away (invariant P6).
#[test]
fn no_umask_takes_rights_away() {
    const PLACE: &str = "SESSION_STORAGE_UMASK_TEST";
    if let Ok(place) = std::env::var(PLACE) {
        let dir = RealFs.open_dir(Utf8Path::new(&place)).unwrap();
        dir.make_dir(os("sub")).unwrap();
        dir.open_file(os("file"), OpenMode::CreateNew).unwrap();
        let mode = |name| dir.metadata(os(name)).unwrap().unwrap().mode & 0o777;
        assert_eq!((mode("sub"), mode("file")), (0o700, 0o600));
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let output = std::process::Command::new("sh")
        .arg("-c")
        .arg("umask 0777; exec \"$0\" --exact fs::tests::hostile::no_umask_takes_rights_away")
        .arg(program)
        .env(PLACE, root.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}
