//! Requirement texts: read, printed, evaluated within a budget.

use session_state::expr::{Budget, Expression, Program, Scope, parse_imports};
use session_state::{JobId, Resource, words};

use super::corpus::{self, CorpusError};

/// So many steps at most; what would take more ends in an error.
const STEPS: u64 = 20_000;

/// An input is a text; what stands before a form feed is the field `imports`.
pub(super) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (imports, text) = text.split_once('\u{c}').unwrap_or(("", &text));
    let imports = parse_imports(imports).unwrap_or_default();
    let scope = Scope {
        namespace: Some("ns"),
        imports: &imports,
    };
    let _ = words(text).count();
    let records = records();
    let known = |id: &JobId| match id.as_str() {
        "ns::package" | "ns::d" | "other::e" => Some(&records[..]),
        "ns::none" => Some(&[][..]),
        _ => None,
    };
    if let Ok(expression) = Expression::parse(text, &scope) {
        evaluate(|budget| drop(expression.evaluate(&known, budget)));
        reread(&expression, &scope);
    }
    match Program::parse(text, &scope) {
        Ok(program) => {
            for expression in program.expressions() {
                reread(expression, &scope);
            }
            let missing = program
                .resources()
                .into_iter()
                .any(|id| known(id).is_none());
            evaluate(|budget| {
                let answer = program.evaluate(&known, budget);
                assert!(
                    !missing || answer.is_err(),
                    "a resource that is not there satisfies nothing"
                );
            });
        }
        Err(error) => {
            let offset = error.source.offset();
            assert!(
                offset.is_none_or(|offset| offset <= error.text.len()),
                "an error lies within its text"
            );
        }
    }
}

/// Evaluation ends within its budget.
fn evaluate(evaluate: impl FnOnce(&mut Budget)) {
    let mut budget = Budget::of_steps(STEPS);
    evaluate(&mut budget);
    assert!(budget.left() <= STEPS, "steps are only spent");
}

/// A tree prints as a text that means the same tree.
fn reread(expression: &Expression, scope: &Scope<'_>) {
    let printed = expression.tree().to_string();
    let again = Expression::parse(&printed, scope).map(|again| again.tree().clone());
    assert_eq!(again.as_ref(), Ok(expression.tree()), "{printed:?}");
}

fn records() -> [Resource; 3] {
    [
        Resource::new([("name", "bash"), ("x", "1"), ("version", "5.2")]),
        Resource::new([("name", "zsh"), ("x", "12"), ("flag", "True")]),
        Resource::default(),
    ]
}

/// The requirement texts of the corpus, and one with imports.
pub(super) fn seeds() -> Result<Vec<Vec<u8>>, CorpusError> {
    let all = corpus::value("expressions.json.gz")?;
    let mut texts = corpus::texts_of(&all["entries"], "text");
    texts.push(
        "from other import e as f\u{c}f.name == 'bash' and d.x in ('1', '2')\nnone.a != 'b'"
            .to_owned(),
    );
    Ok(texts.into_iter().map(String::into_bytes).collect())
}
