//! Names of log files as each version wants them. Names are texts; nothing is looked up.

use crate::suspend::SuspendOptions;

/// The name of a log in a version: versions 1 to 4 want whole paths, later ones want them relative to the
/// session directory.
pub(super) fn log_name(held: &str, version: u8, options: &SuspendOptions) -> String {
    let Some(dir) = options.session_dir.as_deref() else {
        return held.to_owned();
    };
    let is_whole = held.is_empty() || held.starts_with('/');
    match (&options.working_dir, version) {
        (_, ..5) if is_whole => held.to_owned(),
        (Some(_), ..5) => held.to_owned(),
        (None, ..5) => join(dir, held),
        (_, _) if is_whole => relative(held, dir),
        (Some(working_dir), _) => relative(&join(working_dir, held), dir),
        (None, _) => held.to_owned(),
    }
}

fn join(dir: &str, name: &str) -> String {
    format!("{}/{name}", dir.trim_end_matches('/'))
}

/// The components of a path, without `.` and with `..` taken back.
fn components(path: &str) -> Vec<&str> {
    let mut kept = Vec::new();
    for component in path.split('/') {
        match component {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            name => kept.push(name),
        }
    }
    kept
}

/// The way from a directory to a path, both absolute.
fn relative(path: &str, dir: &str) -> String {
    let (path, dir) = (components(path), components(dir));
    let common = path.iter().zip(&dir).take_while(|(a, b)| a == b).count();
    let up = dir.iter().skip(common).map(|_| "..");
    let way: Vec<&str> = up.chain(path.into_iter().skip(common)).collect();
    if way.is_empty() {
        ".".to_owned()
    } else {
        way.join("/")
    }
}
