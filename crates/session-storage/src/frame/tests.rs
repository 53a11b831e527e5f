//! The layout, pinned: golden bytes of one head and one frame, and what holds for all of them.

use proptest::prelude::*;

use super::encode::CONTINUES;
use super::head::BadHead;
use super::*;

const NONCE: u128 = 0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100;

fn head() -> JournalHead {
    let chain = |byte| ChainValue::from_bytes([byte; 32]);
    let base = Position {
        generation: 2,
        seq: 40,
        chain: chain(0xB0),
    };
    JournalHead {
        uuid: *b"0123456789abcdef",
        generation: 3,
        segment: 1,
        nonce: NONCE,
        align: Align::Sector,
        snapshot: SnapshotStamp {
            length: 5,
            hash: ContentHash::of(b"hello"),
        },
        base,
        start: base,
        space: 4096,
    }
}

fn fields() -> FrameFields {
    FrameFields {
        kind: FrameKind::Data,
        summary: true,
        summary_at: Some(SummaryAt {
            segment: 1,
            offset: 512,
        }),
        generation: 3,
        seq: 41,
        epoch: 0,
        space: 4096,
        chain: ChainValue::from_bytes([0xC1; 32]),
    }
}

fn hex(bytes: &[u8]) -> String {
    let end = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    bytes[..end]
        .chunks(32)
        .map(|line| {
            let line: String = line.iter().map(|byte| format!("{byte:02x}")).collect();
            line + "\n"
        })
        .collect()
}

#[test]
fn the_bytes_of_a_head_are_pinned() {
    let bytes = head().encode();
    assert_eq!(bytes.len(), SECTOR);
    assert_eq!(hex(&bytes), include_str!("golden/v1/head.hex"));
    assert_eq!(JournalHead::decode(&bytes), Ok(head()));
}

#[test]
fn the_bytes_of_a_frame_are_pinned() {
    let mut buffer = FrameBuffer::default();
    let second: Vec<u8> = (0..=255).cycle().take(600).collect();
    let parts: [&[u8]; 3] = [b"summary", &second, b""];
    let bytes = buffer.encode(&fields(), &parts, Key::new(NONCE), Align::Sector);
    assert_eq!(bytes.len(), 2 * SECTOR);
    assert_eq!(hex(bytes), include_str!("golden/v1/frame.hex"));
}

#[test]
fn the_bytes_of_a_close_frame_are_pinned() {
    let mut buffer = FrameBuffer::default();
    let fields = FrameFields {
        kind: FrameKind::Close,
        summary: false,
        ..fields()
    };
    let bytes = buffer.encode(&fields, &[], Key::new(NONCE), Align::Page);
    assert_eq!(bytes.len(), 4096);
    assert_eq!(hex(bytes), include_str!("golden/v1/close.hex"));
}

#[test]
fn the_chain_is_pinned() {
    let origin = ChainValue::origin(*b"0123456789abcdef");
    let parts: [&[u8]; 3] = [b"a", b"b", b"c"];
    let root = merkle_root(parts);
    let next = next_chain(*b"0123456789abcdef", 1, 1, 0, origin, root);
    assert_eq!(
        format!("{origin}\n{next}\n"),
        include_str!("golden/v1/chain.hex")
    );
}

#[test]
fn golden_bytes_of_version_1_never_change() {
    let files = [
        (
            include_str!("golden/v1/head.hex"),
            "c94e40f07876790ba186dad960d34a2e7408b92cf38006af336835150c059722",
        ),
        (
            include_str!("golden/v1/frame.hex"),
            "7539cf2844b23da8a03ea5cbef0e8f723c7550d926a07efe3806a0d1298111b7",
        ),
        (
            include_str!("golden/v1/close.hex"),
            "3eb090167438ab6c0ff1ff58bb71b2a6c4fff7323ab69917c96c80acf12c72e5",
        ),
        (
            include_str!("golden/v1/chain.hex"),
            "1c839a5985caae9d0c005caefc5db2c41a5c5f4edac2dd9aeed7868f4bdc54b9",
        ),
    ];
    for (text, pinned) in files {
        let hash = blake3::hash(text.as_bytes());
        assert_eq!(hash.to_hex().as_str(), pinned, "{text}");
    }
}

#[test]
fn a_head_of_another_version_is_refused_by_its_number() {
    for version in [0, 2, u32::MAX] {
        let mut bytes = head().encode();
        bytes[8..12].copy_from_slice(&version.to_le_bytes());
        let checksum = ContentHash::of(&bytes[..SECTOR - 16]).0;
        bytes[SECTOR - 16..].copy_from_slice(&checksum.to_le_bytes());
        assert_eq!(JournalHead::decode(&bytes), Err(BadHead::Version(version)));
    }
}

#[test]
fn every_flipped_bit_of_a_head_is_seen() {
    let good = head().encode();
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(JournalHead::decode(&bad).is_err(), "bit {bit}");
    }
    for length in 0..good.len() {
        assert_eq!(JournalHead::decode(&good[..length]), Err(BadHead::Short));
    }
}

#[test]
fn the_chain_commits_to_every_field_and_every_part() {
    let origin = ChainValue::origin([1; 16]);
    let root = |parts: &[&[u8]]| merkle_root(parts.iter().copied());
    let one = |uuid, generation, seq, epoch, before, parts: &[&[u8]]| {
        next_chain(uuid, generation, seq, epoch, before, root(parts))
    };
    let reference = one([1; 16], 1, 1, 0, origin, &[b"a", b"b"]);
    let others = [
        one([2; 16], 1, 1, 0, origin, &[b"a", b"b"]),
        one([1; 16], 2, 1, 0, origin, &[b"a", b"b"]),
        one([1; 16], 1, 2, 0, origin, &[b"a", b"b"]),
        one([1; 16], 1, 1, 1, origin, &[b"a", b"b"]),
        one([1; 16], 1, 1, 0, reference, &[b"a", b"b"]),
        one([1; 16], 1, 1, 0, origin, &[b"b", b"a"]),
        one([1; 16], 1, 1, 0, origin, &[b"ab"]),
        one([1; 16], 1, 1, 0, origin, &[b"a", b"b", b""]),
        one([1; 16], 1, 1, 0, origin, &[]),
    ];
    for (index, other) in others.iter().enumerate() {
        assert_ne!(*other, reference, "variant {index}");
    }
}

/// Short parts are hashed in one piece, longer ones in several; nothing is to be seen of it.
#[test]
fn a_part_of_any_length_has_the_hash_of_its_bytes() {
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(2100).collect();
    for length in (0..64).chain(500..520).chain([1023, 1024, 1025, 2100]) {
        let part = &bytes[..length];
        let leaf = blake3::hash(&[&[0], part].concat());
        assert_eq!(merkle_root([part]), *leaf.as_bytes(), "{length} bytes");
    }
}

fn decode<'a>(bytes: &'a [u8], key: Key) -> Option<FrameView<'a>> {
    let header = FrameHeader::decode(bytes, key)?;
    FrameView::check(bytes, header, key)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_frame_gives_its_parts_back_and_no_sector_of_it_is_zero(
        parts in prop::collection::vec(prop::collection::vec(0u8..3, 0..1500), 0..6),
        page in any::<bool>(),
    ) {
        let align = if page { Align::Page } else { Align::Sector };
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let key = Key::new(NONCE);
        let mut buffer = FrameBuffer::default();
        let expected = FrameBuffer::padded_length(&parts, align, u64::MAX).expect("it fits");
        let bytes = buffer.encode(&fields(), &parts, key, align).to_vec();
        prop_assert_eq!(bytes.len() as u64, expected);
        let frame = decode(&bytes, key).expect("a whole frame is valid");
        prop_assert_eq!(frame.parts().expect("the table adds up"), parts);
        let stored = usize::try_from(frame.header().length).expect("small");
        for (index, sector) in bytes[..stored].chunks(SECTOR).enumerate() {
            prop_assert!(sector.iter().any(|byte| *byte != 0), "sector {}", index);
            prop_assert!(index == 0 || sector[0] == CONTINUES);
        }
    }

    #[test]
    fn any_changed_byte_of_a_frame_is_seen(
        payload in prop::collection::vec(any::<u8>(), 0..1200),
        place in any::<prop::sample::Index>(),
        change in 1u8..=255,
    ) {
        let key = Key::new(NONCE);
        let mut buffer = FrameBuffer::default();
        let bytes = buffer.encode(&fields(), &[&payload], key, Align::Sector).to_vec();
        let stored = usize::try_from(decode(&bytes, key).expect("valid").header().length).expect("small");
        let mut bad = bytes;
        bad[place.index(stored)] ^= change;
        prop_assert!(decode(&bad, key).is_none());
    }

    #[test]
    fn a_frame_of_another_journal_is_not_valid_here(nonce in any::<u128>()) {
        let mut buffer = FrameBuffer::default();
        let bytes = buffer.encode(&fields(), &[b"payload"], Key::new(NONCE), Align::Sector);
        prop_assert_eq!(decode(bytes, Key::new(nonce)).is_some(), nonce == NONCE);
    }
}
