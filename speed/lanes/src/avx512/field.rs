//! Eight elements of the field of p = 2²⁵⁵ − 19, one in each lane.
//!
//! Five limbs of 51 bits, in vectors of eight 64-bit lanes. The multiplier (`vpmadd52luq`, `vpmadd52huq`) takes the low **52** bits of each
//! factor, **silently**, and adds the low or the high 52 bits of the product. Hence these bounds, asserted in debug builds:
//!
//! * *reduced*: every limb is below 2⁵¹ + 2¹⁵. All results but those of the next two are reduced.
//! * *factor*: every limb is below 2⁵². What [`Fe::negative`] returns; a reduced element is one too. Both factors must be factors.
//!
//! A sum of two reduced elements may pass 2⁵² by a little, so sums and differences are carried once.

use core::arch::x86_64::*;

use super::transpose;
use crate::limbs::{Limbs, MASK};

/// Eight field elements.
#[derive(Clone, Copy)]
pub struct Fe(pub [__m512i; 5]);

/// A mask with one bit for each lane.
pub type Mask = u8;

/// 2p, limb by limb: at least as large as any reduced limb.
const TWO_P: Limbs = [2 * (MASK - 18), 2 * MASK, 2 * MASK, 2 * MASK, 2 * MASK];

impl Fe {
    /// The same element in all lanes.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn splat(limbs: &Limbs) -> Self {
        let mut out = [_mm512_setzero_si512(); 5];
        for (vector, limb) in out.iter_mut().zip(limbs) {
            *vector = _mm512_set1_epi64(*limb as i64);
        }
        Self(out)
    }

    /// 0 or 1 in all lanes, or another small number.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn small(number: u64) -> Self {
        Self::splat(&[number, 0, 0, 0, 0])
    }

    /// One element for each lane; limbs below 2⁵¹.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn from_lanes(lanes: &[Limbs; 8]) -> Self {
        let mut out = [_mm512_setzero_si512(); 5];
        for (i, vector) in out.iter_mut().enumerate() {
            *vector = transpose::load(&lanes.map(|limbs| limbs[i]));
        }
        Self(out)
    }

    /// The element of each lane, canonical.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn to_lanes(self) -> [Limbs; 8] {
        let mut lanes = [[0; 5]; 8];
        for (i, vector) in self.frozen().0.into_iter().enumerate() {
            for (limbs, limb) in lanes.iter_mut().zip(transpose::store(vector)) {
                limbs[i] = limb;
            }
        }
        lanes
    }

    /// The one representation below p, of limbs below 2⁶³: `limbs::canonical`, eight times.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn frozen(self) -> Self {
        let Self([mut a, mut b, mut c, mut d, mut e]) = self.carried_in_turn().carried_in_turn();
        let (mask, nineteen) = (_mm512_set1_epi64(MASK as i64), _mm512_set1_epi64(19));
        // Now x < 2²⁵⁵ + 19·2, so that x + 19 passes 2²⁵⁵ at most once; it does so exactly if x ≥ p.
        let mut quotient = _mm512_srli_epi64::<51>(_mm512_add_epi64(a, nineteen));
        for limb in [b, c, d, e] {
            quotient = _mm512_srli_epi64::<51>(_mm512_add_epi64(limb, quotient));
        }
        a = _mm512_madd52lo_epu64(a, quotient, nineteen);
        b = _mm512_add_epi64(b, _mm512_srli_epi64::<51>(a));
        c = _mm512_add_epi64(c, _mm512_srli_epi64::<51>(b));
        d = _mm512_add_epi64(d, _mm512_srli_epi64::<51>(c));
        e = _mm512_add_epi64(e, _mm512_srli_epi64::<51>(d));
        Self([a, b, c, d, e].map(|limb| _mm512_and_si512(limb, mask)))
    }

    /// Once around, limb by limb: the carry out of the top comes in again at the bottom, times 19.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn carried_in_turn(self) -> Self {
        let mask = _mm512_set1_epi64(MASK as i64);
        let mut out = self.0;
        for i in 0..4 {
            out[i + 1] = _mm512_add_epi64(out[i + 1], _mm512_srli_epi64::<51>(out[i]));
            out[i] = _mm512_and_si512(out[i], mask);
        }
        out[0] = _mm512_madd52lo_epu64(out[0], _mm512_srli_epi64::<51>(out[4]), _mm512_set1_epi64(19));
        out[4] = _mm512_and_si512(out[4], mask);
        Self(out)
    }

    /// Where the element is zero.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn is_zero(self) -> Mask {
        let [a, b, c, d, e] = self.frozen().0;
        let any = _mm512_or_si512(_mm512_or_si512(_mm512_or_si512(a, b), _mm512_or_si512(c, d)), e);
        _mm512_cmpeq_epi64_mask(any, _mm512_setzero_si512())
    }

    /// Where limbs below 2⁵¹ are those of a number below p.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn is_canonical(self) -> Mask {
        let frozen = self.frozen();
        let mut same = 0xff;
        for (limb, other) in self.0.iter().zip(frozen.0) {
            same &= _mm512_cmpeq_epi64_mask(*limb, other);
        }
        same
    }

    /// Carry once, all limbs at the same time. Limbs must be below 2⁶¹: then carries are below 2¹⁰, and since 19·2¹⁰ < 2¹⁵ the result is
    /// reduced.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn carried(z: [__m512i; 5]) -> Self {
        let mask = _mm512_set1_epi64(MASK as i64);
        let mut carries = z;
        let mut out = z;
        for i in 0..5 {
            carries[i] = _mm512_srli_epi64::<51>(z[i]);
            out[i] = _mm512_and_si512(z[i], mask);
        }
        for i in 1..5 {
            out[i] = _mm512_add_epi64(out[i], carries[i - 1]);
        }
        out[0] = _mm512_madd52lo_epu64(out[0], carries[4], _mm512_set1_epi64(19));
        let result = Self(out);
        #[cfg(debug_assertions)]
        result.assert_below((1 << 51) + (1 << 15));
        result
    }

    /// Reduced, from limbs that may be as large as 2⁶¹.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn reduced(self) -> Self {
        Self::carried(self.0)
    }

    #[cfg(debug_assertions)]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn assert_below(self, bound: i64) {
        for vector in self.0 {
            assert_eq!(_mm512_cmpge_epu64_mask(vector, _mm512_set1_epi64(bound)), 0, "a limb is out of bounds");
        }
    }

    /// a + b, not carried: below 2⁵⁴ for any two or three of what this file makes.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn loose_sum(self, other: Self) -> Self {
        let mut out = self.0;
        for (limb, addend) in out.iter_mut().zip(other.0) {
            *limb = _mm512_add_epi64(*limb, addend);
        }
        Self(out)
    }

    /// a + b
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn plus(self, other: Self) -> Self {
        self.loose_sum(other).reduced()
    }

    /// 2p − a for a reduced a: a factor.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn negative(self) -> Self {
        #[cfg(debug_assertions)]
        self.assert_below((1 << 51) + (1 << 15));
        let mut out = self.0;
        for (limb, two_p) in out.iter_mut().zip(TWO_P) {
            *limb = _mm512_sub_epi64(_mm512_set1_epi64(two_p as i64), *limb);
        }
        Self(out)
    }

    /// a − b for a reduced b
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn minus(self, other: Self) -> Self {
        self.loose_sum(other.negative()).reduced()
    }

    /// Where the mask is set, `other`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn or(self, mask: Mask, other: Self) -> Self {
        let mut out = self.0;
        for (limb, instead) in out.iter_mut().zip(other.0) {
            *limb = _mm512_mask_mov_epi64(*limb, mask, instead);
        }
        Self(out)
    }

    /// a·b
    ///
    /// Column k has the low halves of the products a_i·b_j with i + j = k, and twice the high halves of those with i + j = k − 1
    /// (twice, since they count 2⁵² and a limb counts 2⁵¹): at most 14·2⁵². Columns from 5 on come in again, times 19: at most
    /// 280·2⁵² < 2⁶¹ in all.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn times(self, other: Self) -> Self {
        #[cfg(debug_assertions)]
        {
            self.assert_below(1 << 52);
            other.assert_below(1 << 52);
        }
        let (a, b) = (&self.0, &other.0);
        let zero = _mm512_setzero_si512();
        let (mut low, mut high) = ([zero; 9], [zero; 9]);
        for i in 0..5 {
            for j in 0..5 {
                low[i + j] = _mm512_madd52lo_epu64(low[i + j], a[i], b[j]);
                high[i + j] = _mm512_madd52hi_epu64(high[i + j], a[i], b[j]);
            }
        }
        Self::from_columns(&low, &high)
    }

    /// a², which has each product of two different limbs twice.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn squared(self) -> Self {
        #[cfg(debug_assertions)]
        self.assert_below(1 << 52);
        let a = &self.0;
        let zero = _mm512_setzero_si512();
        let (mut low, mut high) = ([zero; 9], [zero; 9]);
        for i in 0..5 {
            for j in i + 1..5 {
                low[i + j] = _mm512_madd52lo_epu64(low[i + j], a[i], a[j]);
                high[i + j] = _mm512_madd52hi_epu64(high[i + j], a[i], a[j]);
            }
        }
        for k in 1..8 {
            low[k] = _mm512_add_epi64(low[k], low[k]);
            high[k] = _mm512_add_epi64(high[k], high[k]);
        }
        for i in 0..5 {
            low[2 * i] = _mm512_madd52lo_epu64(low[2 * i], a[i], a[i]);
            high[2 * i] = _mm512_madd52hi_epu64(high[2 * i], a[i], a[i]);
        }
        Self::from_columns(&low, &high)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn from_columns(low: &[__m512i; 9], high: &[__m512i; 9]) -> Self {
        let zero = _mm512_setzero_si512();
        let mut columns = [zero; 10];
        columns[0] = low[0];
        for k in 1..9 {
            columns[k] = _mm512_add_epi64(low[k], _mm512_add_epi64(high[k - 1], high[k - 1]));
        }
        columns[9] = _mm512_add_epi64(high[8], high[8]);
        let mut z = [zero; 5];
        for k in 0..5 {
            // 19·c = 16·c + 2·c + c
            let c = columns[k + 5];
            let small = _mm512_add_epi64(_mm512_add_epi64(c, c), c);
            let large = _mm512_add_epi64(columns[k], _mm512_slli_epi64::<4>(c));
            z[k] = _mm512_add_epi64(large, small);
        }
        Self::carried(z)
    }

    /// a^(2^n)
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn squared_times(mut self, n: usize) -> Self {
        for _ in 0..n {
            self = self.squared();
        }
        self
    }

    /// a^(2²⁵⁰ − 1) and a¹¹, from which both powers below are made.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn ladder(self) -> (Self, Self) {
        let a2 = self.squared();
        let a9 = a2.squared_times(2).times(self);
        let a11 = a9.times(a2);
        let ones5 = a11.squared().times(a9);
        let ones10 = ones5.squared_times(5).times(ones5);
        let ones20 = ones10.squared_times(10).times(ones10);
        let ones40 = ones20.squared_times(20).times(ones20);
        let ones50 = ones40.squared_times(10).times(ones10);
        let ones100 = ones50.squared_times(50).times(ones50);
        let ones200 = ones100.squared_times(100).times(ones100);
        (ones200.squared_times(50).times(ones50), a11)
    }

    /// a^(p − 2): the inverse, and zero of zero.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn inverted(self) -> Self {
        let (ones250, a11) = self.ladder();
        ones250.squared_times(5).times(a11)
    }

    /// a^((p − 5)/8) = a^(2²⁵² − 3)
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn root_power(self) -> Self {
        self.ladder().0.squared_times(2).times(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lanes, limbs};

    /// a·b modulo p by the book, in numbers that cannot overflow.
    fn product(a: &Limbs, b: &Limbs) -> Limbs {
        let mut columns = [0_u128; 10];
        for i in 0..5 {
            for j in 0..5 {
                columns[i + j] += u128::from(a[i]) * u128::from(b[j]);
            }
        }
        for k in 0..9 {
            columns[k + 1] += columns[k] >> 51;
            columns[k] &= u128::from(MASK);
        }
        limbs::canonical(core::array::from_fn(|k| (columns[k] + 19 * columns[k + 5]) as u64))
    }

    /// What the bounds of this file allow at most, and what lies around.
    const EDGES: [u64; 8] = [0, 1, MASK - 18, MASK, MASK + 1, (1 << 51) + (1 << 15) - 1, (1 << 52) - 2, (1 << 52) - 1];

    /// Limbs of all edges in turn, from the number `n`, and how many of the edges are used.
    fn limbs(mut n: usize, edges: usize) -> Limbs {
        core::array::from_fn(|_| {
            let limb = EDGES[n % edges];
            n /= edges;
            limb
        })
    }

    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn largest_factors() {
        for n in (0..8_usize.pow(5)).step_by(5) {
            let a: [Limbs; 8] = core::array::from_fn(|lane| limbs(n + lane, 8));
            let b: [Limbs; 8] = core::array::from_fn(|lane| limbs(8_usize.pow(5) - 1 - n + 31 * lane, 8));
            let (x, y) = (Fe::from_lanes(&a), Fe::from_lanes(&b));
            assert_eq!(x.times(y).to_lanes(), core::array::from_fn(|lane| product(&a[lane], &b[lane])));
            assert_eq!(x.squared().to_lanes(), core::array::from_fn(|lane| product(&a[lane], &a[lane])));
        }
    }

    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn largest_reduced() {
        let one = [1, 0, 0, 0, 0];
        for n in 0..6_usize.pow(5) {
            let (a, b) = (limbs(n, 6), limbs(6_usize.pow(5) - 1 - n, 6));
            let (x, y) = (Fe::splat(&a), Fe::splat(&b));
            let sum = limbs::canonical(core::array::from_fn(|i| a[i] + b[i]));
            assert_eq!(x.plus(y).to_lanes(), [sum; 8]);
            assert_eq!(x.minus(y).plus(y).to_lanes(), [product(&a, &one); 8]);
            assert_eq!(x.plus(x.negative()).is_zero(), 0xff);
            // A difference is a factor, even of the largest and the smallest.
            assert_eq!(x.negative().times(y).plus(x.times(y)).is_zero(), 0xff);
        }
    }

    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn inverses_and_masks() {
        let a: [Limbs; 8] = core::array::from_fn(|lane| limbs(lane * 77, 4));
        let x = Fe::from_lanes(&a);
        let one = x.times(x.inverted());
        assert_eq!(one.minus(Fe::small(1)).is_zero(), !x.is_zero());
        assert_eq!(x.is_zero() & 1, 1, "the first lane is zero");
        assert_eq!(Fe::small(3).or(0b1010_0001, Fe::small(0)).is_zero(), 0b1010_0001);
    }

    #[test]
    fn arithmetic_at_its_bounds() {
        if Lanes::detect().is_none() {
            return;
        }
        #[allow(unsafe_code)]
        // SAFETY: the processor was asked one line ago.
        unsafe {
            largest_factors();
            largest_reduced();
            inverses_and_masks();
        }
    }
}
