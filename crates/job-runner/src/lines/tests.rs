//! The splitter against its definition.

use std::convert::Infallible;

use proptest::prelude::*;

use super::LineSplitter;

fn split(chunks: &[Vec<u8>], bytes_max: usize) -> Vec<Vec<u8>> {
    let mut splitter = LineSplitter::new(bytes_max);
    let mut pieces = Vec::new();
    let mut give = |piece: &[u8]| -> Result<(), Infallible> {
        pieces.push(piece.to_vec());
        Ok(())
    };
    for chunk in chunks {
        let Ok(()) = splitter.feed(chunk, &mut give);
    }
    let Ok(()) = splitter.finish(&mut give);
    pieces
}

fn model(bytes: &[u8], bytes_max: usize) -> Vec<Vec<u8>> {
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .flat_map(|line| line.chunks(bytes_max))
        .map(<[u8]>::to_vec)
        .collect()
}

#[test]
fn lines_are_cut_at_newlines_and_at_the_bound() {
    for (bytes, bytes_max, expected) in [
        (&b""[..], 4, &[][..]),
        (b"\n", 4, &["\n"]),
        (b"a\nb", 4, &["a\n", "b"]),
        (b"abcd\n", 4, &["abcd", "\n"]),
        (b"abc\n", 4, &["abc\n"]),
        (b"abcdefgh", 4, &["abcd", "efgh"]),
        (b"\n\n", 1, &["\n", "\n"]),
    ] {
        let expected: Vec<_> = expected
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .collect();
        assert_eq!(split(&[bytes.to_vec()], bytes_max), expected);
    }
}

#[test]
fn an_error_of_the_sink_comes_back() {
    let mut splitter = LineSplitter::new(10);
    assert_eq!(splitter.feed(b"a\nb\n", |_| Err("full")), Err("full"));
}

proptest! {
    #[test]
    fn chunks_do_not_matter(
        chunks in prop::collection::vec(
            prop::collection::vec(prop_oneof![2 => Just(b'\n'), 5 => any::<u8>()], 0..20), 0..12),
        bytes_max in 1_usize..9,
    ) {
        prop_assert_eq!(split(&chunks, bytes_max), model(&chunks.concat(), bytes_max));
    }
}
