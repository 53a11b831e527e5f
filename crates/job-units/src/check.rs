//! Whether a job says all that running it needs.

use session_state::expr::{Expression, ExpressionError, Program, Scope, parse_imports};
use session_state::{JobDefinition, PluginKind};

use crate::error::{UnitError, UnitErrorKind};
use crate::format::Written;

/// Everything that is wrong with a job that has an id.
pub(crate) fn check_job(job: &JobDefinition, written: &Written<'_>) -> Vec<UnitError> {
    let mut wrong = Vec::new();
    match check_plugin(job, written) {
        Ok(plugin) => wrong.extend(check_command(job, plugin, written)),
        Err(error) => wrong.push(error),
    }
    wrong.extend(check_requires(job, written));
    wrong
}

fn check_plugin(job: &JobDefinition, written: &Written<'_>) -> Result<PluginKind, UnitError> {
    match (job.plugin(), job.text("plugin")) {
        (Some(plugin), _) => Ok(plugin),
        (None, Some(found)) => {
            let found = found.into();
            Err(written.error("plugin", UnitErrorKind::UnknownPlugin { found }))
        }
        (None, None) => {
            let id = job.id().as_str().into();
            Err(written.error("id", UnitErrorKind::MissingPlugin { id }))
        }
    }
}

fn check_command(
    job: &JobDefinition,
    plugin: PluginKind,
    written: &Written<'_>,
) -> Option<UnitError> {
    let missing = job.command().is_none_or(|command| command.is_empty());
    (missing && plugin != PluginKind::Manual).then(|| {
        let id = job.id().as_str().into();
        written.error("command", UnitErrorKind::MissingCommand { id, plugin })
    })
}

fn check_requires(job: &JobDefinition, written: &Written<'_>) -> Vec<UnitError> {
    let imports = job.imports().unwrap_or_default();
    let imports = match parse_imports(&imports) {
        Ok(imports) => imports,
        Err(reason) => {
            let line = reason.line.clone();
            return vec![written.error_in("imports", &line, 0, UnitErrorKind::Import { reason })];
        }
    };
    let scope = Scope {
        namespace: job.namespace(),
        imports: &imports,
    };
    let requires = job.requires().unwrap_or_default();
    match Program::parse(&requires, &scope) {
        Ok(program) => program
            .expressions()
            .iter()
            .filter_map(|expression| illegal_part(expression, written))
            .collect(),
        Err(error) => vec![illegal(&error.text, &error.text, error.source, written)],
    }
}

/// A side of an expression that could never be evaluated.
fn illegal_part(expression: &Expression, written: &Written<'_>) -> Option<UnitError> {
    let (text, reason) = expression.illegal_part()?;
    Some(illegal(expression.text(), text, reason.clone(), written))
}

fn illegal(line: &str, part: &str, reason: ExpressionError, written: &Written<'_>) -> UnitError {
    let start = line.rfind(part).unwrap_or_default();
    let offset = start.saturating_add(reason.offset().unwrap_or_default());
    let text = part.into();
    let kind = UnitErrorKind::Requirement { text, reason };
    written.error_in("requires", line, offset, kind)
}
