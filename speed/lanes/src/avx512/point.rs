//! Eight points of the curve, one in each lane.
//!
//! Extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, T = XY/Z; formulas for a = −1 by Hisil, Wong, Carter, Dawson: *Twisted
//! Edwards curves revisited* (ASIACRYPT 2008, §3.1, §3.3). They are complete on this curve: no pair of points is an exception, so there
//! is nothing to branch on.

use core::arch::x86_64::*;

use super::field::{Fe, Mask};
use super::transpose;
use crate::limbs;
pub use crate::one::point::{D, SQRT_MINUS_ONE, TWO_D};
use crate::{Encoded, Membership};

/// Eight points.
#[derive(Clone, Copy)]
pub struct Point {
    pub x: Fe,
    pub y: Fe,
    pub z: Fe,
    pub t: Fe,
}

/// A second operand of additions: (Y + X, Y − X, 2Z, 2dT).
#[derive(Clone, Copy)]
pub struct Cached {
    pub plus: Fe,
    pub minus: Fe,
    pub z2: Fe,
    pub t2d: Fe,
}

/// The same with Z = 1: (y + x, y − x, 2dxy).
#[derive(Clone, Copy)]
pub struct Affine {
    pub plus: Fe,
    pub minus: Fe,
    pub t2d: Fe,
}

/// A sum or a double before its four products.
struct Completed {
    e: Fe,
    f: Fe,
    g: Fe,
    h: Fe,
}

impl Completed {
    /// Without T, where a doubling follows: it does not need one.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn without_t(self, t: Fe) -> Point {
        Point { x: self.e.times(self.f), y: self.g.times(self.h), z: self.f.times(self.g), t }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn point(self) -> Point {
        let t = self.e.times(self.h);
        self.without_t(t)
    }
}

impl Point {
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn identity() -> Self {
        let (zero, one) = (Fe::small(0), Fe::small(1));
        Self { x: zero, y: one, z: one, t: zero }
    }

    /// §3.3. With the opposite signs of all four, which is the same point.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn doubling(&self) -> Completed {
        let (a, b, zz) = (self.x.squared(), self.y.squared(), self.z.squared());
        let sum = self.x.plus(self.y).squared();
        let h = a.plus(b);
        let e = sum.minus(h);
        let g = b.minus(a);
        let f = zz.loose_sum(zz).minus(g);
        Completed { e, f, g, h }
    }

    /// P^(2^n) for n ≥ 1: the coordinate T is made once, at the end.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn doubled_times(&self, n: usize) -> Self {
        let mut point = *self;
        for _ in 1..n {
            point = point.doubling().without_t(point.t);
        }
        point.doubling().point()
    }

    /// §3.1
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn plus(&self, other: &Cached) -> Self {
        self.add(other.plus, other.minus, self.z.times(other.z2), other.t2d).point()
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn plus_affine(&self, other: &Affine) -> Self {
        self.add(other.plus, other.minus, self.z.plus(self.z), other.t2d).point()
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn add(&self, plus: Fe, minus: Fe, d: Fe, t2d: Fe) -> Completed {
        let a = self.y.minus(self.x).times(minus);
        let b = self.y.plus(self.x).times(plus);
        let c = self.t.times(t2d);
        Completed { e: b.minus(a), f: d.minus(c), g: d.plus(c), h: b.plus(a) }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn cached(&self) -> Cached {
        let (plus, minus) = (self.y.plus(self.x), self.y.minus(self.x));
        Cached { plus, minus, z2: self.z.plus(self.z), t2d: self.t.times(Fe::splat(&TWO_D)) }
    }

    /// With Z = 1.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn affine(&self, z_inverted: Fe) -> Affine {
        let (x, y) = (self.x.times(z_inverted), self.y.times(z_inverted));
        Affine { plus: y.plus(x), minus: y.minus(x), t2d: x.times(y).times(Fe::splat(&TWO_D)) }
    }

    /// Where the mask is set, `other`.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn or(&self, mask: Mask, other: &Self) -> Self {
        Self { x: self.x.or(mask, other.x), y: self.y.or(mask, other.y), z: self.z.or(mask, other.z), t: self.t.or(mask, other.t) }
    }

    /// Where the point is another one with Z = 1.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn is(&self, other: &Self) -> Mask {
        self.x.minus(other.x.times(self.z)).is_zero() & self.y.minus(other.y.times(self.z)).is_zero()
    }

    /// 0.4: the points of eight encodings, and where there is none. There the point is the identity.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn decode(encoded: &[Encoded; 8]) -> (Self, [Membership; 8]) {
        let one = Fe::small(1);
        let y = Fe::from_lanes(&encoded.map(|bytes| limbs::from_big_endian(&bytes)));
        // x² = u/v with u = y² − 1, v = dy² + 1; the candidate is u·v³·(u·v⁷)^((p − 5)/8) (RFC 8032 §5.1.3).
        let yy = y.squared();
        let (u, v) = (yy.minus(one), yy.times(Fe::splat(&D)).plus(one));
        let v3 = v.squared().times(v);
        let v7 = v3.squared().times(v);
        let root = u.times(v3).times(u.times(v7).root_power());
        let square = v.times(root.squared());
        let is_root = square.minus(u).is_zero();
        let is_other_root = square.plus(u).is_zero();
        let x = root.or(is_other_root, root.times(Fe::splat(&SQRT_MINUS_ONE)));
        let (plain, mut flip, mut bad) = (x.to_lanes(), 0, !(is_root | is_other_root));
        for (lane, bytes) in encoded.iter().enumerate() {
            let sign = bytes[0] >> 7;
            let mut magnitude = *bytes;
            magnitude[0] &= 0x7f;
            let minus_zero = sign == 1 && plain[lane] == [0; 5];
            bad |= Mask::from(magnitude >= limbs::P || minus_zero) << lane;
            flip |= Mask::from(plain[lane][0] as u8 & 1 != sign) << lane;
        }
        let x = x.or(flip, x.negative().reduced());
        let point = Self { x, y, z: one, t: x.times(y) };
        let membership = core::array::from_fn(|lane| if bad >> lane & 1 == 1 { Membership::NoPoint } else { Membership::Element });
        (point.or(bad, &Self::identity()), membership)
    }

    /// The encodings of many points, with one inversion in each lane (Montgomery's trick). Z is never zero for points of the curve.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn encode_all(points: &[Self]) -> Vec<[Encoded; 8]> {
        let inverses = Self::invert_all(points);
        let mut encodings = Vec::with_capacity(points.len());
        for (point, inverse) in points.iter().zip(inverses) {
            let (x, y) = (point.x.times(inverse).frozen(), point.y.times(inverse).frozen());
            let (mut words, signs) = (transpose::words(&y), _mm512_slli_epi64::<63>(x.0[0]));
            words[3] = _mm512_or_si512(words[3], signs);
            let words = words.map(|vector| transpose::store(vector));
            let mut lanes = [[0; 32]; 8];
            for (lane, bytes) in lanes.iter_mut().enumerate() {
                for (chunk, word) in bytes.as_chunks_mut().0.iter_mut().zip(words.iter().rev()) {
                    *chunk = word[lane].to_be_bytes();
                }
            }
            encodings.push(lanes);
        }
        encodings
    }

    /// 1/Z of each.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn invert_all(points: &[Self]) -> Vec<Fe> {
        let mut product = Fe::small(1);
        let mut inverses = Vec::with_capacity(points.len());
        for point in points {
            inverses.push(product);
            product = product.times(point.z);
        }
        let mut inverse = product.inverted();
        for (before, point) in inverses.iter_mut().zip(points).rev() {
            *before = before.times(inverse);
            inverse = inverse.times(point.z);
        }
        inverses
    }
}
