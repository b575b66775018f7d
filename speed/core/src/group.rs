//! Points and their encodings (spec 0.a).
//!
//! [`Encoded`] holds the 32 bytes of the protocol's 64 digits: the number y + 2²⁵⁵·(x mod 2), **big-endian**. RFC 8032 and the curve
//! library write the same number little-endian: the two orders meet in this file and nowhere else.

use std::sync::LazyLock;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::CompressedEdwardsY;
pub use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity, IsIdentity};
use sanduq_speed_lanes::{Fixed, Lanes};

/// Eight points at once where the processor can, with the powers of g.
pub(crate) static LANES: LazyLock<Option<(Lanes, Fixed)>> = LazyLock::new(|| {
    let lanes = Lanes::detect()?;
    Some((lanes, lanes.fixed(&encode(&G))?))
});

/// The 32 bytes that a point's 64 digits spell, most significant first.
pub type Encoded = [u8; 32];

/// The base point g.
pub const G: EdwardsPoint = ED25519_BASEPOINT_POINT;

/// How the identity is written: y = 1, x = 0.
pub const IDENTITY: Encoded = {
    let mut bytes = [0; 32];
    bytes[31] = 1;
    bytes
};

/// p − 1, the other y whose x is zero.
const MINUS_ONE: Encoded = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0x7f;
    bytes[31] = 0xec;
    bytes
};

/// 0.4: the point that these bytes spell, if they are the canonical spelling of one.
///
/// **Unchecked**: the point may have a component of small order; see [`vartime_in_group`].
#[must_use]
pub fn unchecked_decode(encoded: &Encoded) -> Option<EdwardsPoint> {
    let mut little = *encoded;
    little.reverse();
    is_canonical(encoded).then(|| CompressedEdwardsY(little).decompress()).flatten()
}

/// Whether y < p, and the sign bit is clear where x must be zero. The curve library's decoder is lenient on both.
fn is_canonical(encoded: &Encoded) -> bool {
    let sign = encoded[0] & 0x80 != 0;
    let mut y = *encoded;
    y[0] &= 0x7f;
    let x_is_zero = y == IDENTITY || y == MINUS_ONE;
    y <= MINUS_ONE && !(sign && x_is_zero)
}

/// 0.4 and 0.5: the element of the group that these bytes spell. The identity is one.
#[must_use]
pub fn decode(encoded: &Encoded) -> Option<EdwardsPoint> {
    unchecked_decode(encoded).filter(vartime_in_group)
}

/// 0.5: whether P^q = 1.
///
/// Computed as P^(q−1) = P⁻¹: the exponent q would reduce to zero, while q − 1 is a scalar, and the multiplication takes it as the integer
/// that it is, so that a component of small order is not lost. Exact, no sampling; variable time, since points are public.
#[must_use]
pub fn vartime_in_group(point: &EdwardsPoint) -> bool {
    let minus_one = -Scalar::ONE;
    let power = EdwardsPoint::vartime_double_scalar_mul_basepoint(&minus_one, point, &Scalar::ZERO);
    (power + point).is_identity()
}

/// P^((3q + 1)/8): of an element of the group its power to 1/8, since 8·(3q + 1)/8 = 1 modulo q.
///
/// The exponent is below q, and the multiplication takes it as the integer that it is. Of a point outside the group the eighth power of
/// the result has no part of small order, so that it is another point.
#[must_use]
pub fn vartime_eighth(point: &EdwardsPoint) -> EdwardsPoint {
    EdwardsPoint::vartime_double_scalar_mul_basepoint(&EIGHTH, point, &Scalar::ZERO)
}

/// (3q + 1)/8, which is 1/8 modulo q.
pub(crate) static EIGHTH: LazyLock<Scalar> = LazyLock::new(|| Scalar::from(8_u8).invert());

/// The bytes of one point.
#[must_use]
pub fn encode(point: &EdwardsPoint) -> Encoded {
    let mut bytes = point.compress().to_bytes();
    bytes.reverse();
    bytes
}

/// The bytes of many points, with one inversion in the field for all of them.
#[must_use]
pub fn encode_all(points: &[EdwardsPoint]) -> Vec<Encoded> {
    let big_endian = |compressed: CompressedEdwardsY| {
        let mut bytes = compressed.to_bytes();
        bytes.reverse();
        bytes
    };
    EdwardsPoint::compress_batch_alloc(points).into_iter().map(big_endian).collect()
}

/// The neutral element.
#[must_use]
pub fn identity() -> EdwardsPoint {
    EdwardsPoint::identity()
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Two digits for each byte.
const PAIRS: [[u8; 2]; 256] = {
    let (mut pairs, mut byte) = ([[0; 2]; 256], 0);
    while byte < 256 {
        pairs[byte] = [DIGITS[byte >> 4], DIGITS[byte & 15]];
        byte += 1;
    }
    pairs
};

/// What a digit counts, and 16 for what is no lowercase digit.
const VALUES: [u8; 256] = {
    let (mut values, mut value) = ([16; 256], 0);
    while value < 16 {
        values[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// The 64 digits of the protocol.
#[must_use]
pub fn to_hex(encoded: &Encoded) -> [u8; 64] {
    let mut text = [0; 64];
    for (pair, byte) in text.as_chunks_mut().0.iter_mut().zip(encoded) {
        *pair = PAIRS[usize::from(*byte)];
    }
    text
}

/// The bytes of 64 **lowercase** digits; anything else is `None`.
#[must_use]
pub fn from_hex(text: &[u8; 64]) -> Option<Encoded> {
    let (mut encoded, mut all) = ([0; 32], 0);
    for (byte, [high, low]) in encoded.iter_mut().zip(text.as_chunks().0) {
        let (high, low) = (VALUES[usize::from(*high)], VALUES[usize::from(*low)]);
        all |= high | low;
        *byte = high << 4 | low;
    }
    (all < 16).then_some(encoded)
}
