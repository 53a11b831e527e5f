//! Bytes made to hurt: lengths and counts out of all proportion, nesting, and the settable limits.

use session_state::Change;

use crate::native::encoder::Encoder;
use crate::native::head::LAYOUT;
use crate::native::packet::{Kind, seal};
use crate::native::snapshot::{decode_body, encode_body};
use crate::native::wire::{self, Count, Filling, Name, Node};
use crate::native::{decode_changes, encode_changes, resume_native};
use crate::tests::sample::sample;
use crate::{Format, Limits, ResumeError, SuspendOptions, suspend};

/// A payload of changes, written value by value.
fn payload(put: impl FnOnce(&mut Encoder<'_, '_>)) -> Vec<u8> {
    let mut body = Vec::new();
    let mut encoder = Encoder::new(&mut body);
    put(&mut encoder);
    encoder.finish().unwrap();
    seal(Kind::Changes, LAYOUT, &body)
}

fn cause(error: &ResumeError) -> String {
    assert!(error.is_corrupted(), "{error}");
    std::error::Error::source(error).unwrap().to_string()
}

/// With a limit that lets it pass, a count of 2^60 is held against the bytes that are there.
#[test]
fn a_count_of_2_to_the_60_takes_no_memory() {
    let open = Limits {
        items_max: u64::MAX,
        ..Limits::default()
    };
    let huge = 1u64 << 60;
    let lists = [
        payload(|encoder| encoder.put(Count(huge)).unwrap()),
        payload(|encoder| {
            encoder.put(Count(1)).unwrap();
            encoder.put(wire::Change::MandatoryJobs).unwrap();
            encoder.put(Count(huge)).unwrap();
        }),
        payload(|encoder| {
            encoder.put(Count(1)).unwrap();
            encoder
                .put(wire::Change::ResultRecorded {
                    job: Name::New("a"),
                })
                .unwrap();
            let log = wire::Log::Memory(huge);
            encoder
                .put(wire::JobResult {
                    outcome: None,
                    comments: None,
                    return_code: wire::ReturnCode::None,
                    execution_duration: None,
                    log,
                })
                .unwrap();
        }),
        payload(|encoder| {
            encoder.put(Count(1)).unwrap();
            encoder.put(wire::Change::JobAdded { via: None }).unwrap();
            let head = wire::Definition {
                namespace: None,
                origin: None,
                filling: Filling::Nothing,
            };
            encoder.put(head).unwrap();
            encoder.put(Count(1)).unwrap();
            encoder.put(Name::New("id")).unwrap();
            encoder.put(Node::Map(huge)).unwrap();
        }),
    ];
    for bytes in lists {
        let ours = cause(&decode_changes(&bytes, &Limits::default()).unwrap_err());
        assert!(
            ours.starts_with("a list of 1152921504606846976 items; the limit items_max"),
            "{ours}"
        );
        let bytes_left = cause(&decode_changes(&bytes, &open).unwrap_err());
        assert!(
            bytes_left.starts_with("a list of 1152921504606846976 items in "),
            "{bytes_left}"
        );
    }
}

#[test]
fn a_text_of_2_to_the_60_bytes_takes_no_memory() {
    let mut body = vec![1, 7, 1, 253];
    body.extend((1u64 << 60).to_le_bytes());
    body.extend(b"short");
    let error =
        decode_changes(&seal(Kind::Changes, LAYOUT, &body), &Limits::default()).unwrap_err();
    assert_eq!(cause(&error), "the bytes end too early (at byte 1)");
}

#[test]
fn four_megabytes_of_nesting_are_refused() {
    let bytes = payload(|encoder| {
        encoder.put(Count(1)).unwrap();
        encoder.put(wire::Change::JobAdded { via: None }).unwrap();
        let head = wire::Definition {
            namespace: None,
            origin: None,
            filling: Filling::Nothing,
        };
        encoder.put(head).unwrap();
        encoder.put(Count(1)).unwrap();
        encoder.put(Name::New("deep")).unwrap();
        for _ in 0..2_000_000 {
            encoder.put(Node::List(1)).unwrap();
        }
        encoder.put(Node::Null).unwrap();
    });
    let lax = Limits {
        nesting_max: u32::MAX,
        ..Limits::default()
    };
    for limits in [Limits::default(), lax] {
        let error = cause(&decode_changes(&bytes, &limits).unwrap_err());
        assert!(
            error.starts_with("a value nested more than 1000 deep"),
            "{error}"
        );
    }
}

#[test]
fn each_limit_is_settable_and_named_by_its_error() {
    let (state, changes) = sample();
    let bytes = suspend(&state, Format::Native, &SuspendOptions::default()).unwrap();
    let mut body = Vec::new();
    encode_body(&state, &mut body).unwrap();
    let default = Limits::default();
    let input = Limits {
        input_bytes_max: bytes.len() as u64 - 1,
        ..default.clone()
    };
    let error = cause(&resume_native(&bytes, &input).unwrap_err());
    assert!(error.contains("the limit input_bytes_max is"), "{error}");
    for (limits, name) in [
        (
            Limits {
                text_bytes_max: 10,
                ..default.clone()
            },
            "text_bytes_max",
        ),
        (
            Limits {
                items_max: 5,
                ..default.clone()
            },
            "items_max",
        ),
        (
            Limits {
                nesting_max: 1,
                ..default
            },
            "nested more than 1 deep",
        ),
    ] {
        let error = decode_body(&body, &limits).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
        let packet = encode_changes(&changes).unwrap();
        let error = cause(&decode_changes(&packet, &limits).unwrap_err());
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn what_no_state_can_hold_is_refused() {
    let bad = [
        // The second change refers to a name that was never given.
        payload(|encoder| {
            encoder.put(Count(1)).unwrap();
            encoder
                .put(wire::Change::JobRemoved { job: Name::Seen(0) })
                .unwrap();
        }),
        // The same name is given twice in full.
        payload(|encoder| {
            encoder.put(Count(2)).unwrap();
            encoder
                .put(wire::Change::JobRemoved {
                    job: Name::New("a"),
                })
                .unwrap();
            encoder
                .put(wire::Change::JobRemoved {
                    job: Name::New("a"),
                })
                .unwrap();
        }),
        // A record has a field twice.
        payload(|encoder| {
            encoder.put(Count(1)).unwrap();
            encoder
                .put(wire::Change::ResourcesReplaced {
                    resource: Name::New("a"),
                })
                .unwrap();
            encoder.put(Count(1)).unwrap();
            encoder.put(Count(2)).unwrap();
            encoder
                .put(wire::ResourceField {
                    name: Name::New("k"),
                    value: "1",
                })
                .unwrap();
            encoder
                .put(wire::ResourceField {
                    name: Name::Seen(1),
                    value: "2",
                })
                .unwrap();
        }),
        // A variant that does not exist.
        seal(Kind::Changes, LAYOUT, &[1, 99]),
    ];
    for bytes in bad {
        let error = decode_changes(&bytes, &Limits::default()).unwrap_err();
        assert!(error.is_corrupted(), "{error}");
    }
    let good = payload(|encoder| {
        encoder.put(Count(1)).unwrap();
        encoder
            .put(wire::Change::JobRemoved {
                job: Name::New("a"),
            })
            .unwrap();
    });
    let changes = decode_changes(&good, &Limits::default()).unwrap();
    assert_eq!(changes, [Change::JobRemoved { job: "a".into() }]);
}
