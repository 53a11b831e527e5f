//! The requirement program of one job, between the language and the session.

use std::sync::Arc;

use crate::expr::{
    Budget, EvaluateError, Expression, ImportError, Program, ProgramError, Scope, UnsatisfiedError,
    parse_imports,
};
use crate::field::FieldRef;
use crate::id::JobId;
use crate::job::{JobDefinition, KnownField};
use crate::resource::Resource;

/// What is wrong with the requirement program of a job.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequirementFault {
    /// The program itself.
    #[error("field 'requires'")]
    Program(#[source] ProgramError),
    /// The imports that say what its names mean.
    #[error("field 'imports'")]
    Imports(#[source] ImportError),
}

/// The parsed program of a job, or why there is none.
#[derive(Debug)]
pub(crate) struct Requirement {
    program: Result<Program, Arc<RequirementFault>>,
}

/// What a program says of the records there are.
#[derive(Debug)]
pub(crate) enum Verdict<'a> {
    /// Every expression is true.
    Met,
    /// An expression names a resource that is not there: the first such expression.
    Missing(&'a Expression),
    /// An expression is not true: the first such expression.
    False(&'a Expression),
    /// The truth of an expression cannot be told: the first such expression, and why.
    Undecided(&'a Expression, EvaluateError),
}

impl Requirement {
    /// The program of a job; `None` when it requires nothing.
    pub(crate) fn of(definition: &JobDefinition) -> Option<Arc<Self>> {
        definition.known_value(KnownField::REQUIRES)?;
        let program = parse(definition)?.map_err(Arc::new);
        Some(Arc::new(Self { program }))
    }

    /// Why there is no program.
    pub(crate) fn fault(&self) -> Option<&Arc<RequirementFault>> {
        self.program.as_ref().err()
    }

    /// The resources it names, in the order of their first appearance.
    pub(crate) fn resources(&self) -> Vec<&JobId> {
        self.program
            .as_ref()
            .map_or_else(|_| Vec::new(), Program::resources)
    }

    /// The manifest entries that an expression of that text asks for.
    pub(crate) fn manifests_of(&self, text: &str) -> impl Iterator<Item = &str> {
        let expressions = self.program.as_ref().map_or(&[][..], Program::expressions);
        expressions
            .iter()
            .filter(move |expression| expression.text() == text)
            .flat_map(Expression::manifest_ids)
    }

    /// Evaluates the program. One that is illegal requires nothing.
    pub(crate) fn judge<'a>(
        &'a self,
        records: &dyn Fn(&str) -> Option<&'a [Resource]>,
    ) -> Verdict<'a> {
        let Ok(program) = &self.program else {
            return Verdict::Met;
        };
        let records = |id: &JobId| records(id.as_str());
        let expression = |index: usize| program.expressions().get(index);
        match program.evaluate(&records, &mut Budget::default()) {
            Ok(()) => Verdict::Met,
            Err(UnsatisfiedError::Unavailable { index, .. }) => {
                expression(index).map_or(Verdict::Met, Verdict::Missing)
            }
            Err(UnsatisfiedError::Failed { index, .. }) => {
                expression(index).map_or(Verdict::Met, Verdict::False)
            }
            Err(UnsatisfiedError::Undecided { index, source, .. }) => expression(index)
                .map_or(Verdict::Met, |expression| {
                    Verdict::Undecided(expression, source)
                }),
        }
    }
}

fn parse(definition: &JobDefinition) -> Option<Result<Program, RequirementFault>> {
    let imports = match definition.imports().map(|text| parse_imports(&text)) {
        None => Vec::new(),
        Some(Ok(imports)) => imports,
        Some(Err(error)) => return Some(Err(RequirementFault::Imports(error))),
    };
    let scope = Scope {
        namespace: definition.namespace(),
        imports: &imports,
    };
    let program = if let FieldRef::List(_) = definition.value("requires")? {
        let texts = definition.text_list("requires");
        Program::from_expressions(texts.iter().map(String::as_str), &scope)
    } else {
        Program::parse(&definition.requires()?, &scope)
    };
    Some(program.map_err(RequirementFault::Program))
}
