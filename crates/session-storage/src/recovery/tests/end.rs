//! Every way a journal can end (invariants J4, J5, J7).

use proptest::prelude::*;

use super::kit::{Laid, walk_bytes};
use crate::frame::Align;
use crate::recovery::Tail;

const NONCE: u128 = 11;
const SPACE: usize = 16 * 1024;

fn journal(align: Align) -> Laid {
    Laid::new(align, NONCE, SPACE)
}

/// Payload lengths of last frames: one sector, exactly one, two, three sectors and a bit.
const LAST: [usize; 4] = [10, 388, 500, 1500];

#[test]
fn zeros_to_the_end_are_clean() {
    assert_eq!(journal(Align::Sector).tail(), Tail::Clean);
    let laid = journal(Align::Sector).frame(10).frame(2000);
    assert_eq!(laid.tail(), Tail::Clean);
    assert_eq!(laid.walk().1, vec![1, 2]);
    assert_eq!(
        journal(Align::Page).frame(10).frame(5000).tail(),
        Tail::Clean
    );
}

#[test]
fn a_clean_close_is_closed_with_and_without_zeros_after_it() {
    let mut laid = journal(Align::Sector).frame(10).close();
    assert_eq!(laid.tail(), Tail::Closed);
    laid.bytes.truncate(laid.next_offset());
    assert_eq!(laid.tail(), Tail::Closed);
}

#[test]
fn every_truncation_of_an_open_journal_is_a_cut() {
    let laid = journal(Align::Sector).frame(10).frame(700);
    let ends: Vec<usize> = laid.frames.iter().map(|(at, stored)| at + stored).collect();
    for length in 512..SPACE {
        let (walk, seen) = walk_bytes(&laid.head, &laid.bytes[..length]);
        let whole = ends.iter().filter(|end| **end <= length).count() as u64;
        assert_eq!(walk.tail, Tail::Cut { seq: whole + 1 }, "{length} bytes");
        assert_eq!(seen.len() as u64, whole, "{length} bytes");
    }
}

#[test]
fn every_truncation_of_a_closed_journal_is_a_cut() {
    let mut laid = journal(Align::Sector).frame(10).frame(700).close();
    laid.bytes.truncate(laid.next_offset());
    let (close, stored) = laid.frames[2];
    for length in 512..close + stored {
        let (walk, _) = walk_bytes(&laid.head, &laid.bytes[..length]);
        assert!(
            matches!(walk.tail, Tail::Cut { .. }),
            "{length}: {}",
            walk.tail
        );
    }
    // Behind the close frame's last byte nothing but padding is missing.
    for length in close + stored..laid.bytes.len() {
        assert_eq!(
            walk_bytes(&laid.head, &laid.bytes[..length]).0.tail,
            Tail::Closed
        );
    }
}

#[test]
fn every_flipped_bit_of_the_last_frame_is_damage_and_never_torn() {
    let cases = [
        (Align::Sector, LAST.as_slice()),
        (Align::Page, [10, 500].as_slice()),
    ];
    for (align, lengths) in cases {
        for &length in lengths {
            let mut laid = Laid::new(align, NONCE, 4 * align.bytes() as usize + 2048);
            laid = laid.frame(10).frame(length);
            let (at, stored) = laid.frames[1];
            for bit in 0..stored * 8 {
                let mut bad = laid.bytes.clone();
                bad[at + bit / 8] ^= 1 << (bit % 8);
                let (walk, seen) = walk_bytes(&laid.head, &bad);
                assert_eq!(
                    walk.tail,
                    Tail::DamagedLast { seq: 2 },
                    "{length}, bit {bit}"
                );
                assert_eq!(seen, vec![1]);
            }
        }
    }
}

#[test]
fn a_last_frame_with_any_sector_missing_is_torn() {
    for align in [Align::Sector, Align::Page] {
        for length in LAST {
            let laid = journal(align).frame(10).frame(length);
            let (at, stored) = laid.frames[1];
            let sectors = stored.div_ceil(512);
            for missing in 1u32..1 << sectors {
                let mut bad = laid.bytes.clone();
                for sector in (0..sectors).filter(|sector| missing >> sector & 1 == 1) {
                    bad[at + sector * 512..at + (sector + 1) * 512].fill(0);
                }
                let (walk, seen) = walk_bytes(&laid.head, &bad);
                let expected = if missing == (1 << sectors) - 1 {
                    Tail::Clean
                } else {
                    Tail::Torn { seq: 2 }
                };
                // A first sector that is there and a single one cannot both be missing something.
                assert_eq!(walk.tail, expected, "{length}, missing {missing:b}");
                assert_eq!(seen, vec![1]);
            }
        }
    }
}

#[test]
fn a_torn_frame_whose_other_sectors_are_damaged_too_is_still_torn() {
    let laid = journal(Align::Sector).frame(10).frame(1500);
    let (at, _) = laid.frames[1];
    let mut bad = laid.bytes.clone();
    bad[at + 512..at + 1024].fill(0);
    bad[at + 30] ^= 1;
    assert_eq!(
        walk_bytes(&laid.head, &bad).0.tail,
        Tail::Torn { seq: 2 },
        "a sector inside never arrived, so the frame was not acknowledged"
    );
}

#[test]
fn every_flipped_bit_of_an_inner_frame_is_damage_inside() {
    let laid = journal(Align::Sector)
        .frame(10)
        .frame(600)
        .frame(20)
        .frame(30);
    let (at, stored) = laid.frames[1];
    for bit in 0..stored * 8 {
        let mut bad = laid.bytes.clone();
        bad[at + bit / 8] ^= 1 << (bit % 8);
        let (walk, seen) = walk_bytes(&laid.head, &bad);
        let inside = Tail::DamageInside {
            seq: 2,
            last_valid: Some(4),
        };
        assert_eq!(walk.tail, inside, "bit {bit}");
        assert_eq!(seen, vec![1]);
    }
}

#[test]
fn an_inner_frame_with_any_sector_zero_is_damage_inside() {
    let laid = journal(Align::Sector).frame(10).frame(1500).frame(20);
    let (at, stored) = laid.frames[1];
    let sectors = stored.div_ceil(512);
    for missing in 1u32..1 << sectors {
        let mut bad = laid.bytes.clone();
        for sector in (0..sectors).filter(|sector| missing >> sector & 1 == 1) {
            bad[at + sector * 512..at + (sector + 1) * 512].fill(0);
        }
        let inside = Tail::DamageInside {
            seq: 2,
            last_valid: Some(3),
        };
        assert_eq!(walk_bytes(&laid.head, &bad).0.tail, inside, "{missing:b}");
    }
}

#[test]
fn frames_of_another_nonce_are_not_frames() {
    let stale = Laid::new(Align::Sector, NONCE + 1, SPACE)
        .frame(10)
        .frame(600)
        .frame(20);
    let laid = journal(Align::Sector).frame(10);
    let (at, stored) = stale.frames[1];
    let mut bad = laid.bytes.clone();
    bad[at..at + stored].copy_from_slice(&stale.bytes[at..at + stored]);
    assert_eq!(
        walk_bytes(&laid.head, &bad).0.tail,
        Tail::DamagedLast { seq: 2 }
    );
    let (next, stored) = stale.frames[2];
    bad[next..next + stored].copy_from_slice(&stale.bytes[next..next + stored]);
    assert_eq!(
        walk_bytes(&laid.head, &bad).0.tail,
        Tail::DamagedLast { seq: 2 },
        "nothing valid stands there, and no sector is missing"
    );
    let mut bad = stale.bytes.clone();
    bad[..512].copy_from_slice(&laid.head.encode());
    assert!(
        walk_bytes(&laid.head, &bad).1.is_empty(),
        "no stale frame is taken"
    );
}

#[test]
fn a_frame_out_of_order_is_damage_inside() {
    let laid = journal(Align::Sector).frame(10).frame(20).frame(30);
    let mut bad = laid.bytes.clone();
    let (second, third) = (laid.frames[1].0, laid.frames[2].0);
    bad.copy_within(third..third + 512, second);
    let (walk, seen) = walk_bytes(&laid.head, &bad);
    let inside = Tail::DamageInside {
        seq: 2,
        last_valid: Some(3),
    };
    assert_eq!((walk.tail, seen), (inside, vec![1]));
}

#[test]
fn anything_after_a_close_is_damage() {
    let closed = journal(Align::Sector).frame(10).close();
    let next = closed.next_offset();
    for place in [next, next + 511, SPACE - 1] {
        let mut bad = closed.bytes.clone();
        bad[place] = 1;
        assert_eq!(
            walk_bytes(&closed.head, &bad).0.tail,
            Tail::AfterClose { seq: 2 }
        );
    }
    assert_eq!(closed.frame(20).tail(), Tail::AfterClose { seq: 2 });
}

#[test]
fn something_beyond_a_torn_frame_is_damage_inside() {
    let laid = journal(Align::Sector).frame(10).frame(1500);
    let (at, _) = laid.frames[1];
    let mut bad = laid.bytes.clone();
    bad[at + 512..at + 1024].fill(0);
    bad[SPACE - 700] = 1;
    let inside = Tail::DamageInside {
        seq: 2,
        last_valid: None,
    };
    assert_eq!(walk_bytes(&laid.head, &bad).0.tail, inside);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_to_the_bytes_only_a_prefix_of_the_frames_is_taken(
        lengths in prop::collection::vec(0usize..1800, 0..6),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 1usize..700), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let laid = lengths.iter().fold(journal(Align::Sector), |laid, length| laid.frame(*length));
        let mut bad = laid.bytes.clone();
        for (place, value, count) in changes {
            let at = place.index(bad.len());
            let end = (at + count).min(bad.len());
            bad[at..end].fill(value);
        }
        if let Some(cut) = cut {
            bad.truncate(cut.index(bad.len()));
        }
        let (walk, seen) = walk_bytes(&laid.head, &bad);
        prop_assert_eq!(&seen, &(1..=seen.len() as u64).collect::<Vec<_>>());
        prop_assert_eq!(walk.last.seq, seen.len() as u64);
        if walk.tail == Tail::Clean && bad.len() == laid.bytes.len() {
            let at = usize::try_from(walk.offset).expect("small");
            prop_assert!(bad[at..].iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn arbitrary_bytes_are_walked_without_a_frame(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        let laid = journal(Align::Sector);
        let (walk, seen) = walk_bytes(&laid.head, &bytes);
        prop_assert!(seen.is_empty());
        prop_assert_eq!(walk.last.seq, 0);
    }
}
