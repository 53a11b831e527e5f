//! Every name this crate gives to a file or directory.

/// What the name of a session's directory ends with.
pub(crate) const SESSION_SUFFIX: &str = ".session";
/// The symbolic link that legacy mode keeps in the repository.
pub(crate) const LAST_SESSION: &str = "last-session";
/// What the link is made as, before it is renamed over the old one.
pub(crate) const LAST_SESSION_NEXT: &str = ".last-session.next";
/// What the name of a session in the trash begins with; the time of its removal and its id follow.
pub(crate) const REMOVED_PREFIX: &str = ".removed-";
/// What a session's name begins with that was removed for good, until its files are gone.
pub(crate) const TRASH_PREFIX: &str = ".trash-";
/// What a directory deep in a removed session is called when it was brought to the surface.
pub(crate) const SURFACED_PREFIX: &str = ".deep-";

/// The single file of a session kept in a Checkbox format.
pub(crate) const CHECKPOINT: &str = "session";
/// What it is written as, before it is renamed.
pub(crate) const CHECKPOINT_NEXT: &str = "session.next";
/// The file that carries the kernel lock and the record of its holder.
pub(crate) const LOCK: &str = "lock";
/// The directory of the jobs' logs.
pub(crate) const IO_LOGS: &str = "io-logs";
/// The directory that jobs of one session share.
pub(crate) const SESSION_SHARE: &str = "session-share";
