//! Base64 as Checkbox reads it: lenient about everything but a group that is left open.

/// Decodes; `None` when the text ends within a group.
///
/// Characters that are no digits are skipped. A `=` counts once a group has two digits; when digits and pads
/// together are four, decoding ends, whatever follows.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let (groups, _) = text.as_bytes().as_chunks::<4>();
    let pads = text.bytes().rev().take_while(|byte| *byte == b'=').take(2);
    let mut bytes = Vec::with_capacity((groups.len() * 3).saturating_sub(pads.count()));
    let mut whole = 0;
    for decoded in groups.iter().map_while(|group| whole_group(*group)) {
        bytes.extend_from_slice(&decoded);
        whole += 1;
    }
    // From the first group on that is not four digits, one goes by one.
    let rest = text.as_bytes().get(whole * 4..).unwrap_or_default();
    let (mut group, mut digits, mut pads) = (0u32, 0, 0);
    for byte in rest.iter().copied() {
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

/// The bytes of four digits.
fn whole_group([a, b, c, d]: [u8; 4]) -> Option<[u8; 3]> {
    let [first, second, third, fourth] = &VALUES;
    let value = |values: &[u32; 256], byte: u8| values[usize::from(byte)];
    let bits = value(first, a) | value(second, b) | value(third, c) | value(fourth, d);
    let [other, bytes @ ..] = bits.to_be_bytes();
    (other == 0).then_some(bytes)
}

/// The value of a digit; `None` for another character.
fn digit(byte: u8) -> Option<u32> {
    let [.., values] = &VALUES;
    let value = values[usize::from(byte)];
    (value & NO_DIGIT == 0).then_some(value)
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Set in the value of what is no digit: above the 24 bits of a group.
const NO_DIGIT: u32 = 1 << 31;

/// The value of each byte as a digit, for each place in a group, where it stands there.
static VALUES: [[u32; 256]; 4] = {
    let mut values = [[NO_DIGIT; 256]; 4];
    let mut digit = 0;
    while digit < DIGITS.len() {
        let mut place = 0;
        while place < 4 {
            values[place][DIGITS[digit] as usize] = (digit as u32) << (18 - 6 * place);
            place += 1;
        }
        digit += 1;
    }
    values
};

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
