//! The way in: safe methods of [`Lanes`].

use crate::avx512::{batch, point, power};
use crate::buckets::Buckets;
use crate::digits::Digits;
use crate::niels::Niels;
use crate::one;
use crate::{Affine, Encoded, Exponent, Membership, WIDTH};

/// The proof that this processor has AVX-512 F, DQ and IFMA.
#[derive(Clone, Copy, Debug)]
pub struct Lanes(());

/// Eight elements of the group.
#[derive(Clone)]
pub struct Element(power::Element);

/// Eight elements, with tables for their powers.
#[derive(Clone)]
pub struct Base(power::Base);

/// Eight results.
#[derive(Clone)]
pub struct Point(point::Point);

/// One element, with tables for its powers.
#[derive(Clone)]
pub struct Fixed(power::Fixed);

/// Calls a function that is compiled for the instructions that `Lanes` stands for.
macro_rules! with_lanes {
    ($call:expr) => {{
        #[allow(unsafe_code)]
        // SAFETY: the function called needs avx512f, avx512dq and avx512ifma, and nothing else of its caller. This macro stands in
        // methods of `Lanes` only; whoever has a `Lanes` got it from `detect`, which has seen that the processor has all three.
        unsafe {
            $call
        }
    }};
}

impl Lanes {
    /// Asks the processor.
    #[must_use]
    pub fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq") && is_x86_feature_detected!("avx512ifma");
        found.then_some(Self(()))
    }

    /// Eight elements from their encodings, the same to the power 1/8, and what each encoding is. Where one is no element, that lane may
    /// hold anything.
    #[must_use]
    pub fn decode(self, encoded: &[Encoded; WIDTH]) -> (Element, Base, Point, [Membership; WIDTH]) {
        let (element, base, eighth, membership) = with_lanes!(power::Element::decode(encoded));
        (Element(element), Base(base), Point(eighth), membership)
    }

    /// Eight points from their encodings, **without** asking whether they are in the group; false where there is no point.
    #[must_use]
    pub fn unchecked_decode(self, encoded: &[Encoded; WIDTH]) -> (Point, [bool; WIDTH]) {
        let (point, membership) = with_lanes!(point::Point::decode(encoded));
        (Point(point), membership.map(|m| m != Membership::NoPoint))
    }

    /// The neutral element, eight times.
    #[must_use]
    pub fn identity(self) -> Element {
        Element(with_lanes!(power::Element::identity()))
    }

    /// A·B, eight times.
    #[must_use]
    pub fn product(self, a: &Element, b: &Element) -> Element {
        Element(with_lanes!(a.0.times(&b.0)))
    }

    /// A/b, eight times.
    #[must_use]
    pub fn quotient(self, a: &Element, b: &Fixed) -> Element {
        Element(with_lanes!(a.0.divided(&b.0)))
    }

    /// Tables for powers of eight elements.
    #[must_use]
    pub fn base(self, element: &Element) -> Base {
        Base(with_lanes!(element.0.base()))
    }

    /// The elements as results.
    #[must_use]
    pub const fn point(self, element: &Element) -> Point {
        Point(*element.0.point())
    }

    /// Tables for powers of one element; `None` if it is none.
    #[must_use]
    pub fn fixed(self, encoded: &Encoded) -> Option<Fixed> {
        with_lanes!(power::Fixed::new(encoded)).map(Fixed)
    }

    /// b^f·P^e, eight times.
    #[must_use]
    pub fn commit(self, b: &Fixed, f: &[Exponent; WIDTH], base: &Base, e: &[Exponent; WIDTH]) -> Point {
        let (f, e) = (Digits::new(f), Digits::new(e));
        Point(with_lanes!(b.0.commit(&f, &base.0, &e)))
    }

    /// b^f, eight times.
    #[must_use]
    pub fn power(self, b: &Fixed, f: &[Exponent; WIDTH]) -> Point {
        let f = Digits::new(f);
        Point(with_lanes!(b.0.power(&f, &point::Point::identity())))
    }

    /// P·b^f, eight times.
    #[must_use]
    pub fn times_power(self, point: &Point, b: &Fixed, f: &[Exponent; WIDTH]) -> Point {
        let f = Digits::new(f);
        Point(with_lanes!(b.0.power(&f, &point.0)))
    }

    /// P·b or P, eight times: as the bits say, which are 0 or 1.
    #[must_use]
    pub fn times_bit(self, point: &Point, b: &Fixed, bits: [u8; WIDTH]) -> Point {
        let bits = i64::from_le_bytes(bits.map(|bit| bit & 1));
        Point(with_lanes!(b.0.times_bits(&point.0, bits)))
    }

    /// A·B of results, eight times.
    #[must_use]
    pub fn product_of_points(self, a: &Point, b: &Point) -> Point {
        Point(with_lanes!(a.0.plus(&b.0.cached())))
    }

    /// The encodings of many results.
    #[must_use]
    pub fn encode(self, points: &[Point]) -> Vec<[Encoded; WIDTH]> {
        let points: Vec<_> = points.iter().map(|point| point.0).collect();
        with_lanes!(point::Point::encode_all(&points))
    }

    /// P⁸, eight times.
    #[must_use]
    pub fn eighth_power(self, point: &Point) -> Point {
        Point(with_lanes!(point.0.doubled_times(3)))
    }

    /// The affine coordinates of many results.
    #[must_use]
    pub fn affine(self, points: &[Point]) -> Vec<[Affine; WIDTH]> {
        let points: Vec<_> = points.iter().map(|point| point.0).collect();
        with_lanes!(point::Point::write_all(&points))
    }

    pub(crate) fn read_hints(self, hints: &[Affine], places: &[u32], points: &mut [Niels]) -> Vec<Option<Encoded>> {
        with_lanes!(batch::read_hints(hints, places, points))
    }

    pub(crate) fn products(self, points: &[Niels], lists: &[u32], each: usize) -> Vec<Encoded> {
        with_lanes!(batch::products(points, lists, each))
    }

    pub(crate) fn vartime_powers(self, points: &[Niels], lists: &[&[u32]]) -> Vec<Encoded> {
        with_lanes!(batch::encoded_sums(points, lists, 0))
    }

    pub(crate) fn total(self, points: &[Niels], list: &[u32]) -> one::point::Point {
        with_lanes!(batch::total(points, list))
    }

    pub(crate) fn window(self, points: &[Niels], buckets: &Buckets) -> one::point::Point {
        with_lanes!(batch::window(points, buckets))
    }
}
