//! The `session` program: run jobs, get killed, resume, lose nothing.
//!
//! This file only joins the parts: the command line is parsed, the command is run, an error is told with what
//! to do next, and the exit code says how it went.

mod args;
mod wording;

mod error;

mod exit_code;
mod hints;

mod json;
mod json_plan;
mod json_repair;
mod output;
mod person;

mod decision;
mod progress;
mod selection;
mod signals;
mod sink;
mod summary;

mod config;
mod source;

mod attended;
mod content;
mod execution;
mod standing;

mod command;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};
use crate::error::Failure;
use crate::exit_code::Exit;
use crate::output::Talk;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // What cannot be printed is not worth another exit code.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Done.into()
            };
        }
    };
    let mut talk = Talk::standard();
    match run(&arguments.command, &mut talk) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            talk.note(&format!("error: {}", wording::chain(&failure)));
            talk.note(&format!("hint: {}", hints::hint(&failure)));
            Exit::of(&failure).into()
        }
    }
}

fn run(command: &Command, talk: &mut Talk) -> Result<Exit, Failure> {
    match command {
        Command::Run(arguments) => command::run::run(arguments, talk),
        Command::Plans(arguments) => command::plans::plans(arguments, talk),
        Command::Resume(arguments) => command::resume::resume(arguments, talk),
        Command::Abort(arguments) => command::abort::abort(arguments, talk),
        Command::List(arguments) => command::list::list(arguments, talk),
        Command::Show(arguments) => command::show::show(arguments, talk),
        Command::Peek(arguments) => command::peek::peek(arguments, talk),
        Command::Convert(arguments) => command::convert::convert(arguments, talk),
        Command::Verify(arguments) => command::verify::verify(arguments, talk),
        Command::Repair(arguments) => command::repair::repair(arguments, talk),
        Command::Remove(arguments) => command::remove::remove(arguments, talk),
        Command::Restore(arguments) => command::trash::restore(arguments, talk),
        Command::Purge(arguments) => command::trash::purge(arguments, talk),
    }
}
