//! Where the sessions are, from the command line and the environment.

use std::env;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use session_storage::{
    Environment, Fs, RealFs, Repository, SessionStorage, Trust, repository_location,
};

use crate::error::Failure;

/// The chosen place of the sessions.
#[derive(Debug)]
pub(crate) struct Place {
    location: Utf8PathBuf,
}

impl Place {
    /// Chooses: the directory given, else what the environment says.
    ///
    /// # Errors
    /// The current directory cannot be told, or no variable leads to a home.
    pub(crate) fn choose(given: Option<&Utf8Path>) -> Result<Self, Failure> {
        let current = env::current_dir().map_err(Failure::CurrentDirectory)?;
        let current = Utf8PathBuf::from_path_buf(current).map_err(Failure::NotUnicode)?;
        let environment = Environment {
            variable: &|name| env::var(name).ok(),
            current_dir: &current,
            effective_uid: RealFs.effective_uid(),
        };
        let location = repository_location(given, &environment)?;
        Ok(Self { location })
    }

    /// Opens the repository as it is; a missing one is empty.
    ///
    /// # Errors
    /// It is there and cannot be opened.
    pub(crate) fn open(&self) -> Result<Repository, Failure> {
        Ok(Repository::open(Arc::new(RealFs), &self.location)?)
    }

    /// Opens the repository for new sessions, and makes it when it is missing.
    ///
    /// # Errors
    /// It cannot be made, or others could interfere there.
    pub(crate) fn create(&self) -> Result<Repository, Failure> {
        let trust = Trust::OwnDirectories;
        Ok(Repository::create(Arc::new(RealFs), &self.location, trust)?)
    }
}

/// The whole command line as the lock's record tells it.
pub(crate) fn own_command() -> String {
    let words: Vec<String> = env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    format!("session {}", words.join(" "))
}

/// The command that goes on with a session, for a shell.
pub(crate) fn respawn_command(storage: &SessionStorage) -> String {
    let own = env::current_exe().ok();
    let program = own.as_ref().and_then(|path| path.to_str());
    let mut command = quoted(program.unwrap_or("session"));
    command.push_str(" resume ");
    command.push_str(&quoted(storage.id().as_str()));
    if let Some(repository) = storage.location().parent() {
        command.push_str(" --repository ");
        command.push_str(&quoted(repository.as_str()));
    }
    command
}

/// A word that a shell takes as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
