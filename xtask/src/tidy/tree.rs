//! The text files of the project, in memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::disk::{self, DiskError};
use crate::process::Program;

/// Committed data that is not ours to word: real sessions and recorded answers.
const DATA: &[&str] = &["tests/corpus/", "tests/fixtures/"];

/// Folders that are made, not written, when git cannot be asked.
const MADE: &[&str] = &["target", "target-", ".git"];

/// The project as a set of files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    /// Text files by path relative to the root, with `/` between segments.
    pub(crate) texts: BTreeMap<String, String>,
    /// Every path that exists, files of any kind and the folders above them.
    pub(crate) paths: std::collections::BTreeSet<String>,
}

impl Tree {
    /// Reads what git tracks or would track below `root`; without git, everything that is not made by a build.
    pub(crate) fn read(root: &Path) -> Result<Self, DiskError> {
        let mut tree = Self::default();
        for path in files(root) {
            let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) else {
                continue;
            };
            tree.add_path(name);
            if DATA.iter().any(|folder| name.starts_with(folder)) {
                continue;
            }
            let bytes = disk::read(&path)?;
            if let Ok(text) = String::from_utf8(bytes)
                && !text.contains('\0')
            {
                tree.texts.insert(name.to_owned(), text);
            }
        }
        Ok(tree)
    }

    /// A tree of these files, for tests.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            tree.add_path(path);
            tree.texts.insert((*path).to_owned(), (*text).to_owned());
        }
        tree
    }

    /// The files whose name ends so, in order of their paths.
    pub(crate) fn ending<'a>(
        &'a self,
        ending: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let texts = self
            .texts
            .iter()
            .filter(move |(path, _)| path.ends_with(ending));
        texts.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    fn add_path(&mut self, path: &str) {
        let mut rest = path;
        while self.paths.insert(rest.to_owned()) {
            match rest.rsplit_once('/') {
                Some((folder, _)) => rest = folder,
                None => break,
            }
        }
    }
}

/// The files git knows or would take, or what lies there if this is no checkout.
fn files(root: &Path) -> Vec<PathBuf> {
    let arguments = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let listed = Program::new("git", &arguments).output().unwrap_or_default();
    if listed.is_empty() {
        return walk(root);
    }
    // A tracked file may have been removed and the removal not yet been recorded.
    listed
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(|name| root.join(name))
        .filter(|path| path.is_file())
        .collect()
}

fn walk(root: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(root).sort_by_file_name().into_iter();
    let ours = entries.filter_entry(|entry| {
        entry.depth() != 1 || !entry.file_name().to_str().is_some_and(is_made)
    });
    ours.filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

fn is_made(name: &str) -> bool {
    MADE.iter()
        .any(|made| name == *made || (made.ends_with('-') && name.starts_with(made)))
}
