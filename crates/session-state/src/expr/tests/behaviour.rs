//! What single expressions give.

use super::*;

fn records() -> Sets {
    let set = |name: &str, records: Vec<Resource>| (JobId::new(name), records);
    vec![
        set(
            "p",
            vec![
                Resource::new([("name", "bash"), ("version", "5"), ("empty", "")]),
                Resource::new([("name", "zsh"), ("version", "9"), ("other", "zsh")]),
            ],
        ),
        set(
            "d",
            vec![Resource::new([("count", "7"), ("text", "a and b")])],
        ),
        set("none", Vec::new()),
        set("len", vec![Resource::default()]),
    ]
}

fn value(text: &str) -> Result<bool, String> {
    let sets = records();
    let expression = Expression::parse(text, &Scope::default()).map_err(|e| e.to_string())?;
    let known = |id: &JobId| find(&sets, id);
    let answer = expression.evaluate(&known, &mut Budget::default());
    answer.map_err(|error| error.to_string())
}

#[test]
fn values_are_those_of_python() {
    let check = |text: &str, expected: bool| assert_eq!(value(text), Ok(expected), "{text}");
    // Sides without parentheses may be satisfied by different records, with them by one only.
    check("p.name == 'bash' and p.version == '9'", true);
    check("(p.name == 'bash' and p.version == '9')", false);
    check("p.name == 'zsh' or p.name == 'x' and p.name == 'y'", true);
    check("d.text == 'a and b' and p.name == 'bash'", true);
    check("d.text == 'a' ' and b'", true);
    check("d.text == '''a and b'''", true);
    // Numbers.
    check("d and int(d.count) == 7.0", true);
    check("d and int(d.count) < 7.5", true);
    check("d and int(d.count) > 1e999", false);
    check(
        "d and int('9007199254740993') == float('9007199254740992')",
        false,
    );
    check("(d and 9007199254740993 > 9007199254740992.0)", true);
    check(
        "(d and 0xff_ff == 65535 == 0o177777 == 0b1111111111111111)",
        true,
    );
    check(
        "(d and 0x1000000000000000000000000 == 79228162514264337593543950336)",
        true,
    );
    check("d and int(' -1_0 ') < 0", true);
    check("d and int('1__0') == 10", false);
    check("d and int('ff', 16) == 255 == int('0xff', 0)", true);
    check("d and int('٧') == int(d.count)", true);
    check("(d and True == 1 == 1.0)", true);
    check("(d and True is 1)", false);
    check("(d and 0j == 0)", true);
    check("(d and 1j < 2)", false);
    check("d and float('nan') != float('nan')", true);
    check("d and float(' Infinity ') > 10", true);
    check("d and float('1e5') == 100000", true);
    check("d and float('e5') == 5", false);
    check("d and int(7.9) == 7", true);
}

#[test]
fn texts_and_lists_are_those_of_python() {
    let check = |text: &str, expected: bool| assert_eq!(value(text), Ok(expected), "{text}");
    check("d and len('é😀') == 2", true);
    check("d and len(b'ab') == 2 and p", true);
    check("d and (len([1, (2, 3), '']) == 3)", true);
    check("d.count in '1 7 9'", true);
    check("d.count in ['7'] == True", false);
    check("d.count not in ('1', '2')", true);
    check("(d and [1, 2] < [1, 3])", true);
    check("d and (1,) < [1]", false);
    check("(d and b'b' in b'abc')", true);
    check("(d and 98 in b'abc')", true);
    check("'text' in d", true);
    check("5 in d", false);
    check("d in [d, 1]", true);
    check("p.name is p.other", false);
    check("p.empty is p.nothing", true);
    check("p.version is '5'", true);
    check("d and ('a' is 'a')", true);
    // What makes no sense is no match; no records are no match either.
    check("d.count < 5", false);
    check("d and bool(nowhere)", false);
    check("none.x == ''", false);
    check("d and none", false);
    check("d.count, 1", false);
    check("len and (len('x') == 1)", false);
    check("d.__class__", true);
    check("d and (d.count).upper", true);
    check("(d and 'x'.nothing == '')", false);
}

#[test]
fn what_is_refused_says_so_and_where() {
    let check = |text: &str, class: &str, offset: Option<usize>| {
        let error = Expression::parse(text, &Scope::default()).expect_err(text);
        assert_eq!(
            (error.documented_class(), error.offset()),
            (class, offset),
            "{text}: {error}"
        );
    };
    let (syntax, code) = ("ResourceSyntaxError", "CodeNotAllowed");
    check("p.name ==", syntax, Some(9));
    check("p.name = 'x'", code, Some(7));
    check("'x' = p.name", syntax, Some(4));
    check("p.name == 'x", syntax, Some(10));
    check("p.name == 'x'\n  and d", syntax, Some(14));
    check("not p.name", code, Some(0));
    check("p-q.name", code, Some(1));
    check("p.name if d else 1", code, Some(7));
    check("p.name if d", syntax, Some(11));
    check("p == not d", syntax, Some(5));
    check("{p, 1: 2}", syntax, Some(0));
    check("{**p}", code, Some(0));
    check("[x async for x in p if x]", code, Some(3));
    check("[for x in p]", syntax, Some(1));
    check("(yield)", code, Some(1));
    check("import os", code, Some(0));
    check("from . import x as y", code, Some(0));
    check("import os.", syntax, Some(10));
    check("try: p", syntax, Some(0));
    check("def f(x): p", code, Some(0));
    check("if p: if d: p", code, Some(0));
    check("p[0:1, ::2]", code, Some(1));
    check("p[]", syntax, Some(2));
    check("f'{p}'", code, Some(0));
    check("f'{p'", syntax, Some(0));
    check("b'é' == p", syntax, Some(0));
    check("b'' '' == p", syntax, Some(0));
    check("'\\x1' == p", syntax, Some(0));
    check("012 == p", syntax, Some(0));
    check("1_ == p", syntax, Some(0));
    check("1x == p", syntax, Some(0));
    check("p) == 1", syntax, Some(1));
    check("(p]", syntax, Some(2));
    check("p <> d", syntax, Some(3));
    check("p ! d", syntax, Some(2));
    check("p == 1 \\", syntax, Some(7));
    check("p; d", "ResourceProgramError", Some(1));
    check("p.x()", "ResourceProgramError", Some(0));
    check("d and len(p, key=1)", code, Some(13));
    check("d and int(-1)", code, Some(10));
    check("d and (-d).x", code, Some(7));
    check("len(-1)", "NoResourcesReferenced", None);
    check("'x'", "NoResourcesReferenced", None);
    check(
        &format!("p == '{}'", "x".repeat(70_000)),
        "ResourceProgramError",
        None,
    );
}

#[test]
fn a_side_that_is_no_expression_is_told_by_its_text() {
    let error = value("p.name == 'bash' or 'x'").expect_err("no resource on the right");
    assert_eq!(
        error,
        "the part \"'x'\" of the requirement is no requirement of its own"
    );
    let expression = Expression::parse("p.x or p.y or 1 or 2", &Scope::default()).expect("legal");
    let no_resources = ExpressionError::NoResources;
    assert_eq!(expression.illegal_part(), Some(("1", &no_resources)));
    assert!(
        value("[p.name or 'x']").is_err(),
        "brackets do not keep a side together"
    );
}

#[test]
fn nothing_overflows_the_stack() {
    let deep = 10_000;
    for (open, middle, close) in [
        ("(", "p", ")"),
        ("[", "p", "]"),
        ("{", "p", "}"),
        ("not ", "p", ""),
        ("- ", "p", ""),
        ("lambda: ", "p", ""),
        ("p if p else ", "p", ""),
        ("p ** ", "p", ""),
        ("p == ", "p", ""),
        ("p and ", "p", ""),
        ("p or ", "p", ""),
        ("", "p", ".x"),
        ("", "p", "[0]"),
        ("", "p", "(1)"),
        ("x := ", "p", ""),
        ("(x := ", "p", ")"),
        ("if p: ", "p", ""),
        ("p; ", "p", ""),
        ("p, ", "p", ""),
        ("'' ", "p", ""),
        ("len(", "p", ")"),
        ("f'{", "p", "}'"),
        ("p\n", "p", ""),
        ("await ", "p", ""),
        ("*", "p", ""),
        ("[p for p in ", "p", "]"),
    ] {
        for count in [150, 250, deep] {
            let text = format!("{}{middle}{}", open.repeat(count), close.repeat(count));
            if let Ok(expression) = Expression::parse(&text, &Scope::default()) {
                let sets = [Resource::new([("x", "1")])];
                let known = |_: &JobId| Some(&sets[..]);
                let answer = expression.evaluate(&known, &mut Budget::default());
                assert!(answer.is_ok(), "{open}: {answer:?}");
                assert!(!expression.tree().to_string().is_empty());
            }
        }
    }
}

#[test]
fn a_large_product_ends_in_an_error() {
    let many: Vec<Resource> = (0..1000)
        .map(|n| Resource::new([("n", n.to_string())]))
        .collect();
    let known = |_: &JobId| Some(&many[..]);
    let check = |text: &str, steps: u64| {
        let program = Program::parse(text, &Scope::default()).expect("a program");
        program.evaluate(&known, &mut Budget::of_steps(steps))
    };
    let error = check("(a.n == b.n == c.n == d.n == 'x')", 50_000).expect_err("too many");
    let UnsatisfiedError::Undecided { source, .. } = error else {
        panic!("not {error}");
    };
    assert_eq!(source, EvaluateError::TooMuchWork { limit: 50_000 });
    assert_eq!(check("a.n == '999' and b.n == '0'", 50_000), Ok(()));
}

#[test]
fn an_import_stands_before_the_namespace() {
    let imports =
        parse_imports("from other import pkg as package\r\nfrom a import b").expect("two");
    let scope = Scope {
        namespace: Some("ns"),
        imports: &imports,
    };
    let program = Program::parse("package.x == b.x\n\n manifest.y == c::d.x", &scope);
    assert_eq!(program.expect_err("`::` is no name").index, 1);
    let program = Program::parse("package.x == b.x\n\n manifest.y == d.x", &scope).expect("two");
    let ids: Vec<&str> = program.resources().into_iter().map(JobId::as_str).collect();
    assert_eq!(ids, ["other::pkg", "a::b", "ns::manifest", "ns::d"]);
    assert_eq!(program.manifest_ids(), ["ns::y"]);
}
