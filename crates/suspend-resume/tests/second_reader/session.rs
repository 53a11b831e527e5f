//! Snapshots and packets of `docs/formats.md`, as JSON for the comparison.

use serde_json::{Map, Value, json};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::bytes::Bytes;

const OUTCOMES: [&str; 10] = [
    "pass",
    "fail",
    "skip",
    "skipped-dependency",
    "skipped-resource",
    "skipped-manifest",
    "not-supported",
    "not-implemented",
    "undecided",
    "crash",
];

/// Reads a snapshot: its summary, its body.
pub(crate) fn snapshot(file: &[u8]) -> (Value, Value) {
    let mut prelude = Bytes::new(file);
    assert_eq!(prelude.raw(8), b"\x89SES\r\n\x1a\n");
    assert_eq!(prelude.raw(2), [1, 0], "the layout version");
    assert_eq!(prelude.raw(2), [1, 0], "a snapshot");
    let length = usize::try_from(fixed(prelude.raw(4))).expect("a length");
    let sum = prelude.raw(16);
    let head = prelude.raw(length);
    assert_eq!(sum, hash(&[&file[..16], head].concat()));
    let mut head = Bytes::new(head);
    let body_length = usize::try_from(fixed(head.raw(8))).expect("a length");
    let body_sum = head.raw(16);
    let summary = summary(&mut head);
    let body = prelude.raw(body_length);
    assert!(head.is_empty() && prelude.is_empty(), "bytes are left over");
    assert_eq!(body_sum, hash(body));
    let mut body = Bytes::new(body);
    let session = json!({
        "jobs": body.list(|body| {
            let definition = definition(body);
            job(body, &definition)
        }),
        "mandatory": body.list(Bytes::name),
        "desired": body.list(Bytes::name),
        "run_list": body.list(Bytes::name),
        "resources": body.list(|body| json!([body.name(), records(body)])),
        "templates": body.list(template),
        "units": body.list(definition),
        "manifest": body.list(|body| json!([body.name(), value(body)])),
        "metadata": metadata(&mut body),
    });
    assert!(body.is_empty(), "bytes are left over in the body");
    (summary, session)
}

/// Reads a packet of changes: how many of each variant.
pub(crate) fn changes(packet: &[u8]) -> Vec<u64> {
    let mut rest = Bytes::new(packet);
    let (kind, sum) = (rest.raw(3), rest.raw(8));
    assert_eq!(kind, [0xc1, 1, 0], "changes of layout 1");
    let rest = rest.raw(packet.len() - 11);
    assert_eq!(sum, xxh3_64(&[kind, rest].concat()).to_le_bytes());
    let mut rest = Bytes::new(rest);
    let variants = rest.list(change);
    assert!(rest.is_empty(), "bytes are left over in the packet");
    variants
}

fn fixed(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().rev();
    bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn hash(bytes: &[u8]) -> [u8; 16] {
    xxh3_128(bytes).to_le_bytes()
}

fn summary(head: &mut Bytes<'_>) -> Value {
    json!({
        "title": head.option(Bytes::text),
        "app_id": head.option(Bytes::text),
        "running_job": head.option(Bytes::text),
        "attempt": head.option(Bytes::u64),
        "last_job_start_time": head.option(Bytes::f64),
        "custom_joblist": head.bool(),
        "remaining_todo_jobs": head.bool(),
        "jobs": head.u64(),
        "run_list": head.u64(),
        "outcomes": OUTCOMES.map(|_| head.u64()),
        "flags": head.list(Bytes::text),
    })
}

fn origin(body: &mut Bytes<'_>) -> Value {
    json!([body.name(), body.u64(), body.u64()])
}

fn fields(body: &mut Bytes<'_>) -> Vec<(String, Value)> {
    body.list(|body| (body.name(), value(body)))
}

fn definition(body: &mut Bytes<'_>) -> Value {
    let namespace = body.option(Bytes::name);
    let origin = body.option(origin);
    let (has_parameters, has_renderings) = match body.u64() {
        0 => (false, false),
        1 => (true, false),
        2 => (false, true),
        3 => (true, true),
        other => panic!("a definition has no variant {other}"),
    };
    let fields = fields(body);
    let parameters = has_parameters.then(|| self::fields(body));
    let renderings =
        has_renderings.then(|| body.list(|body| json!([body.text(), body.u64(), body.text()])));
    let text = |name: &str| {
        let mut fields = fields.iter();
        let (_, value) = fields.find(|(known, _)| known == name)?;
        value.as_str().map(str::to_owned)
    };
    let mut partial = text("id").or_else(|| text("name")).unwrap_or_default();
    for (name, value) in parameters.iter().flatten() {
        // No test here has more of `str.format` than this.
        let value = value.as_str().expect("a text");
        partial = partial.replace(&format!("{{{name}}}"), value);
    }
    let id = match &namespace {
        Some(namespace) => format!("{namespace}::{partial}"),
        None => partial,
    };
    body.enter(&id);
    json!({
        "id": id,
        "origin": origin,
        "fields": fields,
        "parameters": parameters,
        "renderings": renderings,
    })
}

fn template(body: &mut Bytes<'_>) -> Value {
    json!([body.option(Bytes::name), body.option(origin), fields(body)])
}

fn value(body: &mut Bytes<'_>) -> Value {
    match body.u64() {
        0 => Value::Null,
        1 => false.into(),
        2 => true.into(),
        3 => body.i64().into(),
        4 => json!({"digits": body.text()}),
        5 => body.f64().into(),
        6 => body.text().into(),
        7 => body.list(value).into(),
        8 => json!({"map": body.list(|body| (body.text(), value(body)))}),
        other => panic!("a value has no variant {other}"),
    }
}

fn job(body: &mut Bytes<'_>, definition: &Value) -> Value {
    let via = body.option(Bytes::name);
    let (started, begun) = (body.u64(), body.u64());
    let adjusted = body.option(|body| {
        let attempts = body.i64();
        let overrides = [(); 3].map(|()| body.option(Bytes::text));
        json!([attempts, overrides])
    });
    let present = body.u64();
    let history = body.list(result);
    let other = (present == 2).then(|| result(body));
    let present = match present {
        0 => Value::Null,
        1 => history.last().expect("a last one").clone(),
        2 => other.expect("read above"),
        other => panic!("a present result has no variant {other}"),
    };
    json!({
        "definition": definition,
        "via": via,
        "attempts": [started, begun],
        "adjusted": adjusted,
        "history": history,
        "present": present,
    })
}

fn result(body: &mut Bytes<'_>) -> Value {
    let outcome = body.option(|body| OUTCOMES[body.count()]);
    let comments = body.option(Bytes::text);
    let code = match body.u64() {
        0 => Value::Null,
        1 => body.i64().into(),
        2 => false.into(),
        3 => true.into(),
        4 => json!({"digits": body.text()}),
        other => panic!("a return code has no variant {other}"),
    };
    let duration = body.option(Bytes::f64);
    let log = match body.u64() {
        0 => body.list(record).into(),
        1 => {
            let path = body.text();
            let identity = body.option(|body| json!([body.u64(), body.raw(16)]));
            json!({"path": path, "identity": identity})
        }
        other => panic!("a log has no variant {other}"),
    };
    json!({
        "outcome": outcome,
        "comments": comments,
        "return_code": code,
        "duration": duration,
        "log": log,
    })
}

fn record(body: &mut Bytes<'_>) -> Value {
    let delay = body.f64();
    let stream = ["stdout", "stderr"][body.count()];
    json!([delay, stream, body.bytes()])
}

fn records(body: &mut Bytes<'_>) -> Vec<Value> {
    body.list(|body| {
        let fields = body.list(|body| (body.name(), Value::from(body.text())));
        Value::Object(fields.into_iter().collect::<Map<_, _>>())
    })
}

fn intent(body: &mut Bytes<'_>) -> Value {
    json!([body.name(), body.u64(), body.option(Bytes::text)])
}

fn metadata(body: &mut Bytes<'_>) -> Value {
    json!({
        "title": body.option(Bytes::text),
        "running_job": body.option(Bytes::text),
        "app_blob": body.option(Bytes::bytes),
        "app_id": body.option(Bytes::text),
        "custom_joblist": body.bool(),
        "last_job_start_time": body.option(Bytes::f64),
        "remaining_todo_jobs": body.bool(),
        "intent": body.option(intent),
        "flags": body.list(Bytes::text),
        "rejected_jobs": body.list(Bytes::name),
    })
}

/// Reads a change, and answers with its variant.
fn change(body: &mut Bytes<'_>) -> u64 {
    let variant = body.u64();
    match variant {
        0 => drop((body.option(Bytes::name), definition(body))),
        1 => drop(body.name()),
        2 | 14 => drop(body.list(Bytes::name)),
        3 | 27 => drop((body.list(Bytes::name), body.list(Bytes::name))),
        4 => drop((intent(body), body.f64())),
        5 => drop((body.name(), result(body))),
        6 => drop((body.name(), records(body))),
        7 | 10 | 12 => drop(body.option(Bytes::text)),
        8 | 9 | 20 => drop(body.text()),
        11 => drop(body.option(Bytes::bytes)),
        13 | 16 => _ = body.bool(),
        15 => _ = body.option(Bytes::f64),
        17 => drop(body.option(intent)),
        18 => drop(definition(body)),
        19 => drop(template(body)),
        21 => drop((body.name(), body.u64(), body.text())),
        22 => drop((body.name(), body.i64())),
        23 => drop(body.list(|body| (body.name(), value(body)))),
        24 => drop((body.name(), body.name(), origin(body))),
        25 => drop(definition(body)),
        26 => drop((body.text(), body.text())),
        28 => drop((body.name(), body.list(Bytes::name))),
        other => panic!("a change has no variant {other}"),
    }
    variant
}
