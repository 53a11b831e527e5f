//! Test plans: what they mean, and what is wrong with them.

use std::sync::Arc;

use session_state::{DeviceContext, JobDefinition, JobId, OverridableField, OverrideRules as _};

use super::kit::assert_mistake;
use crate::plan::{Pattern, PlanError, ResolvedPlan, resolve, resolve_all};
use crate::{ReadOptions, Units, parse_units};

fn units(text: &str) -> Units {
    let options = ReadOptions::in_namespace("ns");
    parse_units(text, "p.yaml", &options).expect("good units")
}

fn jobs(ids: &[&str]) -> Vec<Arc<JobDefinition>> {
    let job = |id: &&str| {
        let mut fields = vec![("id".into(), (*id).into())];
        if let Some((template, _)) = id.split_once('-') {
            fields.push(("template-id".into(), (*format!("ns::{template}")).into()));
        }
        Arc::new(JobDefinition::new(Some("ns".into()), fields, None, None))
    };
    ids.iter().map(job).collect()
}

fn plan(text: &str) -> ResolvedPlan {
    resolve(
        &units(&format!("unit: test plan\nid: p\n{text}")).plans,
        "ns::p",
    )
    .expect("a plan")
}

fn short(ids: &[JobId]) -> Vec<&str> {
    ids.iter()
        .map(|id| id.as_str().strip_prefix("ns::").unwrap_or(id.as_str()))
        .collect()
}

#[test]
fn the_plan_decides_the_order_and_the_first_mention_the_place() {
    let all = jobs(&["a", "b1", "b2", "c", "disk-1", "disk-2"]);
    let select = |text: &str| {
        let plan = plan(text);
        short(&plan.select(&all)).join(" ")
    };
    assert_eq!(
        select("include: |\n  c\n  b.\n  # words\n\n  a\n  b1\n"),
        "c b1 b2 a"
    );
    assert_eq!(
        select("include: [disk, a]"),
        "disk-1 disk-2 a",
        "the id of a template means all it made"
    );
    assert_eq!(select("include: [^.*$]\nexclude: ['disk.*', c]"), "a b1 b2");
    assert_eq!(
        select("include: [.*]\nbootstrap_include: [b1, a]"),
        "b2 c disk-1 disk-2"
    );
    assert_eq!(
        select("include: ['a\\.c']"),
        "",
        "an escaped dot is no operator, and no id has a backslash"
    );
    assert_eq!(select("include: ['ns::b.', 'other::a']"), "b1 b2");
    assert_eq!(select("include: [b]"), "", "an id is compared as a whole");
    assert_eq!(select("exclude: [a]"), "", "nothing is included");
}

#[test]
fn parts_are_brought_together() {
    let text = "unit: test plan\nid: p\ninclude: [a]\nnested_part: [q, r]\n---\nunit: test plan\nid: q\ninclude: [b]\nmandatory_include: [m]\nexclude: [c]\n---\nunit: test plan\nid: r\ninclude: [c, d]\nnested_part: q\nsetup_include: [s]\nbootstrap_include: [e]\n---\nunit: setup job\nid: s\nplugin: shell\ncommand: 'true'\n";
    let units = units(text);
    let plan = resolve(&units.plans, "ns::p").expect("a plan");
    let mut all = jobs(&["a", "b", "c", "d", "e", "m"]);
    all.extend(units.jobs.iter().cloned());
    let ids: Vec<&str> = plan.parts().iter().map(|part| part.id()).collect();
    assert_eq!(ids, ["ns::p", "ns::q", "ns::r"], "none twice");
    assert_eq!(short(&plan.select(&all)), ["a", "b", "d"]);
    assert_eq!(short(&plan.mandatory(&all)), ["m"]);
    assert_eq!(short(&plan.bootstrap(&all)), ["e"]);
    assert_eq!(short(&plan.setup(&all)), ["s"]);
    assert_eq!(plan.idle(&jobs(&["a", "b", "c", "e", "m", "s"])).len(), 1);
}

#[test]
fn plans_that_cannot_be_put_together_are_told() {
    let plans = |text: &str| units(text).plans;
    let cycle = plans(
        "- {unit: test plan, id: p, nested_part: [q]}\n- {unit: test plan, id: q, nested_part: [r]}\n- {unit: test plan, id: r, nested_part: [q]}\n",
    );
    let error = resolve(&cycle, "ns::p").expect_err("a cycle");
    assert_eq!(
        error.to_string(),
        "a test plan is a part of itself: ns::q -> ns::r -> ns::q"
    );
    assert_eq!(
        resolve(&cycle, "p").expect_err("no full id"),
        PlanError::Unknown { id: "p".to_owned() }
    );
    let missing = plans("{unit: test plan, id: p, nested_part: [x]}\n");
    assert_eq!(
        resolve(&missing, "ns::p")
            .expect_err("no such part")
            .to_string(),
        "the test plan 'ns::p' is made of 'ns::x', which is not there"
    );
}

#[test]
fn overrides_come_in_the_order_of_their_patterns() {
    let plan = plan(
        "include:\n- a category-id=audio, certification-status=blocker\n- b1: {auto-retry: 'no'}\n- c\ncategory_overrides: |\n  apply other::net to b.\n  apply video to a\ncertification-status-overrides: apply non-blocker to .*\n",
    );
    let of = |id: &str| {
        let job = jobs(&[id]).remove(0);
        plan.overrides_of(&job)
            .iter()
            .map(|(field, value)| format!("{field}={value}"))
            .collect::<Vec<_>>()
    };
    // `^ns::.*$` comes before `^ns::a$`, so the more precise pattern has the last word here.
    assert_eq!(
        of("a"),
        ["category_id=ns::audio", "certification_status=blocker"]
    );
    assert_eq!(
        of("b1"),
        [
            "category_id=other::net",
            "certification_status=non-blocker",
            "auto_retry=no"
        ]
    );
    assert_eq!(of("c"), ["certification_status=non-blocker"]);
    let fields = plan.overrides().iter().flat_map(|rule| &rule.values);
    assert!(
        fields
            .clone()
            .any(|(field, _)| *field == OverridableField::AutoRetry)
    );
}

#[test]
fn setup_and_bootstrap_name_jobs_by_their_ids() {
    let all = jobs(&["a.c", "abc"]);
    let plan = plan("include: [.*]\nbootstrap_include: [a.c]\nmandatory_include: [a.c]\n");
    assert_eq!(short(&plan.bootstrap(&all)), ["a.c"]);
    assert_eq!(short(&plan.select(&all)), ["abc"]);
    assert_eq!(short(&plan.mandatory(&all)), ["a.c", "abc"], "a pattern");
}

#[test]
fn an_anchored_override_fits_nothing_as_it_always_did() {
    let plan = plan("category_overrides: apply x to ^a$\n");
    assert_eq!(plan.overrides_of(&jobs(&["a"])[0]), []);
}

#[test]
fn mistakes_in_a_plan_are_shown_at_their_line() {
    let check = |text: &str, expected: &str| {
        let text = format!("unit: test plan\nid: p\n{text}\n");
        assert_mistake("p.pxu", &text, expected);
    };
    check("include:\n a\n = b", "p.pxu:5:2: expected a pattern");
    check("include:\n a b", "p.pxu:4:2: expected `=` behind the field");
    check(
        "include:\n a category-id=x auto-retry=no",
        "p.pxu:4:2: expected `,`",
    );
    check("include:\n a category-id=", "p.pxu:4:2: expected the value");
    check(
        "include:\n a command=x",
        "p.pxu:4:2: 'command' is not overridable: expected one of",
    );
    check(
        "include:\n a(",
        "p.pxu:4:2: 'a(' is not a pattern (unclosed group): expected",
    );
    check(
        "include:\n \"(?=a)b\"",
        "p.pxu:4:2: '(?=a)b' is not a pattern (",
    );
    check(
        "bootstrap_include:\n \"a(\" auto-retry=no",
        "p.pxu:4:2: 'a(' is not a pattern (unclosed group): expected",
    );
    check(
        "category_overrides:\n use x for y",
        "p.pxu:4:2: expected `apply VALUE to PATTERN`",
    );
    check(
        "category_overrides:\n apply x to",
        "p.pxu:4:2: expected a pattern behind `to`",
    );
}

#[test]
fn patterns_are_those_of_the_original() {
    let fits = |pattern: &str, id: &str| {
        let pattern = Pattern::new(pattern, None).expect("a pattern");
        pattern.fits(id)
    };
    assert!(fits("a.c", "abc") && !fits("a.c", "abcd") && !fits("a.c", "xabc"));
    assert!(
        fits("gen-{name}", "gen-{name}"),
        "a brace without a count stands for itself"
    );
    assert!(fits("a{2}", "aa") && !fits("a{2}", "a{2}"));
    assert!(
        fits("a|b", "ax") && fits("a|b", "b"),
        "anchors bind to the alternatives they stand at"
    );
    assert!(Pattern::new("(", None).is_err());
    assert!(Pattern::new("x", Some("ns")).expect("an id").is_id());
}

#[test]
fn several_plans_are_as_one_and_their_overrides_are_sorted_together() {
    let text = "unit: test plan\nid: p\ninclude: b1 category-id=x\nnested_part: q\n---\nunit: test plan\nid: q\nmandatory_include: c\ninclude: a category-id=y\n";
    let plans = units(text).plans;
    let both = resolve_all(&plans, ["ns::p", "ns::q"]).expect("two plans");
    assert_eq!(both.id(), "ns::p");
    assert_eq!(
        both.parts().len(),
        2,
        "a plan that is a part of another too"
    );
    let patterns = both.overrides().iter().map(|rule| rule.pattern.as_str());
    assert_eq!(patterns.collect::<Vec<_>>(), ["^ns::a$", "^ns::b1$"]);
    let unknown = resolve_all(&plans, ["ns::p", "ns::r"]);
    assert!(matches!(unknown, Err(PlanError::Unknown { id }) if id == "ns::r"));
}

#[test]
fn a_device_takes_the_units_of_a_file_and_its_plans() {
    let text = "unit: test plan\nid: p\nmandatory_include: b\ninclude: a certification-status=blocker\n\nid: a\nplugin: manual\n\nid: b\nplugin: manual\n\nunit: category\nid: c\nname: C\n\nunit: template\nid: t-{n}\ntemplate-resource: r\nplugin: manual\n";
    let options = ReadOptions::in_namespace("ns");
    let units = parse_units(text, "p.pxu", &options).expect("good units");
    let mut device = DeviceContext::default();
    device
        .add_provider(units.provider("p", &options))
        .expect("new units");
    for (kind, id) in [
        ("job", "ns::a"),
        ("template", "ns::t-n"),
        ("test plan", "ns::p"),
        ("category", "ns::c"),
    ] {
        assert!(device.unit(kind, id).is_some(), "{kind} {id}");
    }
    assert_eq!(
        device.state_mut().update_desired_jobs(&["ns::a".into()]),
        []
    );
    let plan = resolve(&units.plans, "ns::p").expect("a plan");
    assert_eq!(device.set_test_plans(Some(Arc::new(plan))), []);
    let run_list: Vec<JobId> = device.state().run_list().cloned().collect();
    assert_eq!(short(&run_list), ["b", "a"]);
    let status = |id: &str| {
        device
            .state()
            .job_state(id)
            .map(|job| job.effective_certification_status())
    };
    assert_eq!(status("ns::a").as_deref(), Some("blocker"));
    assert_eq!(status("ns::b").as_deref(), Some("non-blocker"));
}
