//! The envelope against any bytes: members, padding, cuts, flipped bits, and inflation out of proportion.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use crate::Limits;
use crate::checkbox::envelope::inflate;
use crate::checkbox::peek_checkbox;

const SESSION: &str =
    r#"{"session":{"metadata":{"flags":["a"],"running_job_name":null,"title":"t"}},"version":1}"#;

/// A gzip member of some bytes.
fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).expect("memory takes it");
    packer.finish().expect("memory takes it")
}

fn text(bytes: &[u8]) -> Result<Vec<u8>, String> {
    inflate(bytes, &Limits::default()).map_err(|error| error.to_string())
}

#[test]
fn members_are_joined_and_zeros_between_them_ignored() {
    let (one, two) = (pack(b"one "), pack(b"two"));
    assert_eq!(text(&[&one[..], &two].concat()), Ok(b"one two".to_vec()));
    assert_eq!(
        text(&[&one[..], &[0; 9], &two, &[0; 3]].concat()),
        Ok(b"one two".to_vec())
    );
    assert_eq!(text(&[&one[..], &pack(b"")].concat()), Ok(b"one ".to_vec()));
    assert_eq!(text(b""), Ok(Vec::new()));
    for junk in [&b"x"[..], b"\0x", b"\x1f", b"\x1f\x8b", b"\x1f\x8b\x08\0"] {
        let error = text(&[&one[..], junk].concat()).unwrap_err();
        assert!(
            error.starts_with("Cannot decompress session data"),
            "{error}"
        );
    }
}

#[test]
fn the_parts_of_a_header_are_skipped_and_reserved_flags_ignored() {
    let plain = pack(b"text");
    let with = |flags: u8, parts: &[u8]| {
        let mut member = plain.clone();
        member[3] = flags;
        member.splice(10..10, parts.iter().copied());
        text(&member)
    };
    assert_eq!(with(0xe0, b""), Ok(b"text".to_vec()));
    assert_eq!(with(1, b""), Ok(b"text".to_vec()));
    assert_eq!(
        with(0x1e, b"\x03\0abcname\0comment\0\xff\xff"),
        Ok(b"text".to_vec())
    );
    assert!(with(8, b"").is_err());
}

#[test]
fn every_cut_and_every_flipped_bit_is_an_error_or_means_nothing() {
    let bytes = pack(SESSION.as_bytes());
    let whole = peek_checkbox(&bytes, &Limits::default()).unwrap();
    for length in 0..bytes.len() {
        let error = peek_checkbox(&bytes[..length], &Limits::default()).unwrap_err();
        assert!(error.is_corrupted(), "{length} bytes: {error}");
    }
    let mut damaged = bytes.clone();
    for bit in 0..bytes.len() * 8 {
        damaged[bit / 8] ^= 1 << (bit % 8);
        match peek_checkbox(&damaged, &Limits::default()) {
            Ok(peek) => assert_eq!(peek, whole, "bit {bit}"),
            Err(error) => assert!(error.is_corrupted(), "bit {bit}: {error}"),
        }
        damaged[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn inflation_stops_at_the_limits() {
    let bomb = pack(&vec![b' '; 1 << 20]);
    assert!(bomb.len() < 64 << 10);
    assert_eq!(text(&bomb).map(|text| text.len()), Ok(1 << 20));
    let size = Limits {
        inflated_bytes_max: (1 << 20) - 1,
        ..Limits::default()
    };
    let ratio = Limits {
        inflation_ratio_max: 20,
        ..Limits::default()
    };
    for limits in [size, ratio] {
        let error = inflate(&bomb, &limits).unwrap_err().to_string();
        assert!(error.starts_with("inflates to more than"), "{error}");
        let twice = [&bomb[..], &bomb].concat();
        assert!(inflate(&twice, &limits).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_bytes_and_texts_never_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        json in r#"[\[\]{}:,"\\a-fu0-9.eE+ -]{0,80}"#,
    ) {
        let member = [&[0x1f, 0x8b, 8, 0][..], &bytes].concat();
        for session in [&bytes[..], &member, &pack(&bytes), &pack(json.as_bytes())] {
            prop_assert!(peek_checkbox(session, &Limits::default()).is_err());
        }
    }
}
