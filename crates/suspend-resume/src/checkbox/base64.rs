//! Base64 as Checkbox reads it: lenient about everything but a group that is left open.

/// Decodes; `None` when the text ends within a group.
///
/// Characters that are no digits are skipped. A `=` counts once a group has two digits; when digits and pads
/// together are four, decoding ends, whatever follows.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut digits, mut pads) = (0u32, 0, 0);
    for byte in text.bytes() {
        if byte == b'=' {
            if digits >= 2 {
                pads += 1;
                if digits + pads >= 4 {
                    push_group(&mut bytes, group, digits);
                    return Some(bytes);
                }
            }
            continue;
        }
        let Some(digit) = digit(byte) else { continue };
        pads = 0;
        group = group << 6 | digit;
        digits += 1;
        if digits == 4 {
            push_group(&mut bytes, group, 4);
            (group, digits) = (0, 0);
        }
    }
    (digits == 0).then_some(bytes)
}

/// Appends the bytes that so many digits make whole.
fn push_group(bytes: &mut Vec<u8>, group: u32, digits: u32) {
    let [_, whole @ ..] = (group << (6 * (4 - digits))).to_be_bytes();
    bytes.extend(whole.iter().take(digits as usize - 1));
}

fn digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes, padded.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group
            .iter()
            .fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for digit in 0..4 {
            let known = DIGITS
                .get(bits >> (18 - 6 * digit) & 63)
                .filter(|_| digit <= group.len());
            text.push(known.map_or('=', |digit| char::from(*digit)));
        }
    }
    text
}
