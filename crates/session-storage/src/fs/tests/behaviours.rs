//! The table of behaviours: scripts of calls on an empty directory, and what each call must be answered.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::sync::Arc;

use super::errno_name;
use crate::fs::{Dir, File, FsError, OpenMode};

/// A script of calls on an empty directory, and what each is answered.
pub(super) struct Behaviour {
    pub(super) name: &'static str,
    pub(super) script: fn(&Arc<dyn Dir>, &mut Transcript),
    pub(super) expected: &'static str,
}

#[derive(Default)]
pub(super) struct Transcript(pub(super) String);

impl Transcript {
    pub(super) fn told<T: std::fmt::Debug>(&mut self, result: Result<T, FsError>) -> Option<T> {
        if !self.0.is_empty() {
            self.0.push_str("; ");
        }
        match result {
            Ok(value) => {
                let _ = write!(self.0, "{value:?}");
                Some(value)
            }
            Err(error) => {
                let cause = match error.source.raw_os_error() {
                    Some(number) => errno_name(number).to_owned(),
                    None => error.source.to_string(),
                };
                let _ = write!(self.0, "{:?} {cause}", error.operation);
                None
            }
        }
    }

    pub(super) fn done<T>(&mut self, result: Result<T, FsError>) -> Option<T> {
        match result {
            Ok(value) => {
                self.told(Ok(()));
                Some(value)
            }
            Err(error) => {
                self.told::<()>(Err(error));
                None
            }
        }
    }
}

pub(super) fn os(name: &str) -> &OsStr {
    OsStr::new(name)
}

pub(super) fn create(dir: &Arc<dyn Dir>, name: &str, text: &[u8]) -> Box<dyn File> {
    let file = dir.open_file(os(name), OpenMode::CreateNew).unwrap();
    file.write_all_at(text, 0).unwrap();
    file
}

pub(super) fn text_of(dir: &Arc<dyn Dir>, name: &str) -> Result<String, FsError> {
    let file = dir.open_file(os(name), OpenMode::Read)?;
    let mut buffer = [0; 4096];
    let count = file.read_full_at(&mut buffer, 0)?;
    Ok(String::from_utf8_lossy(&buffer[..count]).into_owned())
}

pub(super) fn names(dir: &Arc<dyn Dir>) -> Result<Vec<String>, FsError> {
    let mut names: Vec<String> = dir
        .entries()?
        .into_iter()
        .map(|entry| format!("{} {:?}", entry.name.display(), entry.kind))
        .collect();
    names.sort();
    Ok(names)
}

pub(super) const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        name: "a created file is empty, has mode 0600 and one name",
        script: |dir, log| {
            let file = log
                .done(dir.open_file(os("a"), OpenMode::CreateNew))
                .unwrap();
            log.told(file.metadata().map(|m| (m.kind, m.len, m.mode, m.links)));
            log.told(names(dir));
        },
        expected: "(); (File, 0, 384, 1); [\"a File\"]",
    },
    Behaviour {
        name: "creating is exclusive, whatever stands there",
        script: |dir, log| {
            create(dir, "file", b"");
            dir.make_dir(os("dir")).unwrap();
            dir.make_symlink(os("nowhere"), os("link")).unwrap();
            for name in ["file", "dir", "link"] {
                log.done(dir.open_file(os(name), OpenMode::CreateNew));
                log.done(dir.make_dir(os(name)));
                log.done(dir.make_symlink(os("x"), os(name)));
            }
        },
        expected: "Create EEXIST; MakeDir EEXIST; MakeSymlink EEXIST; Create EEXIST; MakeDir EEXIST; \
                   MakeSymlink EEXIST; Create EEXIST; MakeDir EEXIST; MakeSymlink EEXIST",
    },
    Behaviour {
        name: "only regular files are opened as files",
        script: |dir, log| {
            dir.make_dir(os("dir")).unwrap();
            create(dir, "file", b"x");
            dir.make_symlink(os("file"), os("link")).unwrap();
            for name in ["none", "dir", "link", "file"] {
                log.done(dir.open_file(os(name), OpenMode::Read));
                log.done(dir.open_file(os(name), OpenMode::ReadWrite));
            }
        },
        expected: "Open ENOENT; Open ENOENT; Open EISDIR; Open EISDIR; Open ELOOP; Open ELOOP; (); ()",
    },
    Behaviour {
        name: "only directories are opened as directories",
        script: |dir, log| {
            dir.make_dir(os("dir")).unwrap();
            create(dir, "file", b"x");
            dir.make_symlink(os("dir"), os("link")).unwrap();
            for name in ["none", "file", "link", "dir"] {
                log.done(dir.open_dir(os(name)));
            }
        },
        expected: "OpenDir ENOENT; OpenDir ENOTDIR; OpenDir ENOTDIR; ()",
    },
    Behaviour {
        name: "a name is one component",
        script: |dir, log| {
            for name in ["", ".", "..", "a/b", "/", "a\0b"] {
                log.done(dir.make_dir(os(name)));
            }
            log.done(dir.open_file(os("../x"), OpenMode::CreateNew));
            log.done(dir.open_dir(os("..")));
            log.done(dir.metadata(os("a/b")));
            log.done(dir.remove_file(os(".")));
            log.done(dir.rename(os("a"), os("../b")));
            log.done(dir.make_dir(os(&"n".repeat(255))));
            log.done(dir.make_dir(os(&"n".repeat(256))));
        },
        expected: "MakeDir not the name of one directory entry; \
                   MakeDir not the name of one directory entry; \
                   MakeDir not the name of one directory entry; \
                   MakeDir not the name of one directory entry; \
                   MakeDir not the name of one directory entry; \
                   MakeDir not the name of one directory entry; \
                   Create not the name of one directory entry; \
                   OpenDir not the name of one directory entry; \
                   Metadata not the name of one directory entry; \
                   RemoveFile not the name of one directory entry; \
                   Rename not the name of one directory entry; (); MakeDir ENAMETOOLONG",
    },
    Behaviour {
        name: "looking into a directory goes through no link, and takes what is no directory for empty",
        script: |dir, log| {
            for inner in ["a", "outside"] {
                dir.make_dir(os(inner)).unwrap();
                create(&dir.open_dir(os(inner)).unwrap(), "file", b"12");
            }
            dir.make_symlink(os("outside"), os("link")).unwrap();
            dir.make_symlink(os("loop"), os("loop")).unwrap();
            create(dir, "plain", b"");
            for (inner, name) in [
                ("a", "file"),
                ("a", "none"),
                ("none", "file"),
                ("link", "file"),
                ("link", "none"),
                ("loop", "file"),
                ("plain", "file"),
                ("a/b", "file"),
                ("a", "../plain"),
                ("none", "../plain"),
            ] {
                let found = dir.metadata_in(os(inner), os(name));
                log.told(found.map(|found| found.map(|found| (found.kind, found.len))));
            }
        },
        expected: "Some((File, 2)); None; None; None; None; None; None; \
                   Metadata not the name of one directory entry; \
                   Metadata not the name of one directory entry; \
                   Metadata not the name of one directory entry",
    },
    Behaviour {
        name: "writing and reading at offsets, holes read as zeros",
        script: |dir, log| {
            let file = create(dir, "a", b"");
            log.told(file.write_at(b"tail", 1000));
            log.told(file.write_at(b"head", 0));
            let mut buffer = [9; 6];
            log.told(file.read_at(&mut buffer, 2));
            log.told(Ok(buffer));
            log.told(file.read_at(&mut buffer, 1002));
            log.told(file.read_at(&mut buffer, 1004));
            log.told(file.read_at(&mut buffer, 9999));
            log.told(file.metadata().map(|m| m.len));
        },
        expected: "4; 4; 6; [97, 100, 0, 0, 0, 0]; 2; 0; 0; 1004",
    },
    Behaviour {
        name: "a shortened file has forgotten its end",
        script: |dir, log| {
            let file = create(dir, "a", &[7; 1500]);
            log.told(file.set_len(700));
            log.told(file.set_len(1500));
            let mut buffer = [1; 2];
            log.told(file.read_at(&mut buffer, 699));
            log.told(Ok(buffer));
            log.told(file.read_at(&mut buffer, 1400));
            log.told(Ok(buffer));
            log.told(file.metadata().map(|m| m.len));
        },
        expected: "(); (); 2; [7, 0]; 2; [0, 0]; 1500",
    },
    Behaviour {
        name: "a file opened for reading is not written to",
        script: |dir, log| {
            create(dir, "a", b"x");
            let file = dir.open_file(os("a"), OpenMode::Read).unwrap();
            log.told(file.write_at(b"y", 0));
            log.told(file.set_len(0));
            log.told(text_of(dir, "a"));
        },
        expected: "Write EBADF; SetLength EINVAL; \"x\"",
    },
    Behaviour {
        name: "a rename replaces a file and keeps open handles",
        script: |dir, log| {
            let old = create(dir, "old", b"old");
            create(dir, "new", b"new");
            log.told(dir.rename(os("new"), os("old")));
            log.told(names(dir));
            log.told(text_of(dir, "old"));
            let mut buffer = [0; 3];
            log.told(old.read_at(&mut buffer, 0));
            log.told(Ok(buffer));
            log.told(old.metadata().map(|m| m.links));
            log.told(dir.rename(os("old"), os("old")));
            log.told(dir.rename(os("none"), os("old")));
        },
        expected: "(); [\"old File\"]; \"new\"; 3; [111, 108, 100]; 0; (); Rename ENOENT",
    },
    Behaviour {
        name: "a rename does not mix up kinds",
        script: |dir, log| {
            create(dir, "file", b"");
            dir.make_dir(os("empty")).unwrap();
            dir.make_dir(os("full")).unwrap();
            dir.open_dir(os("full")).unwrap().make_dir(os("x")).unwrap();
            log.told(dir.rename(os("file"), os("empty")));
            log.told(dir.rename(os("empty"), os("file")));
            log.told(dir.rename(os("empty"), os("full")));
            log.told(dir.rename(os("full"), os("empty")));
            log.told(names(dir));
        },
        expected: "Rename EISDIR; Rename ENOTDIR; Rename ENOTEMPTY; (); [\"empty Dir\", \"file File\"]",
    },
    Behaviour {
        name: "a move never replaces",
        script: |dir, log| {
            dir.make_dir(os("sub")).unwrap();
            let sub = dir.open_dir(os("sub")).unwrap();
            create(dir, "a", b"1");
            create(dir, "b", b"2");
            log.told(dir.move_to(os("a"), &**dir, os("b")));
            log.told(dir.move_to(os("a"), &*sub, os("c")));
            log.told(dir.move_to(os("b"), &*sub, os("c")));
            log.told(dir.move_to(os("none"), &*sub, os("d")));
            log.told(dir.move_to(os("b"), &**dir, os("e")));
            log.told(names(dir));
            log.told(text_of(&sub, "c"));
        },
        expected: "Rename EEXIST; (); Rename EEXIST; Rename ENOENT; (); [\"e File\", \"sub Dir\"]; \"1\"",
    },
    Behaviour {
        name: "removing tells files from directories",
        script: |dir, log| {
            dir.make_dir(os("dir")).unwrap();
            dir.make_dir(os("full")).unwrap();
            dir.open_dir(os("full")).unwrap().make_dir(os("x")).unwrap();
            create(dir, "file", b"");
            dir.make_symlink(os("full"), os("link")).unwrap();
            log.told(dir.remove_file(os("dir")));
            log.told(dir.remove_dir(os("file")));
            log.told(dir.remove_dir(os("link")));
            log.told(dir.remove_dir(os("full")));
            log.told(dir.remove_file(os("none")));
            log.told(dir.remove_dir(os("none")));
            log.told(dir.remove_dir(os("dir")));
            log.told(dir.remove_file(os("file")));
            log.told(dir.remove_file(os("link")));
            log.told(names(dir));
        },
        expected: "RemoveFile EISDIR; RemoveDir ENOTDIR; RemoveDir ENOTDIR; RemoveDir ENOTEMPTY; \
                   RemoveFile ENOENT; RemoveDir ENOENT; (); (); (); [\"full Dir\"]",
    },
    Behaviour {
        name: "links are made and read, never followed",
        script: |dir, log| {
            log.told(dir.make_symlink(os("/nowhere/at all"), os("link")));
            log.told(dir.read_symlink(os("link")));
            log.told(dir.metadata(os("link")).map(|m| m.map(|m| m.kind)));
            log.told(dir.make_symlink(os(""), os("empty")));
            create(dir, "file", b"");
            log.told(dir.read_symlink(os("file")));
            log.told(dir.read_symlink(os("none")));
        },
        expected: "(); \"/nowhere/at all\"; Some(Symlink); MakeSymlink ENOENT; ReadSymlink EINVAL; \
                   ReadSymlink ENOENT",
    },
    Behaviour {
        name: "metadata of what is there, and of what is not",
        script: |dir, log| {
            log.told(dir.make_dir(os("dir")));
            create(dir, "file", b"12345");
            for name in ["dir", "file"] {
                let metadata = dir.metadata(os(name)).unwrap().unwrap();
                log.told(Ok((metadata.kind, metadata.mode)));
            }
            log.told(dir.metadata(os("none")));
            let file = dir.open_file(os("file"), OpenMode::Read).unwrap();
            let same =
                |m: Option<crate::Metadata>| m.unwrap().inode == file.metadata().unwrap().inode;
            log.told(dir.metadata(os("file")).map(same));
            dir.rename(os("file"), os("other")).unwrap();
            create(dir, "file", b"");
            log.told(dir.metadata(os("file")).map(same));
        },
        expected: "(); (Dir, 448); (File, 384); None; true; false",
    },
    Behaviour {
        name: "a lock excludes every other opening, and ends with the file",
        script: |dir, log| {
            let first = create(dir, "lock", b"");
            let second = dir.open_file(os("lock"), OpenMode::ReadWrite).unwrap();
            log.told(first.try_lock());
            log.told(first.try_lock());
            log.told(second.try_lock());
            drop(first);
            log.told(second.try_lock());
            drop(second);
            let reader = dir.open_file(os("lock"), OpenMode::Read).unwrap();
            log.told(reader.try_lock());
        },
        expected: "true; true; false; true; true",
    },
    Behaviour {
        name: "a directory is locked until the guard is dropped",
        script: |dir, log| {
            dir.make_dir(os("dir")).unwrap();
            let one = dir.open_dir(os("dir")).unwrap();
            let two = dir.open_dir(os("dir")).unwrap();
            let guard = one.try_lock().unwrap();
            log.told(Ok(guard.is_some()));
            log.told(one.try_lock().map(|guard| guard.is_some()));
            log.told(two.try_lock().map(|guard| guard.is_some()));
            drop(one);
            log.told(two.try_lock().map(|guard| guard.is_some()));
            drop(guard);
            log.told(two.try_lock().map(|guard| guard.is_some()));
        },
        expected: "true; false; false; false; true",
    },
    Behaviour {
        name: "a removed directory takes nothing more",
        script: |dir, log| {
            dir.make_dir(os("dir")).unwrap();
            let gone = dir.open_dir(os("dir")).unwrap();
            dir.remove_dir(os("dir")).unwrap();
            log.done(gone.open_file(os("a"), OpenMode::CreateNew));
            log.done(gone.make_dir(os("a")));
            log.told(names(&gone));
            log.told(gone.sync());
        },
        expected: "Create ENOENT; MakeDir ENOENT; []; ()",
    },
    Behaviour {
        name: "syncs are answered",
        script: |dir, log| {
            let file = create(dir, "a", b"x");
            log.told(file.sync_data());
            log.told(dir.sync());
            log.told(dir.sync_filesystem());
        },
        expected: "(); (); ()",
    },
];
