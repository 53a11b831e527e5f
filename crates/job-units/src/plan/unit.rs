//! A test plan as it was written.

use std::sync::Arc;

use session_state::{
    FieldRef, FieldValue, JobDefinition, Origin, OtherUnit, OverridableField, parse_duration,
};

use super::error::{LineFault, PlanFault};
use super::lines::{application, inclusion};
use super::pattern::{Pattern, PatternError};

/// A pattern of a list of jobs, and what is to stand in the place of fields of the jobs it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// Which jobs.
    pub pattern: Pattern,
    /// The pattern as it is written.
    pub written: Box<str>,
    /// Fields and values.
    pub overrides: Vec<(OverridableField, Box<str>)>,
}

/// A selection of jobs, as a unit file writes it down.
#[derive(Clone, Debug, PartialEq)]
pub struct TestPlan {
    pub(super) id: Box<str>,
    pub(super) namespace: Option<Arc<str>>,
    fields: Vec<(Arc<str>, FieldValue)>,
    origin: Option<Origin>,
    pub(super) include: Vec<Inclusion>,
    pub(super) exclude: Vec<Inclusion>,
    pub(super) mandatory: Vec<Inclusion>,
    pub(super) bootstrap: Vec<Inclusion>,
    pub(super) setup: Vec<Inclusion>,
    pub(super) nested: Vec<Box<str>>,
    /// Patterns, as they are written, and what is applied to the jobs they fit.
    pub(super) applied: Vec<(Box<str>, OverridableField, Box<str>)>,
}

impl TestPlan {
    /// Makes a plan from the raw fields of its unit.
    ///
    /// # Errors
    ///
    /// Every line that cannot be read.
    pub fn new(
        namespace: Option<Arc<str>>,
        fields: Vec<(Arc<str>, FieldValue)>,
        origin: Option<Origin>,
    ) -> Result<Self, Vec<PlanFault>> {
        let mut faults = Vec::new();
        let reader = Reader {
            fields: &fields,
            namespace: namespace.as_deref(),
        };
        let id = reader.text("id").unwrap_or_default();
        let nested = reader.inclusions("nested_part", Pattern::of_id, &mut faults);
        let plan = Self {
            id: qualified(id, namespace.as_deref()),
            include: reader.inclusions("include", Pattern::new, &mut faults),
            exclude: reader.inclusions("exclude", Pattern::new, &mut faults),
            mandatory: reader.inclusions("mandatory_include", Pattern::new, &mut faults),
            bootstrap: reader.inclusions("bootstrap_include", Pattern::of_id, &mut faults),
            setup: reader.inclusions("setup_include", Pattern::of_id, &mut faults),
            nested: nested
                .into_iter()
                .map(|part| qualified(&part.written, namespace.as_deref()))
                .collect(),
            applied: reader.applied(&mut faults),
            namespace: None,
            fields: Vec::new(),
            origin,
        };
        if faults.is_empty() {
            Ok(Self {
                namespace,
                fields,
                ..plan
            })
        } else {
            Err(faults)
        }
    }

    /// The full id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is called.
    pub fn name(&self) -> Option<&str> {
        self.text("name")
    }

    /// What it is for.
    pub fn description(&self) -> Option<&str> {
        self.text("description")
    }

    /// How long it takes, in seconds, where it says so.
    pub fn estimated_duration(&self) -> Option<f64> {
        match self.value("estimated_duration")? {
            FieldRef::Int(seconds) => Some(seconds as f64),
            FieldRef::Float(seconds) => Some(seconds),
            FieldRef::Text(text) => parse_duration(text),
            FieldRef::Null
            | FieldRef::Bool(_)
            | FieldRef::BigInt(_)
            | FieldRef::List(_)
            | FieldRef::Map(_) => None,
        }
    }

    /// The raw fields, in the order they were written.
    pub fn fields(&self) -> &[(Arc<str>, FieldValue)] {
        &self.fields
    }

    /// The unit it is, as the device of a session keeps it.
    pub fn unit(&self) -> OtherUnit {
        let (namespace, fields) = (self.namespace.clone(), self.fields.clone());
        OtherUnit::new(JobDefinition::new(
            namespace,
            fields,
            None,
            self.origin.clone(),
        ))
    }

    /// Where it was written.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// The full ids of the plans it is made of.
    pub fn nested_parts(&self) -> impl Iterator<Item = &str> {
        self.nested.iter().map(|id| &**id)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_text()
    }

    fn value(&self, name: &str) -> Option<FieldRef<'_>> {
        find(&self.fields, name).map(|(_, value)| value.into())
    }
}

/// The field of a name, or of the same name with `_` before it; hyphens count as underscores.
fn find<'a>(fields: &'a [(Arc<str>, FieldValue)], name: &str) -> Option<(&'a str, &'a FieldValue)> {
    let same = |known: &str| known.strip_prefix('_').unwrap_or(known).replace('-', "_") == name;
    fields
        .iter()
        .find(|(known, value)| same(known) && *value != FieldValue::Null)
        .map(|(known, value)| (&**known, value))
}

/// Takes one line, or one item and the overrides that stand with it.
type Take<'t> = &'t mut dyn FnMut(&str, Option<Vec<(String, String)>>) -> Result<(), LineFault>;

/// The fields of a plan on their way into lists.
struct Reader<'a> {
    fields: &'a [(Arc<str>, FieldValue)],
    namespace: Option<&'a str>,
}

impl<'a> Reader<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        FieldRef::from(find(self.fields, name)?.1).as_text()
    }

    /// The patterns of a field, as `pattern` reads them.
    fn inclusions(
        &self,
        name: &str,
        pattern: fn(&str, Option<&str>) -> Result<Pattern, PatternError>,
        faults: &mut Vec<PlanFault>,
    ) -> Vec<Inclusion> {
        let mut inclusions = Vec::new();
        self.each(name, faults, &mut |line, overrides| {
            let (written, pairs) = match overrides {
                Some(overrides) => (line.to_owned(), overrides),
                None => match inclusion(line)? {
                    Some(line) => line,
                    None => return Ok(()),
                },
            };
            if !pairs.is_empty() {
                Pattern::of_override(&written, self.namespace)?;
            }
            let values = pairs.into_iter().map(|(field, value)| {
                let field: OverridableField = field.parse()?;
                Ok((field, self.override_value(field, &value)))
            });
            inclusions.push(Inclusion {
                pattern: pattern(&written, self.namespace)?,
                overrides: values.collect::<Result<_, LineFault>>()?,
                written: written.into(),
            });
            Ok(())
        });
        inclusions
    }

    fn applied(&self, faults: &mut Vec<PlanFault>) -> Vec<(Box<str>, OverridableField, Box<str>)> {
        let mut applied = Vec::new();
        for (name, field) in [
            ("category_overrides", OverridableField::CategoryId),
            (
                "certification_status_overrides",
                OverridableField::CertificationStatus,
            ),
        ] {
            self.each(name, faults, &mut |line, _| {
                if let Some((value, pattern)) = application(line)? {
                    Pattern::of_override(&pattern, self.namespace)?;
                    let value = self.override_value(field, &value);
                    applied.push((pattern.into(), field, value));
                }
                Ok(())
            });
        }
        applied
    }

    /// A category is an id.
    fn override_value(&self, field: OverridableField, value: &str) -> Box<str> {
        match field {
            OverridableField::CategoryId => qualified(value, self.namespace),
            OverridableField::CertificationStatus | OverridableField::AutoRetry => value.into(),
        }
    }

    /// Calls `take` with each line of a text, or each item of a list: a text, or a map of one pattern to its
    /// overrides.
    fn each(&self, name: &str, faults: &mut Vec<PlanFault>, take: Take<'_>) {
        let Some((field, value)) = find(self.fields, name) else {
            return;
        };
        let mut heed = |line: &str, answer: Result<(), LineFault>| {
            if let Err(fault) = answer {
                faults.push(PlanFault {
                    field: field.into(),
                    line: line.into(),
                    fault,
                });
            }
        };
        match value {
            FieldValue::Text(text) => text
                .lines()
                .map(|line| line.trim_matches(session_state::record::is_space))
                .for_each(|line| heed(line, take(line, None))),
            FieldValue::List(items) => items.iter().for_each(|item| match item {
                FieldValue::Text(text) => heed(text, take(text, None)),
                FieldValue::Map(entries) => entries.iter().for_each(|(pattern, overrides)| {
                    let overrides = pairs(overrides).ok_or(LineFault::NoList);
                    heed(
                        pattern,
                        overrides.and_then(|some| take(pattern, Some(some))),
                    );
                }),
                FieldValue::Null
                | FieldValue::Bool(_)
                | FieldValue::Int(_)
                | FieldValue::BigInt(_)
                | FieldValue::Float(_)
                | FieldValue::List(_) => heed("", Err(LineFault::NoList)),
            }),
            FieldValue::Null
            | FieldValue::Bool(_)
            | FieldValue::Int(_)
            | FieldValue::BigInt(_)
            | FieldValue::Float(_)
            | FieldValue::Map(_) => heed("", Err(LineFault::NoList)),
        }
    }
}

/// The overrides of one pattern in YAML: a map of texts, or several of them.
fn pairs(value: &FieldValue) -> Option<Vec<(String, String)>> {
    let pair = |(field, value): &(Box<str>, FieldValue)| match value {
        FieldValue::Text(text) => Some((field.to_string(), text.to_string())),
        FieldValue::Bool(value) => Some((
            field.to_string(),
            (if *value { "yes" } else { "no" }).to_owned(),
        )),
        FieldValue::Null
        | FieldValue::Int(_)
        | FieldValue::BigInt(_)
        | FieldValue::Float(_)
        | FieldValue::List(_)
        | FieldValue::Map(_) => None,
    };
    match value {
        FieldValue::Null => Some(Vec::new()),
        FieldValue::Map(entries) => entries.iter().map(pair).collect(),
        FieldValue::List(items) => {
            let each: Option<Vec<_>> = items.iter().map(pairs).collect();
            each.map(|lists| lists.into_iter().flatten().collect())
        }
        FieldValue::Bool(_)
        | FieldValue::Int(_)
        | FieldValue::BigInt(_)
        | FieldValue::Float(_)
        | FieldValue::Text(_) => None,
    }
}

fn qualified(id: &str, namespace: Option<&str>) -> Box<str> {
    match namespace {
        Some(namespace) if !id.contains("::") => format!("{namespace}::{id}").into(),
        Some(_) | None => id.into(),
    }
}
