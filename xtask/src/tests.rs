//! The command line is consistent, and every command explains itself.

use clap::CommandFactory as _;

use crate::flags::Flags;

#[test]
fn every_command_explains_itself() {
    let mut flags = Flags::command();
    flags.build();
    flags.clone().debug_assert();
    for command in flags
        .get_subcommands_mut()
        .filter(|command| command.get_name() != "help")
    {
        let name = command.get_name().to_owned();
        assert!(
            command.get_about().is_some(),
            "{name} says in one line what it does"
        );
        let help = command.render_long_help().to_string();
        assert!(
            help.contains(&format!("Usage: cargo xtask {name}")),
            "{help}"
        );
        for argument in command.get_arguments() {
            assert!(
                argument.get_help().is_some(),
                "{name} explains {}",
                argument.get_id()
            );
        }
    }
}
