//! Field elements as five limbs of 51 bits, one at a time: what is done too seldom to be done eightfold.

/// x = Σ limb[i]·2^(51·i), modulo p = 2²⁵⁵ − 19.
pub type Limbs = [u64; 5];

/// The largest limb of a canonical element, and the mask of one.
pub const MASK: u64 = (1 << 51) - 1;

/// The low 255 bits of 32 big-endian bytes.
pub fn from_big_endian(bytes: &[u8; 32]) -> Limbs {
    let mut words = [0_u64; 4];
    for (word, chunk) in words.iter_mut().rev().zip(bytes.as_chunks().0) {
        *word = u64::from_be_bytes(*chunk);
    }
    let [a, b, c, d] = words;
    [a & MASK, (a >> 51 | b << 13) & MASK, (b >> 38 | c << 26) & MASK, (c >> 25 | d << 39) & MASK, d >> 12 & MASK]
}

/// 32 big-endian bytes of a canonical element; the top bit is clear.
pub fn to_big_endian(limbs: &Limbs) -> [u8; 32] {
    let [a, b, c, d, e] = *limbs;
    let words = [a | b << 51, b >> 13 | c << 38, c >> 26 | d << 25, d >> 39 | e << 12];
    let mut bytes = [0; 32];
    for (chunk, word) in bytes.as_chunks_mut().0.iter_mut().zip(words.iter().rev()) {
        *chunk = word.to_be_bytes();
    }
    bytes
}

/// The one element below p that is the same modulo p. Limbs may have up to 63 bits.
pub fn canonical(mut limbs: Limbs) -> Limbs {
    carry(&mut limbs);
    carry(&mut limbs);
    // Now x < 2²⁵⁵ + 19·2, so that x + 19 passes 2²⁵⁵ at most once; it does so exactly if x ≥ p.
    let mut quotient = (limbs[0] + 19) >> 51;
    for limb in &limbs[1..] {
        quotient = (limb + quotient) >> 51;
    }
    limbs[0] += 19 * quotient;
    for i in 0..4 {
        limbs[i + 1] += limbs[i] >> 51;
        limbs[i] &= MASK;
    }
    limbs[4] &= MASK;
    limbs
}

/// Once around: the carry out of the top comes in again at the bottom, times 19.
fn carry(limbs: &mut Limbs) {
    for i in 0..4 {
        limbs[i + 1] += limbs[i] >> 51;
        limbs[i] &= MASK;
    }
    limbs[0] += 19 * (limbs[4] >> 51);
    limbs[4] &= MASK;
}

/// 2²⁵⁵ − 19, whose bytes nothing canonical reaches.
pub const P: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0x7f;
    bytes[31] = 0xed;
    bytes
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_there_and_back() {
        let bytes = core::array::from_fn(|i| (i as u8).wrapping_mul(37).wrapping_add(11) & 0x7f);
        assert_eq!(to_big_endian(&from_big_endian(&bytes)), bytes);
    }

    #[test]
    fn around_p() {
        let p = [MASK - 18, MASK, MASK, MASK, MASK];
        assert_eq!(to_big_endian(&p), P);
        assert_eq!(canonical(p), [0; 5]);
        assert_eq!(canonical([MASK - 19, MASK, MASK, MASK, MASK]), [MASK - 19, MASK, MASK, MASK, MASK]);
        assert_eq!(canonical([MASK, MASK, MASK, MASK, MASK]), [18, 0, 0, 0, 0]);
        assert_eq!(canonical(p.map(|limb| 2 * limb)), [0; 5]);
        assert_eq!(canonical([0, 0, 0, 0, 1 << 52]), [38, 0, 0, 0, 0]);
        assert_eq!(canonical([u64::MAX >> 1; 5]), canonical([u64::MAX >> 1; 5].map(|limb| limb)));
    }
}
