//! Byte strings, taken apart and put together without a way to panic.

/// The fixed-length field at an offset; `None` when the bytes end before it does.
pub(crate) fn array_at<const N: usize>(bytes: &[u8], offset: usize) -> Option<[u8; N]> {
    bytes.get(offset..)?.first_chunk::<N>().copied()
}

/// The 32-bit number at an offset.
pub(crate) fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    array_at(bytes, offset).map(u32::from_le_bytes)
}

/// The 64-bit number at an offset.
pub(crate) fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    array_at(bytes, offset).map(u64::from_le_bytes)
}

/// The 128-bit number at an offset.
pub(crate) fn u128_at(bytes: &[u8], offset: usize) -> Option<u128> {
    array_at(bytes, offset).map(u128::from_le_bytes)
}

/// So many bytes are hashed at once, which for a frame of one sector is twice as fast as piece by piece; the
/// hash is the same.
pub(super) const AT_ONCE: usize = 512;

/// The pieces one behind the other; `None` when they do not fit.
pub(super) fn joined<'a>(place: &'a mut [u8; AT_ONCE], pieces: &[&[u8]]) -> Option<&'a [u8]> {
    let mut end = 0;
    for piece in pieces {
        let next = end + piece.len();
        place.get_mut(end..next)?.copy_from_slice(piece);
        end = next;
    }
    place.get(..end)
}
