//! Points of the curve, one at a time: the formulas of `avx512/point.rs`, where they are explained. Complete: no pair is an exception.

use super::field::Fe;
use crate::limbs::{self, Limbs};
use crate::niels::Niels;
use crate::{Affine, Encoded};

pub const D: Limbs = [0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff];
pub const TWO_D: Limbs = [0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff];
pub const SQRT_MINUS_ONE: Limbs = [0x61b274a0ea0b0, 0xd5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d];

/// Extended coordinates, all reduced.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    pub x: Fe,
    pub y: Fe,
    pub z: Fe,
    pub t: Fe,
}

/// A second operand: (Y + X, Y − X, 2Z, 2dT).
#[derive(Clone, Copy)]
pub struct Cached {
    plus: Fe,
    minus: Fe,
    z2: Fe,
    t2d: Fe,
}

impl Point {
    pub const IDENTITY: Self = Self { x: Fe::ZERO, y: Fe::ONE, z: Fe::ONE, t: Fe::ZERO };

    /// From affine coordinates that were reduced; `None` where they are not on the curve: −x² + y² = 1 + d·x²y².
    pub fn from_affine(x: Fe, y: Fe) -> Option<Self> {
        let (xx, yy, t) = (x.squared(), y.squared(), x.times(&y));
        let right = Fe::ONE.plus(&Fe(D).times(&xx.times(&yy)));
        yy.minus(&xx).minus(&right.reduced()).is_zero().then_some(Self { x, y, z: Fe::ONE, t })
    }

    #[inline(always)]
    fn finish(e: &Fe, f: &Fe, g: &Fe, h: &Fe) -> Self {
        Self { x: e.times(f), y: g.times(h), z: f.times(g), t: e.times(h) }
    }

    #[inline(always)]
    pub fn doubled(&self) -> Self {
        let (a, b, zz) = (self.x.squared(), self.y.squared(), self.z.squared());
        let sum = self.x.plus(&self.y).squared();
        let h = a.plus(&b);
        // h is below 2⁵² + 2¹⁴ and not reduced, so that its two parts are taken away one by one; below 2⁵⁴ all the same.
        let e = sum.minus(&a).minus(&b);
        let g = b.minus(&a);
        let f = zz.plus(&zz).plus(&a).minus(&b);
        Self::finish(&e, &f, &g, &h)
    }

    /// P^(2^n)
    pub fn doubled_times(&self, n: usize) -> Self {
        (0..n).fold(*self, |point, _| point.doubled())
    }

    pub fn cached(&self) -> Cached {
        let z2 = self.z.plus(&self.z);
        Cached { plus: self.y.plus(&self.x), minus: self.y.minus(&self.x), z2, t2d: self.t.times(&Fe(TWO_D)) }
    }

    pub fn plus(&self, other: &Self) -> Self {
        let other = other.cached();
        self.add(&other.plus, &other.minus, &self.z.times(&other.z2), &other.t2d)
    }

    /// A·B, or A/B.
    #[inline(always)]
    pub fn plus_niels(&self, other: &Niels, negative: bool) -> Self {
        let (plus, minus, t2d) = (other.plus(), other.minus(), other.t2d());
        let z2 = self.z.plus(&self.z);
        if negative { self.add(&minus, &plus, &z2, &t2d.negative()) } else { self.add(&plus, &minus, &z2, &t2d) }
    }

    #[inline(always)]
    fn add(&self, plus: &Fe, minus: &Fe, d: &Fe, t2d: &Fe) -> Self {
        let a = self.y.minus(&self.x).times(minus);
        let b = self.y.plus(&self.x).times(plus);
        let c = self.t.times(t2d);
        Self::finish(&b.minus(&a), &d.minus(&c), &d.plus(&c), &b.plus(&a))
    }

    pub fn is_identity(&self) -> bool {
        self.x.is_zero() && self.y.minus(&self.z).is_zero()
    }

    /// For a point with Z = 1.
    pub fn niels(&self) -> Niels {
        let t2d = self.t.times(&Fe(TWO_D));
        Niels::new(&self.y.plus(&self.x).reduced(), &self.y.minus(&self.x).reduced(), &t2d)
    }

    /// x and y of each, with one inversion for all. Z is never zero for points of the curve.
    pub fn affine_all(points: &[Self]) -> Vec<(Limbs, Limbs)> {
        let mut product = Fe::ONE;
        let mut inverses = Vec::with_capacity(points.len());
        for point in points {
            inverses.push(product);
            product = product.times(&point.z);
        }
        let mut inverse = product.inverted();
        let mut affine = vec![([0; 5], [0; 5]); points.len()];
        for ((place, before), point) in affine.iter_mut().zip(inverses).zip(points).rev() {
            let own = before.times(&inverse);
            *place = (point.x.times(&own).canonical(), point.y.times(&own).canonical());
            inverse = inverse.times(&point.z);
        }
        affine
    }

    /// The encodings of many points.
    pub fn encode_all(points: &[Self]) -> Vec<Encoded> {
        let encode = |(x, y): (Limbs, Limbs)| {
            let mut bytes = limbs::to_big_endian(&y);
            bytes[0] |= ((x[0] & 1) as u8) << 7;
            bytes
        };
        Self::affine_all(points).into_iter().map(encode).collect()
    }

    /// 0.4: the point of a canonical encoding (RFC 8032 §5.1.3), as in `avx512/point.rs`.
    pub fn decode(encoded: &Encoded) -> Option<Self> {
        let sign = encoded[0] >> 7;
        let mut magnitude = *encoded;
        magnitude[0] &= 0x7f;
        if magnitude >= limbs::P {
            return None;
        }
        let y = Fe(limbs::from_big_endian(encoded));
        let yy = y.squared();
        let (u, v) = (yy.minus(&Fe::ONE).reduced(), yy.times(&Fe(D)).plus(&Fe::ONE).reduced());
        let v3 = v.squared().times(&v);
        let v7 = v3.squared().times(&v);
        let mut x = u.times(&v3).times(&u.times(&v7).root_power());
        let square = v.times(&x.squared());
        if !square.minus(&u).is_zero() {
            if !square.plus(&u).is_zero() {
                return None;
            }
            x = x.times(&Fe(SQRT_MINUS_ONE));
        }
        let plain = x.canonical();
        if plain == [0; 5] && sign == 1 {
            return None;
        }
        if plain[0] as u8 & 1 != sign {
            x = x.negative();
        }
        Some(Self { x, y, z: Fe::ONE, t: x.times(&y) })
    }
}

/// A point's coordinates as a hint writes them.
pub fn write_affine((x, y): &(Limbs, Limbs)) -> Affine {
    let mut bytes = [0; 64];
    for (half, coordinate) in bytes.as_chunks_mut::<32>().0.iter_mut().zip([x, y]) {
        *half = limbs::to_big_endian(coordinate);
        half.reverse();
    }
    bytes
}

/// The point that a hint writes: canonical coordinates of a point of the curve.
pub fn read_affine(bytes: &Affine) -> Option<Point> {
    let half = |start: usize| core::array::from_fn(|i| bytes[start + 31 - i]);
    let halves: [Encoded; 2] = [half(0), half(32)];
    if halves.iter().any(|half| *half >= limbs::P) {
        return None;
    }
    let [x, y] = halves.map(|half| Fe(limbs::from_big_endian(&half)));
    Point::from_affine(x, y)
}
