//! What stands behind the checksums: any body gives an error or a state whose one encoding it is.

use proptest::prelude::*;

use super::generator::{operations, run};
use crate::Limits;
use crate::native::head::LAYOUT;
use crate::native::packet::{Kind, seal};
use crate::native::snapshot::{decode_body, encode_body};
use crate::native::{decode_changes, encode_changes};
use crate::tests::sample::sample;

/// The body of changes in its packet.
const PACKET_HEAD: usize = 11;

/// A body either gives a state that is written again as just this body, or an error.
fn check_body(body: &[u8]) {
    if let Ok(state) = decode_body(body, &Limits::default()) {
        let mut again = Vec::new();
        encode_body(&state, &mut again).unwrap();
        assert_eq!(again, body);
    }
}

/// The same for changes.
fn check_changes(body: &[u8]) {
    let packet = seal(Kind::Changes, LAYOUT, body);
    if let Ok(changes) = decode_changes(&packet, &Limits::default()) {
        assert_eq!(encode_changes(&changes).unwrap(), packet);
    }
}

fn body_of_sample() -> Vec<u8> {
    let mut body = Vec::new();
    encode_body(&sample().0, &mut body).unwrap();
    body
}

#[test]
fn every_flipped_bit_and_every_cut_of_a_body_is_an_error_or_another_canonical_body() {
    let body = body_of_sample();
    let changes = encode_changes(&sample().1).unwrap();
    for (bytes, check) in [
        (&body[..], check_body as fn(&[u8])),
        (&changes[PACKET_HEAD..], check_changes),
    ] {
        let mut damaged = bytes.to_vec();
        for bit in 0..bytes.len() * 8 {
            damaged[bit / 8] ^= 1 << (bit % 8);
            check(&damaged);
            damaged[bit / 8] ^= 1 << (bit % 8);
        }
        for length in 0..bytes.len() {
            check(&bytes[..length]);
        }
    }
}

#[test]
fn a_number_in_more_bytes_than_it_needs_is_refused() {
    // Two zeros: no changes. 251 says that the number follows in two bytes.
    assert_eq!(
        decode_changes(&seal(Kind::Changes, LAYOUT, &[0]), &Limits::default()).unwrap(),
        []
    );
    for long in [
        &[251, 0, 0][..],
        &[252, 0, 0, 0, 0],
        &[253, 0, 0, 0, 0, 0, 0, 0, 0],
    ] {
        let error =
            decode_changes(&seal(Kind::Changes, LAYOUT, long), &Limits::default()).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(
            cause,
            "not encoded in the one way the layout has (at byte 0)"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_bodies_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        check_body(&body);
        check_changes(&body);
    }

    #[test]
    fn bodies_with_some_bytes_replaced_never_panic(
        operations in operations(),
        replaced in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let (state, changes) = run(&operations);
        let mut body = Vec::new();
        encode_body(&state, &mut body).unwrap();
        let mut packet = encode_changes(&changes).unwrap();
        for (index, byte) in replaced {
            *index.get_mut(&mut body) = byte;
            *index.get_mut(&mut packet[PACKET_HEAD..]) = byte;
        }
        check_body(&body);
        check_changes(&packet[PACKET_HEAD..]);
    }
}
