//! This project is tidy, and a planted breach of each rule is found.

use super::check::check;
use super::finding::Finding;
use super::rust::{LINES_MAX, check_with, lengths};
use super::tree::Tree;
use super::{citations, markdown, modules, promises, rust, text};
use crate::disk;

fn texts(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(Finding::to_string).collect()
}

/// Asserts that exactly one finding comes out, at this place and with these words in it.
#[track_caller]
fn found(findings: &[Finding], place: &str, words: &str) {
    let texts = texts(findings);
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(
        texts[0].starts_with(&format!("{place}: ")) && texts[0].contains(words),
        "{texts:?}"
    );
}

#[test]
fn this_project_is_tidy() {
    let tree = Tree::read(&disk::root()).unwrap();
    assert!(
        tree.texts.contains_key("Cargo.toml") && tree.paths.contains("xtask/src"),
        "the project was really read"
    );
    let findings = check(&tree);
    assert!(findings.is_empty(), "{}", texts(&findings).join("\n"));
}

#[test]
fn a_tidy_tree_has_no_findings() {
    let tree = Tree::of(&[
        (
            "README.md",
            "# Title\n\nSee [the guide](docs/guide.md#part) and [a site](https://example.org).\n",
        ),
        (
            "docs/guide.md",
            "# Guide\n\n```sh\n# not a title\n[no](link.md)\n```\n\nBack to [the top](../README.md), `[x](y)`.\n",
        ),
        ("crates/a/src/lib.rs", "//! What lives here.\n\nmod part;\n"),
        (
            "crates/a/src/part/mod.rs",
            "//! A part.\n#[cfg(test)]\nmod tests;\n",
        ),
        (
            "crates/a/src/part/tests.rs",
            "//! Tests.\n#[test]\nfn it_holds() {}\n",
        ),
        ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n"),
    ]);
    assert_eq!(texts(&check(&tree)), Vec::<String>::new());
}

#[test]
fn a_source_without_a_header_is_found() {
    for text in [
        "fn a() {}\n",
        "\n// A note.\nfn a() {}\n",
        "//!\nfn a() {}\n",
        "",
    ] {
        let tree = Tree::of(&[("crates/a/src/lib.rs", text)]);
        found(
            &rust::check(&tree),
            "crates/a/src/lib.rs:1",
            "must open with `//!`",
        );
    }
}

#[test]
fn a_source_that_is_too_long_is_found_unless_excepted_and_an_idle_exception_is_found() {
    let long = format!("//! Long.\n{}", "\n".repeat(LINES_MAX));
    let tree = Tree::of(&[("crates/a/src/lib.rs", &long)]);
    found(&rust::check(&tree), "crates/a/src/lib.rs", "has 601 lines");
    let excepted = [("crates/a/src/lib.rs", "a table")];
    assert!(check_with(&tree, &excepted, &[]).is_empty());
    assert_eq!(lengths(&tree), [(LINES_MAX + 1, "crates/a/src/lib.rs")]);

    let short = Tree::of(&[("crates/a/src/lib.rs", "//! Short.\n")]);
    found(
        &check_with(&short, &excepted, &[]),
        "crates/a/src/lib.rs",
        "no exception for its length",
    );
}

#[test]
fn banned_words_are_found_where_they_stand() {
    for planted in [
        concat!("// TO", "DO: later"),
        concat!("// FIX", "ME"),
        concat!("to", "do!()"),
        concat!("let a = db", "g!(a);"),
        concat!("#[all", "ow(dead_code)]"),
        concat!("#![all", "ow(dead_code)]"),
        concat!("#[ign", "ore]"),
        concat!("#[ign", "ore = \"slow\"]"),
        concat!("mod tests", " {"),
        concat!("unimpl", "emented!()"),
    ] {
        let source = format!("//! Planted.\n\n{planted}\n");
        let tree = Tree::of(&[("crates/a/src/lib.rs", &source)]);
        found(
            &rust::check(&tree),
            "crates/a/src/lib.rs:3",
            "must not stay",
        );
    }
    for fine in [
        "remaining_todo_jobs",
        "let ignored = 1;",
        concat!("METHOD_TO", "DO_LIST"),
        "mod tests;",
    ] {
        let source = format!("//! Planted.\n{fine}\n");
        let tree = Tree::of(&[("crates/a/src/lib.rs", &source)]);
        assert!(rust::check(&tree).is_empty(), "{fine} is no banned word");
    }
}

#[test]
fn pauses_are_found_in_tests_only() {
    let source = concat!("//! Pauses.\nthread::sl", "eep(pause);\n");
    for test in [
        "crates/a/src/tests.rs",
        "crates/a/src/tests/part.rs",
        "crates/a/tests/whole.rs",
        "tests/it/part.rs",
    ] {
        found(
            &rust::check(&Tree::of(&[(test, source)])),
            &format!("{test}:2"),
            "must not stay",
        );
    }
    assert!(rust::check(&Tree::of(&[("crates/a/src/wait.rs", source)])).is_empty());
}

#[test]
fn an_excepted_word_passes_and_an_idle_exception_is_found() {
    let word = concat!("thread::sl", "eep(");
    let excepted = [("crates/a/src/tests.rs", word, "polls a foreign process")];
    let source = format!("//! Polls.\nstd::{word}pause);\n");
    assert!(
        check_with(
            &Tree::of(&[("crates/a/src/tests.rs", &source)]),
            &[],
            &excepted
        )
        .is_empty()
    );
    let idle = Tree::of(&[("crates/a/src/tests.rs", "//! Idle.\n")]);
    found(
        &check_with(&idle, &[], &excepted),
        "crates/a/src/tests.rs",
        "needs no exception",
    );
}

#[test]
fn a_file_that_nothing_declares_is_found() {
    for orphan in [
        "crates/a/src/lost.rs",
        "crates/a/src/part/lost.rs",
        "crates/a/src/lost/mod.rs",
        "tests/it/lost.rs",
    ] {
        let tree = Tree::of(&[
            (
                "crates/a/src/lib.rs",
                "//! Root.\npub(crate) mod part;\n// mod lost;\nmod not_lost;\n",
            ),
            (
                "crates/a/src/part/mod.rs",
                "//! Part.\n#[cfg(test)] mod tests;\n",
            ),
            ("crates/a/src/part/tests.rs", "//! Tests.\n"),
            ("crates/a/src/not_lost.rs", "//! Found.\n"),
            ("crates/a/src/bin/tool.rs", "//! A program.\n"),
            (
                "crates/a/tests/whole.rs",
                "//! A test target.\nmod common;\n",
            ),
            ("crates/a/tests/common/mod.rs", "//! Shared.\n"),
            (
                "tests/it/main.rs",
                "//! A test target.\n#[path = \"../odd/place.rs\"]\nmod place;\n",
            ),
            (orphan, "//! Lost.\n"),
        ]);
        found(&modules::check(&tree), orphan, "not declared");
    }
}

#[test]
fn paths_of_a_machine_and_hosts_of_registries_are_found_in_any_text() {
    for planted in [
        concat!("cd /wo", "rk/main"),
        concat!("see /ro", "ot/.cargo"),
        concat!("https://static.crates", ".io/x"),
    ] {
        let tree = Tree::of(&[(".ci/run", planted)]);
        found(&text::check(&tree), ".ci/run:1", "names a ");
    }
    let made = Tree::of(&[(
        "Cargo.lock",
        concat!("registry+https://example/crates", ".io-index"),
    )]);
    assert!(
        text::check(&made).is_empty(),
        "cargo writes that line itself"
    );
}

#[test]
fn a_build_machine_that_runs_another_test_command_than_the_readme_says_is_found() {
    let check_pair = |run: &str, readme: &str| {
        text::check(&Tree::of(&[(".ci/run", run), ("README.md", readme)]))
    };
    assert!(
        check_pair(
            "cd x\ncargo test --workspace\n",
            "Then `cargo test --workspace`."
        )
        .is_empty()
    );
    found(
        &check_pair("cargo test --all\n", "Then `cargo test --workspace`."),
        ".ci/run",
        "is not the test command",
    );
    let twice = "cargo test --workspace\ncargo test --workspace\n";
    for run in [twice, "true\n"] {
        found(
            &check_pair(run, "Then `cargo test --workspace`."),
            ".ci/run",
            "exactly once",
        );
    }
}

#[test]
fn loose_ends_in_documents_are_found() {
    let planted = concat!("# A\n\nTO", "DO: write this\n");
    found(
        &text::check(&Tree::of(&[("docs/a.md", planted)])),
        "docs/a.md:3",
        "must not stay",
    );
    let named = concat!("# A\n\nA comment `TO", "DO` is refused.\n");
    assert!(
        text::check(&Tree::of(&[("docs/a.md", named)])).is_empty(),
        "naming the word is not using it"
    );
    found(
        &text::check(&Tree::of(&[("a.toml", "<<<<<<< ours\n")])),
        "a.toml:1",
        "conflict",
    );
}

#[test]
fn documents_without_exactly_one_title_are_found() {
    for (document, count) in [
        ("Text.\n", 0),
        ("# One\n\n# Two\n", 2),
        ("```\n# code\n```\n", 0),
    ] {
        let tree = Tree::of(&[("docs/a.md", document)]);
        found(
            &markdown::check(&tree),
            "docs/a.md",
            &format!("has {count} titles"),
        );
    }
}

#[test]
fn links_to_nothing_are_found() {
    for link in [
        "[a](gone.md)",
        "[a](../gone.md#part)",
        "![a](gone.png \"title\")",
        "[a]: gone.md",
        "[a](../../outside.md)",
    ] {
        let document = format!("# A\n\n{link}\n");
        let tree = Tree::of(&[("docs/a.md", &document)]);
        found(
            &markdown::check(&tree),
            "docs/a.md:3",
            "which does not exist",
        );
    }
    let fine = "# A\n\n[a](../crates) [b](#part) [c](b.md) [d](mailto:a@b) [e](https://e)\n";
    let tree = Tree::of(&[
        ("docs/a.md", fine),
        ("docs/b.md", "# B\n"),
        ("crates/x/y", ""),
    ]);
    assert!(
        markdown::check(&tree).is_empty(),
        "{:?}",
        texts(&markdown::check(&tree))
    );
}

#[test]
fn a_changelog_without_its_open_heading_is_found() {
    found(
        &markdown::check(&Tree::of(&[("CHANGELOG.md", "# Changelog\n")])),
        "CHANGELOG.md",
        "[Unreleased]",
    );
}

#[test]
fn a_promise_whose_proof_does_not_exist_is_found() {
    let source = "//! Tests.\nproptest! {\n    /// A note.\n    #[test]\n    fn it_holds(a in 0..9) {}\n}\nfn helper() {}\n";
    let check_document = |document: &str| {
        promises::check(&Tree::of(&[
            ("docs/a.md", document),
            ("crates/a/src/tests.rs", source),
        ]))
    };
    for fine in [
        "# A\n\nNothing is lost, proven by `it_holds`.\n",
        "# A\n\nNothing is lost (proven by `tests::it_holds` and `cargo xtask crash`).\n",
        "# A\n\nNothing is lost. Proven by\n`it_holds`, `it_holds`; and more.\n",
        "# A\n\n| promise | proven by |\n|---|---|\n| nothing is lost | the test `it_holds` |\n\n| other |\n|---|\n| x |\n",
        "# A\n\nThe words `proven by` are only named here.\n",
    ] {
        assert!(
            check_document(fine).is_empty(),
            "{fine}: {:?}",
            texts(&check_document(fine))
        );
    }
    for (broken, words) in [
        (
            "# A\n\nNothing, proven by `it_breaks`.\n",
            "`it_breaks`, but no such test",
        ),
        (
            "# A\n\nNothing, proven by `helper`.\n",
            "`helper`, but no such test",
        ),
        (
            "# A\n\nNothing – proven by `it_holds` and `gone`.\n",
            "`gone`, but no such test",
        ),
        ("# A\n\nNothing, proven by looking hard.\n", "names no test"),
    ] {
        found(&check_document(broken), "docs/a.md:3", words);
    }
    let table =
        "# A\n\n| promise | proven by |\n|---|---|\n| one | `it_holds` |\n| two | `gone` |\n";
    found(&check_document(table), "docs/a.md:6", "`gone`");
    let empty = "# A\n\n| promise | Proven by |\n|---|---|\n| one | hope |\n";
    found(&check_document(empty), "docs/a.md:5", "names no test");
}

#[test]
fn an_invariant_that_nobody_cites_and_a_citation_of_none_are_found() {
    let document = "# A\n\n| | invariant |\n|---|---|\n| J1 | One. |\n| J12 | Two. |\n";
    let check = |document: &str, source: &str, test: &str| {
        citations::check(&Tree::of(&[
            ("docs/invariants.md", document),
            ("crates/session-storage/src/a.rs", source),
            ("crates/session-storage/src/tests.rs", test),
            ("crates/other/src/a.rs", "//! Holds invariant J99.\n"),
        ]))
    };
    let source = "//! Holds (invariants J1\n//! and J12). J77 is none.\n";
    let test = "//! Tests.\n/// Invariants J1, J12.\nfn a() {}\n";
    let fine = check(document, source, test);
    assert!(fine.is_empty(), "{:?}", texts(&fine));
    found(
        &check(document, "/// Invariant J1.\n", test),
        "docs/invariants.md:6",
        "no source below crates/session-storage/src/ cites the invariant J12",
    );
    found(
        &check(
            document,
            source,
            "let text = \"invariant J1\"; // Invariant J12.\n",
        ),
        "docs/invariants.md:5",
        "no test below",
    );
    found(
        &check(document, &format!("{source}// Invariant J2.\n"), test),
        "crates/session-storage/src/a.rs:3",
        "cites the invariant J2",
    );
    found(
        &check(&format!("{document}| J1 | Again. |\n"), source, test),
        "docs/invariants.md:7",
        "a second invariant J1",
    );
}
