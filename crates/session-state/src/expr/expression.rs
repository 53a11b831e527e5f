//! One expression: its text, its tree, the resources it needs.

use std::collections::HashSet;
use std::fmt;

use super::error::{EvaluateError, ExpressionError};
use super::evaluate::{Budget, any_match};
use super::imports::Import;
use super::parser::parse;
use super::split::split;
use super::tree::Node;
use crate::id::JobId;
use crate::resource::Resource;

/// What the names of an expression mean.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// The namespace of the job.
    pub namespace: Option<&'a str>,
    /// The imports of the job.
    pub imports: &'a [Import],
}

impl Scope<'_> {
    /// The resource a name stands for: the imported one of that name, or else the one of the namespace.
    pub fn resource(&self, alias: &str) -> JobId {
        let imported = self.imports.iter().find(|import| &*import.alias == alias);
        match imported {
            Some(import) => self.qualify(import.id.as_str()),
            None => self.qualify(alias),
        }
    }

    /// An id as a field of the job means it: in its namespace, unless it holds `::`.
    pub(crate) fn qualify(&self, id: &str) -> JobId {
        match self.namespace {
            Some(namespace) if !id.contains("::") => JobId::new(format!("{namespace}::{id}")),
            Some(_) | None => JobId::new(id),
        }
    }
}

/// An expression. Its text form is the text it was read from.
#[derive(Clone, Debug, PartialEq)]
#[doc(alias = "ResourceExpression")]
pub struct Expression {
    text: Box<str>,
    tree: Node,
    aliases: Vec<Box<str>>,
    resources: Vec<JobId>,
    manifest_ids: Vec<Box<str>>,
    parts: Option<Vec<Vec<Part>>>,
}

/// One side of an `and` or `or` that is evaluated on its own.
#[derive(Clone, Debug, PartialEq)]
struct Part {
    text: Box<str>,
    /// The tree, its names, and the resources these stand for.
    #[expect(
        clippy::type_complexity,
        reason = "the three are used in one place only"
    )]
    tree: Result<(Node, Vec<(Box<str>, JobId)>), ExpressionError>,
}

impl Expression {
    /// Reads an expression.
    pub fn parse(text: &str, scope: &Scope<'_>) -> Result<Self, ExpressionError> {
        let parsed = parse(text)?;
        let tree = parsed.tree.ok_or(ExpressionError::NoResources)?;
        let aliases: Vec<Box<str>> = tree.references().into_iter().map(Into::into).collect();
        if aliases.is_empty() && !parsed.names_later {
            return Err(ExpressionError::NoResources);
        }
        if let Some(error) = parsed.forbidden_inside.or(parsed.not_one) {
            return Err(error);
        }
        let parts = split(text, &parsed.literals).map(|sides| {
            let part = |range| Part::new(text.get(range).unwrap_or_default(), scope);
            sides
                .into_iter()
                .map(|side| side.into_iter().map(part).collect())
                .collect()
        });
        Ok(Self {
            text: text.into(),
            resources: aliases.iter().map(|alias| scope.resource(alias)).collect(),
            manifest_ids: manifest_ids(&tree, scope),
            aliases,
            tree,
            parts,
        })
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says.
    pub fn tree(&self) -> &Node {
        &self.tree
    }

    /// The names of its resources, in the order of their first appearance.
    pub fn aliases(&self) -> impl ExactSizeIterator<Item = &str> {
        self.aliases.iter().map(|alias| &**alias)
    }

    /// The full ids of its resources, in the order of [`aliases`](Self::aliases).
    pub fn resources(&self) -> &[JobId] {
        &self.resources
    }

    /// The full ids of the manifest entries it asks for, in the order of their first appearance.
    pub fn manifest_ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.manifest_ids.iter().map(|id| &**id)
    }

    /// The first side of an `and` or `or` that is no expression alone, and why. Where there is one, the
    /// truth of the expression can never be told.
    pub fn illegal_part(&self) -> Option<(&str, &ExpressionError)> {
        let mut parts = self.parts.iter().flatten().flatten();
        parts.find_map(|part| Some((&*part.text, part.tree.as_ref().err()?)))
    }

    /// Whether it is true for the records that `records` gives for each resource.
    ///
    /// With a parenthesis anywhere, one combination of records must satisfy the whole; without, each
    /// side of an `and` or `or` is looked at on its own. No records at all make it false.
    pub fn evaluate<'a>(
        &self,
        records: &dyn Fn(&JobId) -> Option<&'a [Resource]>,
        budget: &mut Budget,
    ) -> Result<bool, EvaluateError> {
        let known = all_records(self.resources.iter(), records)?;
        let names: Vec<&str> = self.aliases().collect();
        let Some(parts) = &self.parts else {
            return any_match(&self.tree, &names, &known, budget);
        };
        let mut any = false;
        for side in parts {
            let mut every = true;
            for part in side {
                every &= part.evaluate(records, budget)?;
            }
            any |= every;
        }
        Ok(any)
    }
}

impl Part {
    fn new(text: &str, scope: &Scope<'_>) -> Self {
        let tree = parse(text).and_then(|parsed| {
            let tree = parsed.tree.ok_or(ExpressionError::NoResources)?;
            let names = tree.references().into_iter();
            let names: Vec<_> = names
                .map(|name| (name.into(), scope.resource(name)))
                .collect();
            if names.is_empty() && !parsed.names_later {
                return Err(ExpressionError::NoResources);
            }
            match parsed.forbidden_inside.or(parsed.not_one) {
                Some(error) => Err(error),
                None => Ok((tree, names)),
            }
        });
        Self {
            text: text.into(),
            tree,
        }
    }

    fn evaluate<'a>(
        &self,
        records: &dyn Fn(&JobId) -> Option<&'a [Resource]>,
        budget: &mut Budget,
    ) -> Result<bool, EvaluateError> {
        match &self.tree {
            Ok((tree, names)) => {
                let known = all_records(names.iter().map(|(_, id)| id), records)?;
                let names: Vec<&str> = names.iter().map(|(name, _)| &**name).collect();
                any_match(tree, &names, &known, budget)
            }
            Err(error) => Err(EvaluateError::Part {
                text: self.text.clone(),
                source: error.clone(),
            }),
        }
    }
}

/// The records of all resources, or the first resource that has none.
fn all_records<'a, 'b>(
    ids: impl Iterator<Item = &'b JobId>,
    records: &dyn Fn(&JobId) -> Option<&'a [Resource]>,
) -> Result<Vec<&'a [Resource]>, EvaluateError> {
    ids.map(|id| {
        records(id).ok_or_else(|| EvaluateError::Unavailable {
            resource: id.clone(),
        })
    })
    .collect()
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn manifest_ids(tree: &Node, scope: &Scope<'_>) -> Vec<Box<str>> {
    let mut ids = Vec::new();
    let mut known = HashSet::new();
    tree.each_reference(&mut |name, field| {
        if let ("manifest", Some(field)) = (name, field)
            && known.insert(field)
        {
            ids.push(scope.qualify(field).as_str().into());
        }
    });
    ids
}
