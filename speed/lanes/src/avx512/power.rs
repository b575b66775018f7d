//! Powers of eight points at once, by signed digits of radix 16.
//!
//! An exponent is cut into two halves: P^e = P^l·(P^(2¹²⁸))^h. The tables of P and of P^(2¹²⁸) serve several exponents, and each power then
//! takes 128 doublings in the place of 252.
//!
//! Tables are read without regard to the digit: all eight entries of a point's own table are looked at, and those of a fixed base are
//! permuted in registers. So no address and no branch depends on an exponent.

use core::arch::x86_64::*;

use super::field::{Fe, Mask};
use super::point::{Affine, Cached, Point};
use crate::digits::{COUNT, Digits};
use crate::{Encoded, Membership};

/// Half of the digits.
const HALF: usize = COUNT / 2;

/// (3q + 1)/8, which is 1/8 modulo the order q = 2²⁵² + 27742317777372353535851937790883648493, as digits of radix 16 from −8 to 8, the
/// lowest first.
const EIGHTH: [i8; COUNT] = eighth_digits();

const fn eighth_digits() -> [i8; COUNT] {
    // 3·2²⁵²/8 = 6·16⁶²
    let low = (3 * 27_742_317_777_372_353_535_851_937_790_883_648_493_u128 + 1) / 8;
    let (mut digits, mut carry, mut i) = ([0; COUNT], 0, 0);
    while i < HALF {
        let digit = (low >> (4 * i) & 15) as i8 + carry;
        carry = (digit + 8) >> 4;
        digits[i] = digit - (carry << 4);
        i += 1;
    }
    digits[HALF] = carry;
    digits[62] += 6;
    digits
}

/// Absolute values and signs of one digit of eight exponents.
struct Digit {
    size: __m512i,
    negative: Mask,
}

impl Digit {
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn new(packed: i64) -> Self {
        let digits = _mm512_cvtepi8_epi64(_mm_cvtsi64_si128(packed));
        Self { size: _mm512_abs_epi64(digits), negative: _mm512_movepi64_mask(digits) }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn is(&self, size: i64) -> Mask {
        _mm512_cmpeq_epi64_mask(self.size, _mm512_set1_epi64(size))
    }
}

/// P¹ to P⁸.
#[derive(Clone)]
struct Table([Cached; 8]);

impl Table {
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn new(point: &Point) -> Self {
        let first = point.cached();
        let (mut entries, mut power) = ([first; 8], *point);
        for entry in &mut entries[1..] {
            power = power.plus(&first);
            *entry = power.cached();
        }
        Self(entries)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn select(&self, digit: &Digit) -> Cached {
        let (zero, one) = (Fe::small(0), Fe::small(1));
        let mut chosen = Cached { plus: one, minus: one, z2: Fe::small(2), t2d: zero };
        for (i, entry) in self.0.iter().enumerate() {
            let here = digit.is(i as i64 + 1);
            chosen.plus = chosen.plus.or(here, entry.plus);
            chosen.minus = chosen.minus.or(here, entry.minus);
            chosen.z2 = chosen.z2.or(here, entry.z2);
            chosen.t2d = chosen.t2d.or(here, entry.t2d);
        }
        let (plus, minus) = (chosen.plus, chosen.minus);
        chosen.plus = plus.or(digit.negative, minus);
        chosen.minus = minus.or(digit.negative, plus);
        chosen.t2d = chosen.t2d.or(digit.negative, chosen.t2d.negative());
        chosen
    }

    /// P^digit for a public digit that is the same in all lanes, and not zero.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn vartime_get(&self, digit: i8) -> Cached {
        let entry = self.0[usize::from(digit.unsigned_abs()) - 1];
        if digit > 0 {
            return entry;
        }
        Cached { plus: entry.minus, minus: entry.plus, z2: entry.z2, t2d: entry.t2d.negative() }
    }
}

/// The tables of P and P^(2¹²⁸).
#[derive(Clone)]
pub struct Base {
    low: Table,
    high: Table,
}

/// P and P^(2¹²⁸).
#[derive(Clone, Copy)]
pub struct Element {
    low: Point,
    high: Point,
}

impl Element {
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn identity() -> Self {
        Self { low: Point::identity(), high: Point::identity() }
    }

    pub const fn point(&self) -> &Point {
        &self.low
    }

    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn times(&self, other: &Self) -> Self {
        Self { low: self.low.plus(&other.low.cached()), high: self.high.plus(&other.high.cached()) }
    }

    /// Divided by the fixed base itself.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn divided(&self, fixed: &Fixed) -> Self {
        let minus_one = Digit::new(-1);
        let (low, high) = (fixed.0[0].select(&minus_one), fixed.0[HALF].select(&minus_one));
        Self { low: self.low.plus_affine(&low), high: self.high.plus_affine(&high) }
    }

    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn base(&self) -> Base {
        Base { low: Table::new(&self.low), high: Table::new(&self.high) }
    }

    /// 0.4 and 0.5: decoded, and Q = P^((3q + 1)/8). If P^q = 1, then Q⁸ = P·(P^q)³ = P. If not, P has a part of small order, which
    /// Q⁸ has not, so that it is not P. Exact, either way.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn decode(encoded: &[Encoded; 8]) -> (Self, Base, Point, [Membership; 8]) {
        let (low, mut membership) = Point::decode(encoded);
        let element = Self { low, high: low.doubled_times(4 * HALF) };
        let base = element.base();
        let eighth = base.vartime_eighth();
        let inside = eighth.doubled_times(3).is(&low);
        for (lane, verdict) in membership.iter_mut().enumerate() {
            if *verdict == Membership::Element && inside >> lane & 1 == 0 {
                *verdict = Membership::OutsideGroup;
            }
        }
        (element, base, eighth, membership)
    }
}

impl Base {
    /// P^((3q + 1)/8), where the exponent is taken as the integer that it is.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn vartime_eighth(&self) -> Point {
        let mut power = Point::identity();
        for i in (0..HALF).rev() {
            if i < HALF - 1 {
                power = power.doubled_times(4);
            }
            for (table, digit) in [(&self.low, EIGHTH[i]), (&self.high, EIGHTH[HALF + i])] {
                if digit != 0 {
                    power = power.plus(&table.vartime_get(digit));
                }
            }
        }
        power
    }
}

/// b^d·16^i for d = 1 … 8 and one i: the eight entries are the eight lanes.
#[derive(Clone, Copy)]
struct Window(Affine);

impl Window {
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn select(&self, digit: &Digit) -> Affine {
        let index = _mm512_sub_epi64(digit.size, _mm512_set1_epi64(1));
        let zero = digit.is(0);
        let one = Fe::small(1);
        let (plus, minus) = (permuted(&self.0.plus, index).or(zero, one), permuted(&self.0.minus, index).or(zero, one));
        let t2d = permuted(&self.0.t2d, index).or(zero, Fe::small(0));
        Affine { plus: plus.or(digit.negative, minus), minus: minus.or(digit.negative, plus), t2d: t2d.or(digit.negative, t2d.negative()) }
    }
}

/// To each lane the element of the lane that its index names (modulo 8).
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
fn permuted(element: &Fe, index: __m512i) -> Fe {
    let mut out = element.0;
    for vector in &mut out {
        *vector = _mm512_permutexvar_epi64(index, *vector);
    }
    Fe(out)
}

/// A fixed base b with the multiples for every digit: powers take additions only.
#[derive(Clone)]
pub struct Fixed(Box<[Window; COUNT]>);

impl Fixed {
    /// `None` if these bytes are no element of the group.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn new(encoded: &Encoded) -> Option<Self> {
        let (element, _, _, membership) = Element::decode(&[*encoded; 8]);
        if membership[0] != Membership::Element {
            return None;
        }
        // b^1 in the first lane to b^8 in the last.
        let first = element.low.cached();
        let (mut lanes, mut power) = (element.low, element.low);
        for lane in 1..8 {
            power = power.plus(&first);
            lanes = lanes.or(1 << lane, &power);
        }
        let mut points = vec![lanes];
        for i in 1..COUNT {
            points.push(points[i - 1].doubled_times(4));
        }
        let mut windows = Vec::with_capacity(COUNT);
        for (point, inverse) in points.iter().zip(Point::invert_all(&points)) {
            windows.push(Window(point.affine(inverse)));
        }
        windows.into_boxed_slice().try_into().ok().map(Self)
    }

    /// b^e of eight exponents, times another point.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn power(&self, exponents: &Digits, start: &Point) -> Point {
        let mut power = *start;
        for (i, window) in self.0.iter().enumerate() {
            power = power.plus_affine(&window.select(&Digit::new(exponents.at(i))));
        }
        power
    }

    /// b^f·P^e, for eight of each.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn commit(&self, f: &Digits, base: &Base, e: &Digits) -> Point {
        let mut power = Point::identity();
        for i in (0..HALF).rev() {
            if i < HALF - 1 {
                power = power.doubled_times(4);
            }
            power = power.plus(&base.low.select(&Digit::new(e.at(i))));
            power = power.plus(&base.high.select(&Digit::new(e.at(HALF + i))));
            power = power.plus_affine(&self.0[0].select(&Digit::new(f.at(i))));
            power = power.plus_affine(&self.0[HALF].select(&Digit::new(f.at(HALF + i))));
        }
        power
    }

    /// b where the mask is set, 1 elsewhere.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn times_bits(&self, point: &Point, bits: i64) -> Point {
        point.plus_affine(&self.0[0].select(&Digit::new(bits)))
    }
}
