//! The two rules for manifests that `cargo metadata` does not show: inherited lints, inherited dependencies.
//!
//! The reader knows just enough TOML for manifests as cargo's documentation writes them: tables, and one key per
//! line. What it does not know it reports as a fault rather than passing it over.

use super::model::ManifestFault;

/// What is wrong with the text of a manifest.
pub(crate) fn faults(text: &str) -> Vec<ManifestFault> {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(line.trim());
    }
    reader.finish()
}

/// The table a line belongs to, as far as the rules ask.
#[derive(Debug, Default)]
enum Table {
    /// One that no rule is about.
    #[default]
    Other,
    /// `[lints]`.
    Lints,
    /// `[dependencies]` and its sisters: each key is a dependency.
    Dependencies,
    /// `[dependencies.NAME]`: the keys describe one dependency.
    OneDependency { name: String, inherited: bool },
}

#[derive(Debug, Default)]
struct Reader {
    table: Table,
    lints_inherited: bool,
    open_brackets: usize,
    faults: Vec<ManifestFault>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        let inside_array = self.open_brackets > 0;
        if !inside_array && line.starts_with('[') {
            return self.enter(line);
        }
        let opened = line.matches('[').count();
        let closed = line.matches(']').count();
        self.open_brackets = (self.open_brackets + opened).saturating_sub(closed);
        if !inside_array {
            self.key(line);
        }
    }

    fn enter(&mut self, header: &str) {
        self.leave();
        let path = header
            .trim_start_matches('[')
            .split(']')
            .next()
            .unwrap_or_default()
            .trim();
        let segments: Vec<&str> = path
            .split('.')
            .map(|segment| segment.trim_matches(['"', '\'', ' ']))
            .collect();
        self.table = match segments.as_slice() {
            ["lints"] => Table::Lints,
            [.., last] if is_dependency_table(last) && !path.starts_with("workspace") => {
                Table::Dependencies
            }
            [.., before, name] if is_dependency_table(before) && !path.starts_with("workspace") => {
                Table::OneDependency {
                    name: (*name).to_owned(),
                    inherited: false,
                }
            }
            _ => Table::Other,
        };
    }

    fn key(&mut self, line: &str) {
        let Some((key, value)) = line.split_once('=') else {
            return;
        };
        let (key, value) = (key.trim(), value.trim());
        match &mut self.table {
            Table::Other => {}
            Table::Lints => {
                self.lints_inherited |= key == "workspace" && value == "true";
            }
            Table::OneDependency { inherited, .. } => {
                *inherited |= key == "workspace" && value == "true";
            }
            Table::Dependencies => {
                let name = key.split('.').next().unwrap_or(key).trim_matches('"');
                let dotted = key.ends_with(".workspace") && value == "true";
                let inline = value.replace(' ', "").contains("workspace=true");
                let itself = value.replace(' ', "").contains("path=\".\"");
                if !(dotted || inline || itself) {
                    self.faults
                        .push(ManifestFault::OwnDependency(name.to_owned()));
                }
            }
        }
    }

    fn leave(&mut self) {
        if let Table::OneDependency {
            name,
            inherited: false,
        } = std::mem::take(&mut self.table)
        {
            self.faults.push(ManifestFault::OwnDependency(name));
        }
    }

    fn finish(mut self) -> Vec<ManifestFault> {
        self.leave();
        if !self.lints_inherited {
            self.faults.insert(0, ManifestFault::LintsNotInherited);
        }
        self.faults
    }
}

fn is_dependency_table(name: &str) -> bool {
    matches!(
        name,
        "dependencies" | "dev-dependencies" | "build-dependencies"
    )
}
