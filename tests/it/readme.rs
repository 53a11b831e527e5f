//! What the READMEs tell people to type is understood by the program.

use std::path::Path;

use session_tests::disk;

use crate::world::World;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The arguments of every `session` command in a document's blocks of shell.
fn commands(text: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut is_shell = false;
    for line in text.lines() {
        if let Some(language) = line.strip_prefix("```") {
            is_shell = matches!(language, "sh" | "bash" | "shell" | "console");
            continue;
        }
        let line = line.trim_start_matches("$ ");
        let line = line.split(" #").next().unwrap_or_default();
        let words: Vec<&str> = line.split_whitespace().collect();
        let arguments = match words.as_slice() {
            ["session", rest @ ..] => rest,
            ["cargo", "run", rest @ ..] => match rest.iter().position(|word| *word == "--") {
                Some(dashes) => &rest[dashes + 1..],
                None => continue,
            },
            _ => continue,
        };
        if is_shell {
            commands.push(arguments.iter().map(|&word| word.to_owned()).collect());
        }
    }
    commands
}

#[test]
fn every_command_in_the_readmes_is_understood() {
    let world = World::new();
    for document in ["README.md", "crates/session-cli/README.md"] {
        let path = Path::new(ROOT).join(document);
        let text = disk::read(&path).unwrap_or_else(|error| panic!("{document}: {error}"));
        let commands = commands(&String::from_utf8_lossy(&text));
        assert!(!commands.is_empty(), "{document} names no command");
        for command in commands {
            for word in command.iter().filter(|word| word.ends_with(".pxu")) {
                assert!(
                    Path::new(ROOT).join(word).exists(),
                    "{document}: {word} is missing"
                );
            }
            let mut words: Vec<&str> = command.iter().map(String::as_str).collect();
            words.push("--help");
            let ended = world.run_exactly(&words);
            assert_eq!(ended.code(), Some(0), "{document}: {ended}");
        }
    }
}
