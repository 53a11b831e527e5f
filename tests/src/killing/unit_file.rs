//! The unit file of a generated session.

use std::path::Path;

use super::plan::{Kind, Plan, PlannedJob, PlannedSelection, PlannedTemplate, names};

/// The file in which all jobs mark their starts and ends.
pub(super) const ALL: &str = "all";

/// The id of the test plan.
pub(super) const SELECTION: &str = "drawn";

impl Plan {
    /// The unit file; every job marks its start and its end in a file of its own in `marks`.
    #[must_use]
    pub fn unit_file(&self, marks: &Path) -> String {
        let written = self.jobs.iter().filter_map(|job| match job.kind {
            Kind::Plain => Some(unit(&["plugin: shell".to_owned()], job, &job.id, marks)),
            Kind::Resource(_) => Some(unit(&["plugin: resource".to_owned()], job, &job.id, marks)),
            Kind::Setup => {
                let head = ["unit: setup job".to_owned(), "plugin: shell".to_owned()];
                Some(unit(&head, job, &job.id, marks))
            }
            Kind::MadeOf(_) => None,
        });
        let templates = self.templates.iter().map(|made| template(made, marks));
        let selection = self.selection.iter().map(test_plan);
        written.chain(templates).chain(selection).collect()
    }
}

/// A unit with the fields of a job.
fn unit(head: &[String], job: &PlannedJob, id: &str, marks: &Path) -> String {
    let mut lines = head.to_vec();
    lines.extend([
        format!("id: {id}"),
        "shell: /bin/sh".to_owned(),
        job.goes_down_as
            .map_or_else(String::new, |_| "flags: noreturn".to_owned()),
        list("depends", &job.depends),
        list("after", &job.after),
        job.requires.as_ref().map_or_else(String::new, |required| {
            let (id, holds) = required;
            format!(
                "requires: {id}.present == '{}'",
                if *holds { "yes" } else { "no" }
            )
        }),
        command(job, id, marks),
    ]);
    record(&lines)
}

/// The lines that say something, and the blank one that ends a record.
fn record(lines: &[String]) -> String {
    let said = lines.iter().filter(|line| !line.is_empty());
    said.map(|line| format!("{line}\n"))
        .chain(["\n".to_owned()])
        .collect()
}

fn template(template: &PlannedTemplate, marks: &Path) -> String {
    let resource = &template.resource;
    let engine = if template.is_jinja2 {
        "jinja2"
    } else {
        "default"
    };
    let head = [
        "unit: template".to_owned(),
        format!("template-id: {}", template.id),
        format!("template-resource: {resource}"),
        format!("template-engine: {engine}"),
        template.filtered.map_or_else(String::new, |name| {
            format!("template-filter: {resource}.name != '{name}'")
        }),
        "plugin: shell".to_owned(),
    ];
    // Braces of the shell are doubled for the default engine; jinja2 knows doubled ones only.
    let id = format!("{}_NAME", template.id);
    let body = unit(&[], &template.job, &id, marks);
    let body = if template.is_jinja2 {
        body.replace("NAME", "{{ name }}")
    } else {
        body.replace('{', "{{")
            .replace('}', "}}")
            .replace("NAME", "{name}")
    };
    format!(
        "{}{body}",
        record(&head).trim_end_matches('\n').to_owned() + "\n"
    )
}

fn test_plan(selection: &PlannedSelection) -> String {
    let part = |field: &str, ids: &[String]| {
        if ids.is_empty() {
            String::new()
        } else {
            format!("{field}:\n {}", ids.join("\n "))
        }
    };
    record(&[
        "unit: test plan".to_owned(),
        format!("id: {SELECTION}"),
        format!("_name: {SELECTION}"),
        part("include", &selection.include),
        part("exclude", &selection.exclude),
        part("mandatory_include", &selection.mandatory),
        part("bootstrap_include", &selection.bootstrap),
        part("setup_include", &selection.setup),
    ])
}

fn list(field: &str, ids: &[String]) -> String {
    if ids.is_empty() {
        String::new()
    } else {
        format!("{field}: {}", ids.join(" "))
    }
}

/// The command: marks stand in the job's own file, and in one that all jobs share.
fn command(job: &PlannedJob, id: &str, marks: &Path) -> String {
    let own = marks.join(id);
    let (own, all) = (own.display(), marks.join(ALL));
    let all = all.display();
    let mut text = format!(
        "command:\n mark() {{ echo \"$1 $$\" >> '{own}'; echo \"$1 {id} $$\" >> '{all}'; }}\n mark start\n"
    );
    let nap = format!("sleep 0.{:03}", job.nap_ms);
    text.push_str(&match (job.nap_ms, job.forks) {
        (0, _) => " mark end\n".to_owned(),
        (_, true) => format!(" ({nap}; mark end) &\n wait\n"),
        (_, false) => format!(" {nap}\n mark end\n"),
    });
    let records = names(&job.kind);
    if let Some(outcome) = job.goes_down_as {
        text.push_str(&format!(
            " echo '{{\"outcome\": \"{outcome}\"}}' > \"$PLAINBOX_SESSION_SHARE/__result\"\n kill -9 $PPID\n sleep 600\n"
        ));
    } else if !records.is_empty() {
        for name in records {
            text.push_str(&format!(
                " echo 'name: {name}'\n echo 'present: yes'\n echo\n"
            ));
        }
    } else if job.is_loud {
        text.push_str(" seq 1 6000\n");
    } else {
        text.push_str(" echo done\n");
    }
    text.push_str(" exit ");
    text.push_str(&job.exit_code.to_string());
    text
}
