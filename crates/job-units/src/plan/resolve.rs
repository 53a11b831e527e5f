//! A plan together with the plans it is made of.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use session_state::{JobDefinition, JobId, OverridableField, OverrideRules, PlanRules};

use super::error::PlanError;
use super::pattern::Pattern;
use super::unit::{Inclusion, TestPlan};

/// What stands in the place of fields of the jobs that a pattern fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideRule {
    /// Which jobs.
    pub pattern: Pattern,
    /// Fields and values; of one field the last counts.
    pub values: Vec<(OverridableField, Box<str>)>,
}

/// A plan with everything it is made of, ready to select jobs.
#[derive(Clone, Debug)]
pub struct ResolvedPlan {
    pub(super) parts: Vec<Arc<TestPlan>>,
    overrides: Vec<OverrideRule>,
}

/// Puts a plan together: itself first, then the plans it is made of, each with its own parts behind it, none
/// twice.
///
/// # Errors
///
/// A plan is not there, or is a part of itself.
pub fn resolve(plans: &[Arc<TestPlan>], id: &str) -> Result<ResolvedPlan, PlanError> {
    resolve_all(plans, [id])
}

/// Puts several plans together as one, the first of which gives it its id: each with its parts, in their order,
/// none twice, the overrides of all sorted as those of one.
///
/// # Errors
///
/// A plan is not there, or is a part of itself.
pub fn resolve_all<'i>(
    plans: &[Arc<TestPlan>],
    ids: impl IntoIterator<Item = &'i str>,
) -> Result<ResolvedPlan, PlanError> {
    let known: HashMap<&str, &Arc<TestPlan>> =
        plans.iter().rev().map(|plan| (plan.id(), plan)).collect();
    let mut parts: Vec<Arc<TestPlan>> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for id in ids {
        let first = known
            .get(id)
            .ok_or_else(|| PlanError::Unknown { id: id.to_owned() })?;
        if seen.insert(first.id()) {
            parts.push(Arc::clone(first));
            add_parts(first, &known, &mut seen, &mut parts)?;
        }
    }
    Ok(ResolvedPlan {
        overrides: overrides(&parts),
        parts,
    })
}

/// Adds the plans that one is made of, each with its own parts behind it.
fn add_parts<'p>(
    first: &'p TestPlan,
    known: &HashMap<&str, &'p Arc<TestPlan>>,
    seen: &mut HashSet<&'p str>,
    parts: &mut Vec<Arc<TestPlan>>,
) -> Result<(), PlanError> {
    // The path to the plan in hand, each with those of its parts that are still to come.
    let mut path: Vec<(&TestPlan, std::slice::Iter<'_, Box<str>>)> =
        vec![(first, first.nested.iter())];
    while let Some((plan, left)) = path.last_mut() {
        let plan = *plan;
        let Some(part) = left.next() else {
            path.pop();
            continue;
        };
        if let Some(start) = path.iter().position(|(known, _)| *known.id == **part) {
            let ids = path.iter().skip(start).map(|(known, _)| known.id());
            let path = ids.chain([&**part]).map(str::to_owned).collect();
            return Err(PlanError::Cycle { path });
        }
        let nested = known.get(&**part).ok_or_else(|| PlanError::UnknownPart {
            plan: plan.id().to_owned(),
            part: part.to_string(),
        })?;
        if seen.insert(nested.id()) {
            parts.push(Arc::clone(nested));
            path.push((nested, nested.nested.iter()));
        }
    }
    Ok(())
}

/// All overrides, sorted by the text of their patterns.
fn overrides(parts: &[Arc<TestPlan>]) -> Vec<OverrideRule> {
    let mut rules: BTreeMap<Box<str>, OverrideRule> = BTreeMap::new();
    let mut add = |plan: &TestPlan, written: &str, values: &[(OverridableField, Box<str>)]| {
        // Whoever made the plan made sure that its patterns are some.
        let Ok(pattern) = Pattern::of_override(written, plan.namespace.as_deref()) else {
            return;
        };
        let rule = rules
            .entry(pattern.as_str().into())
            .or_insert_with(|| OverrideRule {
                pattern,
                values: Vec::new(),
            });
        rule.values.extend_from_slice(values);
    };
    for plan in parts {
        for (written, field, value) in &plan.applied {
            add(plan, written, &[(*field, value.clone())]);
        }
        let inline = [&plan.bootstrap, &plan.mandatory, &plan.include];
        for inclusion in inline.into_iter().flatten() {
            if !inclusion.overrides.is_empty() {
                add(plan, &inclusion.written, &inclusion.overrides);
            }
        }
    }
    rules.into_values().collect()
}

impl ResolvedPlan {
    /// The full id of the plan.
    pub fn id(&self) -> &str {
        self.parts.first().map_or("", |plan| plan.id())
    }

    /// The plan, then those it is made of.
    pub fn parts(&self) -> &[Arc<TestPlan>] {
        &self.parts
    }

    /// The overrides, in the order they are applied.
    pub fn overrides(&self) -> &[OverrideRule] {
        &self.overrides
    }

    pub(super) fn lists(&self, list: impl Fn(&TestPlan) -> &[Inclusion]) -> Vec<&Inclusion> {
        self.parts.iter().flat_map(|plan| list(plan)).collect()
    }
}

impl OverrideRules for ResolvedPlan {
    /// Later rules over earlier ones.
    fn overrides_of(&self, job: &JobDefinition) -> Vec<(OverridableField, &str)> {
        let mut values: BTreeMap<OverridableField, &str> = BTreeMap::new();
        for rule in &self.overrides {
            if rule.pattern.fits_job(job) {
                values.extend(rule.values.iter().map(|(field, value)| (*field, &**value)));
            }
        }
        values.into_iter().collect()
    }
}

impl PlanRules for ResolvedPlan {
    fn mandatory_jobs(&self, known: &[Arc<JobDefinition>]) -> Vec<JobId> {
        self.mandatory(known)
    }
}
