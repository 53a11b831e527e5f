//! Fields that nobody reads but that look like one that would be: most likely misspelt.

/// The fields a job can have.
const FIELDS: [&str; 30] = [
    "id",
    "name",
    "unit",
    "summary",
    "description",
    "purpose",
    "steps",
    "verification",
    "plugin",
    "command",
    "user",
    "environ",
    "estimated_duration",
    "depends",
    "after",
    "before",
    "salvages",
    "requires",
    "imports",
    "group",
    "flags",
    "shell",
    "category_id",
    "certification-status",
    "auto-retry",
    "siblings",
    "requires_manifest",
    "template-id",
    "template-engine",
    "qml_file",
];

/// The field that was probably meant, when a job has no such field but one that is spelt nearly so.
pub(crate) fn meant(field: &str) -> Option<&'static str> {
    let plain = field.strip_prefix('_').unwrap_or(field);
    if FIELDS.contains(&plain) || plain.len() > 32 {
        return None;
    }
    let lower = plain.to_lowercase().replace('-', "_");
    let near = |known: &&str| {
        let allowed = if known.len() > 5 { 2 } else { 1 };
        known.len() > 2 && distance(&lower, &known.replace('-', "_")) <= allowed
    };
    let case_only = FIELDS.into_iter().find(|known| **known == *lower);
    case_only.or_else(|| FIELDS.into_iter().find(near))
}

/// How many characters must be added, left out or replaced to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, c) in one.chars().enumerate() {
        let mut left = above + 1;
        let mut next = vec![left];
        for (pair, known) in row.windows(2).zip(&other) {
            let [diagonal, up] = pair else { continue };
            let replaced = diagonal + usize::from(*known != c);
            left = replaced.min(up + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
