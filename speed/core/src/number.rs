//! Numbers modulo q: decimal digits in, decimal digits out, and the hash H (spec 0.a, 0.b).

use curve25519_dalek::scalar::Scalar;
use sha2::{Digest, Sha256};

use crate::refusal::Refusal;

/// The digits of q, hence the most that a number modulo q can have.
pub const MAX_DIGITS: usize = 76;

/// Digits that always fit into a machine word.
const CHUNK: usize = 19;
const TEN_TO_CHUNK: u64 = 10_u64.pow(19);

/// A number modulo q that was read: less than q, in words, the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub(crate) [u64; 4]);

/// The order q of the group, in words.
const Q: [u64; 4] = [0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 0x1000_0000_0000_0000];

impl Number {
    /// The number as exponent.
    #[must_use]
    pub fn scalar(&self) -> Scalar {
        let mut bytes = [0; 32];
        for (place, word) in bytes.as_chunks_mut().0.iter_mut().zip(self.0) {
            *place = word.to_le_bytes();
        }
        Scalar::from_bytes_mod_order(bytes)
    }
}

/// Every byte of a word.
const fn every(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// How many digits these bytes begin with.
#[must_use]
pub fn count_digits(bytes: &[u8]) -> usize {
    // A byte is a digit if its high half is 3, and still 3 with 6 added. A carry out of a byte that is none is behind the first such byte.
    let all = |eight: &&[u8; 8]| {
        let word = u64::from_le_bytes(**eight);
        word & every(0xf0) == every(0x30) && word.wrapping_add(every(6)) & every(0xf0) == every(0x30)
    };
    let whole = 8 * bytes.as_chunks::<8>().0.iter().take_while(all).count();
    whole + bytes[whole..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// 0.3: the number that these decimal digits write. The caller has seen that all are digits.
///
/// Refused: no digit, more than 76, a leading zero, q or more.
pub fn read_decimal(digits: &[u8]) -> Result<Number, Refusal> {
    let leading_zero = digits.len() > 1 && digits[0] == b'0';
    if digits.is_empty() || digits.len() > MAX_DIGITS || leading_zero {
        return Err(Refusal::Text);
    }
    // 10⁷⁶ < 2²⁵³, so that nothing is carried out of the four words.
    let mut words = [0_u64; 4];
    for eights in digits.chunks(16) {
        let (mut value, mut factor) = (0, 1);
        let (whole, rest) = eights.as_chunks();
        for eight in whole {
            value = value * 100_000_000 + eight_digits(*eight);
            factor *= 100_000_000;
        }
        for digit in rest {
            value = value * 10 + u64::from(digit - b'0');
            factor *= 10;
        }
        multiply_add(&mut words, factor, value);
    }
    if words.iter().rev().lt(Q.iter().rev()) { Ok(Number(words)) } else { Err(Refusal::ScalarNotReduced) }
}

/// Pairs of digits, then fours, then all eight: each step multiplies the one that stands first and adds its neighbour.
const fn eight_digits(eight: [u8; 8]) -> u64 {
    let ones = u64::from_le_bytes(eight) & every(0x0f);
    let pairs = (ones * 10 + (ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    (fours * 10_000 + (fours >> 32)) & 0xffff_ffff
}

/// The same as exponent.
///
/// # Errors
/// As [`read_decimal`].
pub fn from_decimal(digits: &[u8]) -> Result<Scalar, Refusal> {
    read_decimal(digits).map(|number| number.scalar())
}

/// words ← words·factor + value.
fn multiply_add(words: &mut [u64; 4], factor: u64, value: u64) {
    let mut carry = u128::from(value);
    for word in words {
        carry += u128::from(*word) * u128::from(factor);
        *word = carry as u64;
        carry >>= 64;
    }
}

/// Append the canonical decimal digits.
pub fn push_decimal(text: &mut Vec<u8>, number: &Scalar) {
    let mut words = [0_u64; 4];
    for (word, bytes) in words.iter_mut().zip(number.as_bytes().chunks_exact(8)) {
        *word = bytes.iter().rev().fold(0, |w, b| w << 8 | u64::from(*b));
    }
    let mut digits = [b'0'; MAX_DIGITS];
    for chunk in digits.rchunks_exact_mut(CHUNK) {
        let mut rest = divide(&mut words);
        for digit in chunk.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    }
    let zeros = digits.iter().take_while(|d| **d == b'0').count();
    text.extend_from_slice(&digits[zeros.min(MAX_DIGITS - 1)..]);
}

/// words ← words / 10¹⁹; returns the remainder.
fn divide(words: &mut [u64; 4]) -> u64 {
    let mut rest = 0_u128;
    for word in words.iter_mut().rev() {
        let value = rest << 64 | u128::from(*word);
        *word = (value / u128::from(TEN_TO_CHUNK)) as u64;
        rest = value % u128::from(TEN_TO_CHUNK);
    }
    rest as u64
}

/// H of 0.b: the digest as a big-endian number, modulo q.
#[must_use]
pub fn finish(hash: Sha256) -> Scalar {
    let mut bytes: [u8; 32] = hash.finalize().into();
    bytes.reverse();
    Scalar::from_bytes_mod_order(bytes)
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The length of [`base64`] of a SHA-256 value.
pub const BASE64_LENGTH: usize = 43;

/// `b64` of 0.b: standard alphabet, no padding.
#[must_use]
pub fn base64(digest: &[u8; 32]) -> [u8; BASE64_LENGTH] {
    let mut text = [0; BASE64_LENGTH];
    for (quad, triple) in text.chunks_mut(4).zip(digest.chunks(3)) {
        let bits = (0..3).fold(0_u32, |b, i| b << 8 | u32::from(*triple.get(i).unwrap_or(&0)));
        for (i, character) in quad.iter_mut().enumerate() {
            *character = BASE64[(bits >> (18 - 6 * i) & 63) as usize];
        }
    }
    text
}

/// Whether the text could be what [`base64`] writes.
#[must_use]
pub fn is_base64(text: &[u8]) -> bool {
    text.len() == BASE64_LENGTH && text.iter().all(|c| BASE64.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = "7237005577332262213973186563042994240857116359379907606001950938285454250989";
    const Q_MINUS_1: &str = "7237005577332262213973186563042994240857116359379907606001950938285454250988";

    fn written(number: &Scalar) -> String {
        let mut text = Vec::new();
        push_decimal(&mut text, number);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn decimal_there_and_back() {
        let chunk_edges = ["9999999999999999999", "10000000000000000000"];
        for text in ["0", "1", "9", "10", "18446744073709551616", Q_MINUS_1].iter().chain(&chunk_edges) {
            assert_eq!(written(&from_decimal(text.as_bytes()).unwrap()), *text);
        }
        assert_eq!(from_decimal(Q_MINUS_1.as_bytes()).unwrap(), -Scalar::ONE);
        let mut power = Scalar::ONE;
        for _ in 0..600 {
            power *= Scalar::from(3_u8);
            assert_eq!(from_decimal(written(&power).as_bytes()), Ok(power));
        }
    }

    #[test]
    fn digits_are_counted() {
        for length in 0..30 {
            for other in [0, b'/', b':', b'"', b'9' + 0x80, 0xff, b'a', 0x2f] {
                let mut text = vec![b'7'; length];
                assert_eq!(count_digits(&text), length);
                text.push(other);
                text.extend(b"0123456789999999999");
                assert_eq!(count_digits(&text), length, "{other}");
            }
        }
    }

    #[test]
    fn decimal_refused() {
        let nines = "9".repeat(76);
        let long = "1".repeat(77);
        for (text, refusal) in [
            ("", Refusal::Text),
            ("00", Refusal::Text),
            ("01", Refusal::Text),
            (&long, Refusal::Text),
            (ORDER, Refusal::ScalarNotReduced),
            (&nines, Refusal::ScalarNotReduced),
        ] {
            assert_eq!(from_decimal(text.as_bytes()), Err(refusal), "{text}");
        }
    }

    #[test]
    fn hash_is_reduced_from_256_bits() {
        // SHA-256("abc"), and the same modulo q as any calculator has it.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let digest: [u8; 32] = Sha256::digest(b"abc").into();
        assert_eq!(&crate::group::to_hex(&digest)[..], expected.as_bytes());
        assert_eq!(&base64(&digest), b"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0");
        assert_eq!(
            written(&finish(Sha256::new_with_prefix(b"abc"))),
            "4735307136435916012818782734669327010676603741837530711441525508576820329086"
        );
    }
}
