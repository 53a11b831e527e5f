//! What must hold for any text.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::expr::parser::parse;

fn constant() -> impl Strategy<Value = Constant> {
    prop_oneof![
        Just(Constant::None),
        any::<bool>().prop_map(Constant::Bool),
        any::<u64>().prop_map(|value| Constant::Int(value.into())),
        (0.0f64..=f64::MAX).prop_map(Constant::Float),
        Just(Constant::Float(f64::INFINITY)),
        any::<f64>()
            .prop_filter("a number", |v| !v.is_nan())
            .prop_map(|v| Constant::Imaginary(v.abs())),
        any::<String>().prop_map(|text| Constant::Text(text.into())),
        "[a-z '\"\\\\{(]{0,12}( and | or )[a-z]?".prop_map(|text| Constant::Text(text.into())),
        vec(any::<u8>(), 0..8).prop_map(|bytes| Constant::Bytes(bytes.into())),
        Just(Constant::Ellipsis),
    ]
}

fn name() -> impl Strategy<Value = Box<str>> {
    prop_oneof!["p", "d", "q_[a-z]{1,3}", "é1", "len", "_"].prop_map(Into::into)
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop::sample::select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
        Comparison::In,
        Comparison::NotIn,
        Comparison::Is,
        Comparison::IsNot,
    ])
}

/// A field of a field would be read back as one path.
fn field(base: Node, path: Vec<Box<str>>) -> Node {
    if matches!(base, Node::Attribute { .. }) {
        return base;
    }
    Node::Attribute {
        base: Box::new(base),
        path,
    }
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        constant().prop_map(Node::Constant),
        name().prop_map(Node::Name),
        (name(), name()).prop_map(|(base, field)| Node::Attribute {
            base: Box::new(Node::Name(base)),
            path: vec![field],
        }),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let functions = prop::sample::select(vec![
            Function::Len,
            Function::Bool,
            Function::Int,
            Function::Float,
        ]);
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Node::And),
            vec(inner.clone(), 2..4).prop_map(Node::Or),
            vec(inner.clone(), 0..4).prop_map(Node::List),
            vec(inner.clone(), 0..4).prop_map(Node::Tuple),
            (inner.clone(), vec((comparison(), inner.clone()), 1..3)).prop_map(|(first, rest)| {
                Node::Compare {
                    first: Box::new(first),
                    rest,
                }
            }),
            (inner.clone(), vec(name(), 1..3)).prop_map(|(base, path)| field(base, path)),
            (functions, vec(inner, 0..3)).prop_map(|(function, arguments)| Node::Call {
                function,
                arguments,
            }),
        ]
    })
}

/// Texts made of what the language is about, so that some of them mean something.
fn text_of_pieces() -> impl Strategy<Value = String> {
    let pieces = vec![
        "p", ".name", "d.x", "'a'", "\"", "'", " and ", " or ", " not ", "(", ")", "[", "]", "{",
        "}", ",", "==", "!=", " in ", " is ", "<", "1", "0x", ".5", "e9", "len", "int", "#", "\\",
        "\n", " ", "lambda ", ":", "=", ":=", "*", "-", " if ", " else ", " for ", "True", "None",
        "f'{p}'", "b'", "...", ";", "\t", "é", "\u{a0}", "'''", "r'\\'", "\\x4", "yield ",
        "import ",
    ];
    vec(prop::sample::select(pieces), 0..16).prop_map(|pieces| pieces.concat())
}

fn try_out(text: &str) {
    let records = [
        Resource::new([("name", "a"), ("x", "1")]),
        Resource::default(),
    ];
    let known = |_: &JobId| Some(&records[..]);
    let scope = Scope::default();
    if let Ok(expression) = Expression::parse(text, &scope) {
        let mut budget = Budget::of_steps(2_000);
        let answer = expression.evaluate(&known, &mut budget);
        assert!(answer.is_ok() || budget.left() <= 2_000);
        let again = parse(&expression.tree().to_string()).map(|parsed| parsed.tree);
        assert_eq!(again, Ok(Some(expression.tree().clone())), "{text:?}");
    }
    if let Err(error) = Program::parse(text, &scope) {
        assert!(
            error
                .source
                .offset()
                .is_none_or(|offset| offset <= error.text.len())
        );
    }
}

proptest! {
    #[test]
    fn a_tree_is_read_back_from_its_text(tree in tree()) {
        let text = tree.to_string();
        let parsed = parse(&text).map(|parsed| parsed.tree);
        prop_assert_eq!(parsed, Ok(Some(tree)), "{}", text);
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        try_out(&text);
    }

    #[test]
    fn any_text_of_pieces_is_answered(text in text_of_pieces()) {
        try_out(&text);
    }

    #[test]
    fn a_tree_with_parentheses_is_evaluated_as_a_whole(tree in tree()) {
        try_out(&format!("({tree})"));
    }
}
