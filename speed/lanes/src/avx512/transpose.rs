//! Between memory, where a point's words stand side by side, and vectors, where eight points do.

use core::arch::x86_64::*;

use super::field::Fe;
use super::point::Affine;
use crate::limbs::MASK;
use crate::niels::Niels;

/// Eight words as a vector.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn load(words: &[u64; 8]) -> __m512i {
    #[allow(unsafe_code)]
    // SAFETY: reads the 64 bytes that the reference stands for; no alignment is asked for.
    unsafe {
        _mm512_loadu_si512(words.as_ptr().cast())
    }
}

/// A vector as eight words.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn store(vector: __m512i) -> [u64; 8] {
    let mut words = [0; 8];
    #[allow(unsafe_code)]
    // SAFETY: writes the 64 bytes of the array; no alignment is asked for.
    unsafe {
        _mm512_storeu_si512(words.as_mut_ptr().cast(), vector);
    }
    words
}

/// Rows become columns: word j of vector i becomes word i of vector j.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn transposed(r: [__m512i; 8]) -> [__m512i; 8] {
    // Pairs of words, then pairs and fours of 128 bits.
    let even = [
        _mm512_unpacklo_epi64(r[0], r[1]),
        _mm512_unpacklo_epi64(r[2], r[3]),
        _mm512_unpacklo_epi64(r[4], r[5]),
        _mm512_unpacklo_epi64(r[6], r[7]),
    ];
    let odd = [
        _mm512_unpackhi_epi64(r[0], r[1]),
        _mm512_unpackhi_epi64(r[2], r[3]),
        _mm512_unpackhi_epi64(r[4], r[5]),
        _mm512_unpackhi_epi64(r[6], r[7]),
    ];
    let [c0, c2, c4, c6] = quarters(even);
    let [c1, c3, c5, c7] = quarters(odd);
    [c0, c1, c2, c3, c4, c5, c6, c7]
}

/// The same for four vectors of four quarters.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
fn quarters(t: [__m512i; 4]) -> [__m512i; 4] {
    let (low0, high0) = (_mm512_shuffle_i64x2::<0x88>(t[0], t[1]), _mm512_shuffle_i64x2::<0xdd>(t[0], t[1]));
    let (low1, high1) = (_mm512_shuffle_i64x2::<0x88>(t[2], t[3]), _mm512_shuffle_i64x2::<0xdd>(t[2], t[3]));
    [
        _mm512_shuffle_i64x2::<0x88>(low0, low1),
        _mm512_shuffle_i64x2::<0x88>(high0, high1),
        _mm512_shuffle_i64x2::<0xdd>(low0, low1),
        _mm512_shuffle_i64x2::<0xdd>(high0, high1),
    ]
}

/// Five limbs of 51 bits from four words; the highest bit is left out.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn limbs(words: &[__m512i]) -> Fe {
    let mask = _mm512_set1_epi64(MASK as i64);
    let [a, b, c, d] = [words[0], words[1], words[2], words[3]];
    Fe([
        _mm512_and_si512(a, mask),
        _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<51>(a), _mm512_slli_epi64::<13>(b)), mask),
        _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<38>(b), _mm512_slli_epi64::<26>(c)), mask),
        _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<25>(c), _mm512_slli_epi64::<39>(d)), mask),
        _mm512_and_si512(_mm512_srli_epi64::<12>(d), mask),
    ])
}

/// Four words from canonical limbs.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn words(frozen: &Fe) -> [__m512i; 4] {
    let [a, b, c, d, e] = frozen.0;
    [
        _mm512_or_si512(a, _mm512_slli_epi64::<51>(b)),
        _mm512_or_si512(_mm512_srli_epi64::<13>(b), _mm512_slli_epi64::<38>(c)),
        _mm512_or_si512(_mm512_srli_epi64::<26>(c), _mm512_slli_epi64::<25>(d)),
        _mm512_or_si512(_mm512_srli_epi64::<39>(d), _mm512_slli_epi64::<12>(e)),
    ]
}

/// Eight points from where they are.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn gather(points: [&Niels; 8]) -> Affine {
    let zero = _mm512_setzero_si512();
    let (mut low, mut high) = ([zero; 8], [zero; 8]);
    for (lane, point) in points.iter().enumerate() {
        let [first, second] = point.halves();
        low[lane] = load(first);
        high[lane] = load(second);
    }
    let (low, high) = (transposed(low), transposed(high));
    Affine {
        plus: Fe([low[0], low[1], low[2], low[3], low[4]]),
        minus: Fe([low[5], low[6], low[7], high[0], high[1]]),
        t2d: Fe([high[2], high[3], high[4], high[5], high[6]]),
    }
}

/// The same, back.
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn scatter(points: &Affine) -> [Niels; 8] {
    let (p, m, t) = (points.plus.0, points.minus.0, points.t2d.0);
    let low = transposed([p[0], p[1], p[2], p[3], p[4], m[0], m[1], m[2]]);
    let high = transposed([m[3], m[4], t[0], t[1], t[2], t[3], t[4], _mm512_setzero_si512()]);
    let mut out = [Niels::IDENTITY; 8];
    for (lane, point) in out.iter_mut().enumerate() {
        *point = Niels::from_halves(store(low[lane]), store(high[lane]));
    }
    out
}
