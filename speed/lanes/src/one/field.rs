//! The field of p = 2²⁵⁵ − 19: five limbs of 51 bits in 64-bit words.
//!
//! Bounds, asserted in debug builds (the words are not checked for overflow otherwise, so these are what makes the arithmetic right):
//!
//! * *reduced*: every limb is below 2⁵¹ + 2¹³. What products and squares return.
//! * *factor*: every limb is below 2⁵⁴. Both factors of a product must be factors.
//!
//! A sum of two reduced elements is below 2⁵² + 2¹⁴. A difference a − b for a reduced b is a + 2p − b: 2p is at least 2⁵² − 38 in every limb,
//! which no reduced limb passes, and the result is below 2⁵² larger than a. So a sum or difference of sums and reduced elements is a factor.

use crate::limbs::{self, Limbs, MASK};

/// A field element.
#[derive(Clone, Copy, Debug)]
pub struct Fe(pub Limbs);

/// 2p, limb by limb.
const TWO_P: Limbs = [2 * (MASK - 18), 2 * MASK, 2 * MASK, 2 * MASK, 2 * MASK];

impl Fe {
    pub const ZERO: Self = Self([0; 5]);
    pub const ONE: Self = Self([1, 0, 0, 0, 0]);

    fn assert_below(&self, bound: u64) {
        debug_assert!(self.0.iter().all(|limb| *limb < bound), "a limb is out of bounds");
    }

    /// a + b, not carried.
    #[inline(always)]
    pub fn plus(&self, other: &Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i] + other.0[i]))
    }

    /// a + 2p − b for a reduced b, not carried.
    #[inline(always)]
    pub fn minus(&self, other: &Self) -> Self {
        other.assert_below((1 << 51) + (1 << 15)); // of `avx512`, too
        Self(core::array::from_fn(|i| self.0[i] + TWO_P[i] - other.0[i]))
    }

    /// −a for a reduced a, reduced again.
    pub fn negative(&self) -> Self {
        Self::ZERO.minus(self).reduced()
    }

    /// Reduced, from limbs below 2⁶³: carries are below 2¹², and 19·2¹² + 2⁵¹ carries at most one more.
    #[inline(always)]
    pub fn reduced(&self) -> Self {
        let a = &self.0;
        let carry = |i: usize| a[i] >> 51;
        Self([
            (a[0] & MASK) + 19 * carry(4),
            (a[1] & MASK) + carry(0),
            (a[2] & MASK) + carry(1),
            (a[3] & MASK) + carry(2),
            (a[4] & MASK) + carry(3),
        ])
        .once_more()
    }

    /// Carries out of the first limb, which may have any 64 bits, into the second.
    #[inline(always)]
    fn once_more(mut self) -> Self {
        self.0[1] += self.0[0] >> 51;
        self.0[0] &= MASK;
        self.assert_below((1 << 51) + (1 << 13));
        self
    }

    /// a·b. A column has five products below 2¹⁰⁸, at most four of them times 19: it is below 77·2¹⁰⁸ < 2¹¹⁵.
    #[inline(always)]
    pub fn times(&self, other: &Self) -> Self {
        self.assert_below(1 << 54);
        other.assert_below(1 << 54);
        let (a, b) = (&self.0, &other.0);
        let m = |x: u64, y: u64| u128::from(x) * u128::from(y);
        let (b1, b2, b3, b4) = (19 * b[1], 19 * b[2], 19 * b[3], 19 * b[4]);
        Self::carried([
            m(a[0], b[0]) + m(a[1], b4) + m(a[2], b3) + m(a[3], b2) + m(a[4], b1),
            m(a[0], b[1]) + m(a[1], b[0]) + m(a[2], b4) + m(a[3], b3) + m(a[4], b2),
            m(a[0], b[2]) + m(a[1], b[1]) + m(a[2], b[0]) + m(a[3], b4) + m(a[4], b3),
            m(a[0], b[3]) + m(a[1], b[2]) + m(a[2], b[1]) + m(a[3], b[0]) + m(a[4], b4),
            m(a[0], b[4]) + m(a[1], b[3]) + m(a[2], b[2]) + m(a[3], b[1]) + m(a[4], b[0]),
        ])
    }

    /// a²
    #[inline(always)]
    pub fn squared(&self) -> Self {
        self.assert_below(1 << 54);
        let a = &self.0;
        let m = |x: u64, y: u64| u128::from(x) * u128::from(y);
        let (a3, a4) = (19 * a[3], 19 * a[4]);
        Self::carried([
            m(a[0], a[0]) + 2 * (m(a[1], a4) + m(a[2], a3)),
            m(a[3], a3) + 2 * (m(a[0], a[1]) + m(a[2], a4)),
            m(a[1], a[1]) + 2 * (m(a[0], a[2]) + m(a[4], a3)),
            m(a[4], a4) + 2 * (m(a[0], a[3]) + m(a[1], a[2])),
            m(a[2], a[2]) + 2 * (m(a[0], a[4]) + m(a[1], a[3])),
        ])
    }

    /// From columns below 77·2¹⁰⁸ < 2¹¹⁴·³, the last one (which has no factor 19) below 5·2¹⁰⁸ < 2¹¹⁰·⁴. So the carries are below 2⁶³·⁴,
    /// the last one is below 2⁵⁹·⁴, and 19 times that and a limb is below 2⁶³·⁸: everything fits into 64 bits, and the second limb
    /// gets less than 2¹³.
    #[inline(always)]
    fn carried(mut c: [u128; 5]) -> Self {
        let mut out = [0; 5];
        for i in 0..4 {
            c[i + 1] += u128::from((c[i] >> 51) as u64);
            out[i] = c[i] as u64 & MASK;
        }
        out[4] = c[4] as u64 & MASK;
        out[0] += 19 * (c[4] >> 51) as u64;
        Self(out).once_more()
    }

    /// The one representation below p.
    pub fn canonical(&self) -> Limbs {
        limbs::canonical(self.0)
    }

    /// Whether the element is zero.
    pub fn is_zero(&self) -> bool {
        self.canonical() == [0; 5]
    }

    fn squared_times(mut self, n: usize) -> Self {
        for _ in 0..n {
            self = self.squared();
        }
        self
    }

    /// a^(2²⁵⁰ − 1) and a¹¹
    fn ladder(&self) -> (Self, Self) {
        let a2 = self.squared();
        let a9 = a2.squared_times(2).times(self);
        let a11 = a9.times(&a2);
        let ones5 = a11.squared().times(&a9);
        let ones10 = ones5.squared_times(5).times(&ones5);
        let ones20 = ones10.squared_times(10).times(&ones10);
        let ones40 = ones20.squared_times(20).times(&ones20);
        let ones50 = ones40.squared_times(10).times(&ones10);
        let ones100 = ones50.squared_times(50).times(&ones50);
        let ones200 = ones100.squared_times(100).times(&ones100);
        (ones200.squared_times(50).times(&ones50), a11)
    }

    /// a^(p − 2): the inverse, and zero of zero.
    pub fn inverted(&self) -> Self {
        let (ones250, a11) = self.ladder();
        ones250.squared_times(5).times(&a11)
    }

    /// a^((p − 5)/8)
    pub fn root_power(&self) -> Self {
        self.ladder().0.squared_times(2).times(self)
    }
}
