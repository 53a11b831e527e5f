//! The recorded instances of templates.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::sync::Arc;

use flate2::read::GzDecoder;
use serde_json::Value;

use super::*;
use crate::field::{FieldRef, FieldValue};
use crate::id::JobId;
use crate::job::JobDefinition;
use crate::resource::Resource;

/// The sessions of the corpus, as it keeps them.
const CASES: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/corpus/cases.jsonl.gz"
));

fn fields(data: &Value) -> Vec<(Arc<str>, FieldValue)> {
    let data = data.as_object().expect("fields").iter();
    data.map(|(name, value)| {
        let text = value.as_str().expect("a text");
        (name.as_str().into(), FieldValue::Text(text.into()))
    })
    .collect()
}

fn records(list: &Value) -> Vec<Resource> {
    let record = |record: &Value| {
        let fields = record.as_object().expect("a record").iter();
        Resource::new(fields.map(|(name, value)| (name.as_str(), value.as_str().unwrap())))
    };
    list.as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .map(record)
        .collect()
}

fn template(fields: &[(&str, &str)]) -> Result<Template, TemplateError> {
    let value = |text: &str| FieldValue::Text(text.into());
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, text)| ((*name).into(), value(text)))
        .collect();
    Template::new(Some("ns".into()), fields, None)
}

/// What the templates of a case give for its records, by id; `None` when it has no templates.
fn instances(case: &Value) -> Option<BTreeMap<String, JobDefinition>> {
    let units = case["jobs"]["units"].as_array()?.iter();
    let mut found = None;
    for unit in units.filter(|unit| unit["kind"] == "template") {
        let namespace = case["jobs"]["namespace"].as_str().map(Into::into);
        let template = Template::new(namespace, fields(&unit["data"]), None).expect("a template");
        assert_eq!(template.id(), unit["template_id"], "{unit}");
        assert_eq!(template.resource().as_str(), unit["resource_id"], "{unit}");
        let found = found.get_or_insert_with(BTreeMap::new);
        let records = records(&case["expected"]["resource_map"][template.resource().as_str()]);
        let made = template.instances(&records, &Engines::default());
        if template.engine() == "jinja2" {
            let error = made.expect_err("that engine is not at hand");
            assert_eq!(
                error.to_string(),
                "'jinja2' is not a template engine: expected default"
            );
            continue;
        }
        let made = made.expect("the engine is the default one");
        found.extend(made.into_iter().map(|job| (job.id().to_string(), job)));
    }
    found
}

#[test]
fn instances_are_those_of_recorded_sessions() {
    let mut counts = (0, 0);
    for line in BufReader::new(GzDecoder::new(CASES)).lines() {
        let line = line.expect("the corpus is text");
        if !line.contains("\"kind\": \"template\"") && !line.contains("\"kind\":\"template\"") {
            continue;
        }
        let case: Value = serde_json::from_str(&line).expect("a case is JSON");
        let (Some(made), Some(generated)) = (
            instances(&case),
            case["expected"]["generated_jobs"].as_array(),
        ) else {
            continue;
        };
        counts.0 += 1;
        let by_default = |job: &&Value| job["data"]["template-engine"] == "default";
        for wanted in generated.iter().filter(by_default) {
            let id = wanted["id"].as_str().expect("an id");
            let job = made
                .get(id)
                .unwrap_or_else(|| panic!("{}: no {id}", case["name"]));
            assert_eq!(
                job.checksum().to_string(),
                wanted["checksum"],
                "{} {id}",
                case["name"]
            );
            let parameters = job.parameters().expect("an instance");
            assert_eq!(
                parameters.len(),
                wanted["parameters"].as_object().expect("some").len()
            );
            counts.1 += 1;
        }
    }
    assert_eq!(
        counts,
        (52, 121),
        "cases with templates, and their instances"
    );
}

#[test]
fn a_filter_decides_what_is_counted() {
    let imported = template(&[
        ("template-resource", "disk"),
        ("template-imports", "from other import disk"),
        (
            "template-filter",
            "disk.kind == 'ssd'\ndisk.name != 'c' or nothere.x",
        ),
        ("id", "t {name}!{__index__}"),
        ("command", "{{name}} {unused.x} {name!s:>3}"),
    ]);
    let imported = imported.expect("a template");
    assert_eq!(
        (imported.id(), imported.resource().as_str()),
        ("ns::tname__index__", "other::disk")
    );
    let record = |name, kind| Resource::new([("name", name), ("kind", kind)]);
    let records = [record("a", "ssd"), record("b", "hdd")];
    let engines = Engines::default();
    assert_eq!(
        imported.instances(&records, &engines),
        Ok(Vec::new()),
        "a resource is not there"
    );
    let template = template(&[
        ("template-resource", "ns::disk"),
        ("template-filter", "disk.kind == 'ssd'"),
        ("id", "t-{name}-{__index__}"),
        ("unit", "template"),
    ]);
    let records = [record("b", "hdd"), record("a", "ssd")];
    let template = template.expect("a template");
    let made = template
        .instances(&records, &engines)
        .expect("no engine is needed");
    let ids: Vec<&JobId> = made.iter().map(JobDefinition::id).collect();
    assert_eq!(ids, [&JobId::new("ns::t-a-1")]);
    assert_eq!(made[0].raw("unit"), Some(FieldRef::Text("job")));
}

#[test]
fn what_is_no_template_is_told_so() {
    let check = |fields: &[(&str, &str)], words: &str| {
        let error = template(fields).expect_err("no template").to_string();
        assert!(error.starts_with(words), "{error}");
    };
    let resource = ("template-resource", "r");
    check(
        &[("id", "x")],
        "the template has no field 'template-resource'",
    );
    check(
        &[resource, ("template-filter", "not r.x")],
        "field 'template-filter'",
    );
    check(
        &[resource, ("template-imports", "r")],
        "field 'template-imports'",
    );
    let two = "from a import b\nfrom c import d";
    check(
        &[resource, ("template-imports", two)],
        "the field 'template-imports' holds 2 lines",
    );
}
