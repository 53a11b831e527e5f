//! The stages of `ci`, in order.

use crate::flags::CiFlags;
use crate::process::Program;

/// One check with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stage {
    /// Its name on the command line and in the output.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) action: Action,
}

/// What a stage does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Runs a program.
    Run(Program),
    /// Checks the layers, in this process.
    Layers,
    /// Checks the house rules, in this process.
    Tidy,
}

impl Action {
    /// The command that does only this, for a person to type.
    pub(crate) fn line(&self) -> String {
        match self {
            Self::Run(program) => program.line(),
            Self::Layers => "cargo xtask layers".to_owned(),
            Self::Tidy => "cargo xtask tidy".to_owned(),
        }
    }
}

/// The name of the stage that `--no-tests` leaves out.
pub(crate) const TESTS: &str = "tests";

/// A stage that `--only` names and that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("there is no stage {name:?}; the stages are {known}")]
pub(crate) struct UnknownStage {
    name: String,
    known: String,
}

/// Every stage; `nextest` says whether cargo-nextest is installed.
pub(crate) fn all(nextest: bool) -> Vec<Stage> {
    let cargo = |arguments: &str| {
        let words: Vec<&str> = arguments.split_whitespace().collect();
        Program::new("cargo", &words)
    };
    let tests = if nextest {
        "nextest run --workspace"
    } else {
        "test --workspace --all-targets"
    };
    let docs = cargo("doc --workspace --no-deps").with_variable("RUSTDOCFLAGS", "-D warnings");
    vec![
        Stage {
            name: "fmt",
            action: Action::Run(cargo("fmt --all --check")),
        },
        Stage {
            name: "clippy",
            action: Action::Run(cargo(
                "clippy --workspace --all-targets --all-features -- -D warnings",
            )),
        },
        Stage {
            name: "fuzz",
            action: Action::Run(cargo(
                "clippy --manifest-path fuzz/Cargo.toml --no-default-features --target-dir target -- -D warnings",
            )),
        },
        Stage {
            name: "layers",
            action: Action::Layers,
        },
        Stage {
            name: "tidy",
            action: Action::Tidy,
        },
        Stage {
            name: "docs",
            action: Action::Run(docs),
        },
        Stage {
            name: "examples",
            action: Action::Run(cargo("test --workspace --doc")),
        },
        Stage {
            name: TESTS,
            action: Action::Run(cargo(tests)),
        },
    ]
}

/// The stages that these flags ask for, in the order of the list.
pub(crate) fn chosen(all: Vec<Stage>, flags: &CiFlags) -> Result<Vec<Stage>, UnknownStage> {
    if let Some(name) = flags
        .only
        .iter()
        .find(|name| all.iter().all(|stage| stage.name != name.as_str()))
    {
        let known = all
            .iter()
            .map(|stage| stage.name)
            .collect::<Vec<_>>()
            .join(", ");
        return Err(UnknownStage {
            name: name.clone(),
            known,
        });
    }
    let wanted = |stage: &Stage| {
        let named = flags.only.is_empty() || flags.only.iter().any(|name| name == stage.name);
        named && !(flags.no_tests && stage.name == TESTS)
    };
    Ok(all.into_iter().filter(wanted).collect())
}
