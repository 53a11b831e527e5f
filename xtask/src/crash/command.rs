//! The command itself: which program is started, with what.

use crate::flags::CrashFlags;
use crate::process::{ProcessError, Program};

/// Why `crash` did not pass.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CrashError {
    /// A promise was broken, or the program could not be built; it has been printed.
    #[error("cannot say that nothing is lost")]
    Failed(#[from] ProcessError),
}

/// Starts what the flags ask for, on our own standard streams.
pub(crate) fn run(flags: &CrashFlags) -> Result<(), CrashError> {
    Ok(program(flags).run()?)
}

/// The program that the flags ask for.
pub(super) fn program(flags: &CrashFlags) -> Program {
    let rounds_of = |rounds| {
        [
            ("--rounds", Some(u64::from(rounds))),
            ("--seed", flags.seed),
        ]
    };
    let (name, numbers) = match flags.kill.or(flags.ext4) {
        None if flags.reboot => ("reboot-rehearsal", [("--seed", None), ("--seed", None)]),
        Some(rounds) if flags.ext4.is_some() => ("ext4-cuts", rounds_of(rounds)),
        Some(rounds) => ("kill-loop", rounds_of(rounds)),
        None if flags.model => (
            "crash-model",
            [
                ("--sequences", flags.sequences.map(u64::from)),
                ("--seed", flags.seed),
            ],
        ),
        None => (
            "crash-explore",
            [("--seconds", flags.seconds), ("--seed", flags.seed)],
        ),
    };
    let mut program = Program::new(
        "cargo",
        &[
            "run",
            "--quiet",
            "--package",
            "session-tests",
            "--bin",
            name,
            "--",
        ],
    );
    for (flag, number) in numbers {
        if let Some(number) = number {
            program.arguments.push(flag.to_owned());
            program.arguments.push(number.to_string());
        }
    }
    if let Some(word) = &flags.replay {
        program.arguments.push("--replay".to_owned());
        program.arguments.push(word.clone());
    }
    program
}
