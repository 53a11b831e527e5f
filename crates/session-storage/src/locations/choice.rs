//! Where repositories are: ours by option, variable and default, those of Checkbox by name.

use camino::{Utf8Path, Utf8PathBuf};

/// What the choice of a location depends on, given as an argument.
#[derive(Clone, Copy)]
pub struct Environment<'a> {
    /// Looks up an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// What relative values are relative to.
    pub current_dir: &'a Utf8Path,
    /// Whose sessions these are; 0 is the system.
    pub effective_uid: u32,
}

impl std::fmt::Debug for Environment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment")
            .field("current_dir", &self.current_dir)
            .field("effective_uid", &self.effective_uid)
            .finish_non_exhaustive()
    }
}

/// Why no location could be chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocationError {
    /// No variable leads to a home directory.
    #[error("no session repository: neither XDG_STATE_HOME nor HOME names an absolute directory")]
    NoHome,
    /// No variable leads to a home directory, where Checkbox would have asked for it.
    #[error("no Checkbox repository: neither XDG_CACHE_HOME nor HOME is set")]
    NoCacheHome,
}

impl Environment<'_> {
    /// A variable that is set and not empty.
    fn value(&self, name: &str) -> Option<Utf8PathBuf> {
        (self.variable)(name)
            .filter(|value| !value.is_empty())
            .map(Utf8PathBuf::from)
    }

    fn absolute(&self, name: &str) -> Option<Utf8PathBuf> {
        self.value(name).filter(|value| value.is_absolute())
    }
}

/// Chooses the repository: the given one, else `$SESSION_REPOSITORY` (both may be relative), else for root
/// `/var/lib/sessions`, else `$XDG_STATE_HOME/sessions`, else `~/.local/state/sessions`.
///
/// Variables that are empty count as not set; so does a relative `XDG_STATE_HOME`, as its specification asks.
///
/// # Errors
/// [`LocationError::NoHome`].
pub fn repository_location(
    given: Option<&Utf8Path>,
    environment: &Environment<'_>,
) -> Result<Utf8PathBuf, LocationError> {
    let chosen = given
        .map(Utf8Path::to_path_buf)
        .or_else(|| environment.value("SESSION_REPOSITORY"));
    if let Some(chosen) = chosen {
        return Ok(environment.current_dir.join(chosen));
    }
    if environment.effective_uid == 0 {
        return Ok(Utf8PathBuf::from("/var/lib/sessions"));
    }
    environment
        .absolute("XDG_STATE_HOME")
        .or_else(|| {
            environment
                .absolute("HOME")
                .map(|home| home.join(".local/state"))
        })
        .map(|state| state.join("sessions"))
        .ok_or(LocationError::NoHome)
}

/// The repository of today's Checkbox: the same for every user and every environment.
pub fn checkbox_location() -> Utf8PathBuf {
    Utf8PathBuf::from("/var/tmp/checkbox-ng/sessions")
}

/// The repository of PlainBox 0.5: `$XDG_CACHE_HOME/plainbox/sessions`, a relative value as it is;
/// without that variable below `~/.cache`.
///
/// # Errors
/// [`LocationError::NoCacheHome`].
pub fn plainbox_location(environment: &Environment<'_>) -> Result<Utf8PathBuf, LocationError> {
    environment
        .value("XDG_CACHE_HOME")
        .or_else(|| environment.value("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("plainbox/sessions"))
        .ok_or(LocationError::NoCacheHome)
}

/// The repository of Checkbox up to 0.38: `$PLAINBOX_SESSION_REPOSITORY` made absolute, else as
/// [`plainbox_location`].
///
/// # Errors
/// [`LocationError::NoCacheHome`].
pub fn checkbox_038_location(environment: &Environment<'_>) -> Result<Utf8PathBuf, LocationError> {
    match environment.value("PLAINBOX_SESSION_REPOSITORY") {
        Some(value) => Ok(environment.current_dir.join(value)),
        None => plainbox_location(environment),
    }
}
