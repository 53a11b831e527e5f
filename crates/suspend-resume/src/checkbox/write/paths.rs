//! Names of log files as each version wants them. Names are texts; nothing is looked up.

/// The name of a log in a version. Ours are relative to the session directory where the log lies inside;
/// versions 1 to 4 want whole paths, later ones want them relative.
pub(super) fn log_name(held: &str, version: u8, session_dir: Option<&str>) -> String {
    match session_dir {
        None => held.to_owned(),
        Some(_) if version < 5 && (held.is_empty() || held.starts_with('/')) => held.to_owned(),
        Some(dir) if version < 5 => format!("{}/{held}", dir.trim_end_matches('/')),
        Some(dir) if held.starts_with('/') => relative(held, dir),
        Some(_) => held.to_owned(),
    }
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
