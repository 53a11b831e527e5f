//! Unit files in JSON.

use proptest::prelude::*;
use session_state::{FieldRef, FieldValue};

use super::kit::{assert_mistake, places};
use crate::{ReadOptions, Units, parse_units};

fn read(text: &str) -> Result<Units, Vec<String>> {
    parse_units(text, "m.json", &ReadOptions::default())
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

#[test]
fn a_file_holds_one_unit_or_a_list_of_them() {
    let one = read("{\"id\": \"a\", \"plugin\": \"manual\"}").expect("a job");
    assert_eq!(one.jobs[0].id().as_str(), "a");
    let text = "[\n  {\"id\": \"a\", \"plugin\": \"manual\",\n   \"x\": [1, {\"id\": 2.5}]},\n  {\n    \"id\": \"b\", \"plugin\": \"manual\"\n  }\n]\n";
    let two = read(text).expect("two jobs");
    assert_eq!(places(&two), [("a", 2, 3), ("b", 4, 6)]);
    let inner = FieldValue::Map(vec![("id".into(), FieldValue::Float(2.5))]);
    let list = FieldValue::List(vec![FieldValue::Int(1), inner]);
    assert_eq!(two.jobs[0].raw("x").map(FieldRef::to_value), Some(list));
}

#[test]
fn mistakes_are_shown_at_their_place() {
    let check = |text: &str, expected: &str| assert_mistake("m.json", text, expected);
    check(
        "{\"id\": \"a\",\n \"plugin\": \"shel\"}",
        "m.json:2:12: 'shel' is not a kind of job",
    );
    check("{\"id\": \"a\",\n}", "m.json:2:1: not JSON: ");
    check(
        "[{\"id\": \"a\", \"plugin\": \"manual\"}, 7]",
        "m.json:1:35: no unit: ",
    );
    check("\"é\" x", "m.json:1:5: not JSON: ");
    check("7", "m.json:1:1: no unit: ");
    check("[]", "m.json: holds no unit");
    check(
        "{\"id\": \"a\",\n\"id\": \"b\"}",
        "m.json:2:7: the field 'id' stands twice, first on line 1",
    );
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "[{}\\[\\],:\" ab1é\n\\\\.-]{0,60}") {
        if let Err(errors) = read(&text) {
            prop_assert!(!errors.is_empty());
        }
    }
}
