//! Names of log files, as texts; nothing is looked up.

/// The name of a file in a directory, as seen from that directory; `None` when it does not lie there.
pub(crate) fn inside<'p>(path: &'p str, dir: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(dir.trim_end_matches('/'))?;
    let name = rest.strip_prefix('/')?.trim_start_matches('/');
    let leads_out = name.split('/').any(|component| component == "..");
    (!dir.is_empty() && !name.is_empty() && !leads_out).then_some(name)
}
