//! cargo-fuzz and what it needs, and the command lines it is started with.

use crate::disk;
use crate::process::{ProcessError, Program};

/// The version that is installed where there is none.
const VERSION: &str = "0.13.2";

/// Where the seeds, what was found to be worth keeping, the inputs that break a promise, and the logs go; below
/// the root of the workspace.
const SEEDS: &str = "target/fuzzing/seeds";
pub(super) const CORPUS: &str = "target/fuzzing/corpus";
pub(super) const FOUND: &str = "target/fuzzing/found";
pub(super) const LOGS: &str = "target/fuzzing/logs";

/// Where the targets are built and tools are installed.
const BUILD: &str = "target/fuzz";
const TOOLS: &str = "target/tools";

/// A tool that fuzzing needs.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ToolError {
    /// libFuzzer comes as C++.
    #[error(
        "libFuzzer is compiled with `{compiler}`, which does not start; install a C++ compiler (Debian, Ubuntu: apt-get install g++) or name one in CXX"
    )]
    Compiler {
        /// What was tried.
        compiler: String,
        /// How it failed.
        #[source]
        source: ProcessError,
    },
    /// cargo-fuzz is not there and cannot be installed.
    #[error(
        "cargo-fuzz cannot be installed; by hand: cargo install cargo-fuzz --version {VERSION} --locked"
    )]
    CargoFuzz(#[source] ProcessError),
}

/// Looks for the C++ compiler that the build of libFuzzer will call.
pub(super) fn check_compiler() -> Result<(), ToolError> {
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    match Program::new(&compiler, &["--version"]).output() {
        Ok(_) => Ok(()),
        Err(source) => Err(ToolError::Compiler { compiler, source }),
    }
}

/// The program `cargo-fuzz`: that of the machine, else one installed below `target`.
pub(super) fn cargo_fuzz() -> Result<String, ToolError> {
    let own = disk::root().join(TOOLS).join("bin/cargo-fuzz");
    let own = own.display().to_string();
    let starts = |name: &str| Program::new(name, &["--version"]).output().is_ok();
    if let Some(name) = ["cargo-fuzz", &own].into_iter().find(|name| starts(name)) {
        return Ok(name.to_owned());
    }
    let install = [
        "install",
        "cargo-fuzz",
        "--version",
        VERSION,
        "--locked",
        "--root",
        TOOLS,
    ];
    Program::new("cargo", &install)
        .run()
        .map_err(ToolError::CargoFuzz)?;
    Ok(own)
}

/// Writes the seeds of every target.
pub(super) fn seeds() -> Program {
    let run = [
        "run",
        "--quiet",
        "--package",
        "session-tests",
        "--bin",
        "fuzz-seeds",
        "--",
        SEEDS,
    ];
    Program::new("cargo", &run)
}

/// Builds a target with coverage and the address sanitizer.
pub(super) fn build(cargo_fuzz: &str, name: &str) -> Program {
    fuzz_program(cargo_fuzz, "build", name)
}

/// Runs a target for that many seconds.
pub(super) fn fuzz(cargo_fuzz: &str, name: &str, seconds: u64) -> Program {
    let mut program = fuzz_program(cargo_fuzz, "run", name);
    let corpus = absolute(&format!("{CORPUS}/{name}"));
    let seeds = absolute(&format!("{SEEDS}/{name}"));
    let flags = [
        format!("-max_total_time={seconds}"),
        format!("-artifact_prefix={}", absolute(&format!("{FOUND}/{name}/"))),
        "-print_final_stats=1".to_owned(),
        // Longer inputs find nothing that these do not, and each takes more time.
        "-max_len=4096".to_owned(),
        // No input of that length may take so many seconds, even on a machine that is busy, or so much memory.
        "-timeout=60".to_owned(),
        "-malloc_limit_mb=512".to_owned(),
        "-rss_limit_mb=2048".to_owned(),
    ];
    program.arguments.extend([corpus, seeds, "--".to_owned()]);
    program.arguments.extend(flags);
    program
}

/// Runs a target with one input.
pub(super) fn one_input(cargo_fuzz: &str, name: &str, input: &str) -> Program {
    let mut program = fuzz_program(cargo_fuzz, "run", name);
    // The file is named from where the caller is.
    let path = std::path::absolute(input).unwrap_or_else(|_| input.into());
    program.arguments.push(path.display().to_string());
    program
}

/// cargo-fuzz wants a compiler that takes unstable flags; the stable one does when asked so.
fn fuzz_program(cargo_fuzz: &str, action: &str, name: &str) -> Program {
    let arguments = ["fuzz", action, "--target-dir", &absolute(BUILD), name];
    Program::new(cargo_fuzz, &arguments).with_variable("RUSTC_BOOTSTRAP", "1")
}

/// A path that a program finds from any folder.
fn absolute(path: &str) -> String {
    disk::root().join(path).display().to_string()
}
