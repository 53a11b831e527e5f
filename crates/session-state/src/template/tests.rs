//! What templates make, and what is none.

use super::*;
use crate::field::{FieldRef, FieldValue};
use crate::id::JobId;
use crate::job::JobDefinition;
use crate::resource::Resource;

fn template(fields: &[(&str, &str)]) -> Result<Template, TemplateError> {
    let value = |text: &str| FieldValue::Text(text.into());
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, text)| ((*name).into(), value(text)))
        .collect();
    Template::new(Some("ns".into()), fields, None)
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

#[test]
fn a_fake_instance_names_what_it_would_be_filled_with() {
    let template = template(&[
        ("template-resource", "disk"),
        ("template-filter", "disk.kind == 'never'"),
        ("id", "t-{name_slug}-{index}-{__index__}"),
        ("command", "check {path} {{plain}}"),
        ("_template-summary", "Disks"),
        ("template-description", "Looks at disks."),
    ]);
    let template = template.expect("a template");
    assert_eq!(template.summary(), Some("Disks"));
    assert_eq!(template.description(), Some("Looks at disks."));
    let fake = template.fake_instance(4, &Engines::default());
    let fake = fake.expect("the default engine");
    assert_eq!(fake.id().as_str(), "ns::t-NAME-4-4");
    assert_eq!(fake.command().as_deref(), Some("check PATH {plain}"));
    assert_eq!(fake.faults(), []);
}
