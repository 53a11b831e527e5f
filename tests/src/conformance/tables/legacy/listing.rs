//! What can be seen in a repository, in the words of the recording.

use std::sync::Arc;

use camino::Utf8Path;
use serde_json::{Value, json};
use session_storage::{Dir, EntryKind};

use super::place::{Place, Program};
use super::told;
use crate::conformance::bad::{Unanswered, bad};

/// The entries of the repository, sorted; null while it is not there.
pub(super) fn listing(place: &Place) -> Result<Value, Unanswered> {
    let (top, above) = match place.program {
        Program::PlainBox054 => (place.location(), String::new()),
        Program::Checkbox73 => (place.root.clone(), "/var/tmp/".to_owned()),
    };
    let Ok(dir) = place.fs.open_dir(&top) else {
        return Ok(Value::Null);
    };
    let mut found = Vec::new();
    list(place, &dir, &top, &above, &mut found)?;
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found.into_iter().map(|(_, entry)| entry).collect())
}

fn list(
    place: &Place,
    dir: &Arc<dyn Dir>,
    at: &Utf8Path,
    above: &str,
    found: &mut Vec<(String, Value)>,
) -> Result<(), Unanswered> {
    for entry in told(dir.entries())? {
        let name = entry
            .name
            .to_str()
            .ok_or_else(|| bad("a name is not Unicode"))?;
        let path = format!("{above}{}", place.recorded_name(name));
        let told_of = match entry.kind {
            EntryKind::Dir | EntryKind::File | EntryKind::Other => {
                let known = told(dir.metadata(&entry.name))?;
                let known = known.ok_or_else(|| bad(format!("{path} went away")))?;
                let mode = format!("{:04o}", known.mode);
                match entry.kind {
                    EntryKind::Dir => {
                        let inside = told(dir.open_dir(&entry.name))?;
                        list(place, &inside, &at.join(name), &format!("{path}/"), found)?;
                        json!({ "path": path, "mode": mode, "type": "dir" })
                    }
                    EntryKind::File => {
                        json!({ "path": path, "mode": mode, "type": "file", "size": known.len })
                    }
                    EntryKind::Symlink | EntryKind::Other => {
                        json!({ "path": path, "mode": mode, "type": "other" })
                    }
                }
            }
            EntryKind::Symlink => {
                let target = told(dir.read_symlink(&entry.name))?;
                let target = Utf8Path::from_path(target.as_ref());
                let target = target.ok_or_else(|| bad("a target is not Unicode"))?;
                let shown = match target.is_absolute() {
                    true => place.recorded_path(target),
                    false => place.recorded_name(target.as_str()),
                };
                let mut entry = json!({ "path": path, "type": "symlink", "target": shown });
                if place.program == Program::PlainBox054 {
                    entry["target_exists"] = at.join(target).exists().into();
                }
                entry
            }
        };
        found.push((path, told_of));
    }
    Ok(())
}
