//! Where the processor is of another kind: types without values, so that nothing here can ever be called.

use crate::{Affine, Encoded, Exponent, Membership, WIDTH};

#[derive(Clone, Copy, Debug)]
enum Never {}

/// There is none.
#[derive(Clone, Copy, Debug)]
pub struct Lanes(Never);
/// There is none.
#[derive(Clone, Debug)]
pub struct Element(Never);
/// There is none.
#[derive(Clone, Debug)]
pub struct Base(Never);
/// There is none.
#[derive(Clone, Debug)]
pub struct Point(Never);
/// There is none.
#[derive(Clone, Debug)]
pub struct Fixed(Never);

#[allow(missing_docs, unused_variables)]
impl Lanes {
    #[must_use]
    pub const fn detect() -> Option<Self> {
        None
    }
    #[must_use]
    pub fn decode(self, encoded: &[Encoded; WIDTH]) -> (Element, Base, Point, [Membership; WIDTH]) {
        match self.0 {}
    }
    #[must_use]
    pub fn unchecked_decode(self, encoded: &[Encoded; WIDTH]) -> (Point, [bool; WIDTH]) {
        match self.0 {}
    }
    #[must_use]
    pub fn identity(self) -> Element {
        match self.0 {}
    }
    #[must_use]
    pub fn product(self, a: &Element, b: &Element) -> Element {
        match self.0 {}
    }
    #[must_use]
    pub fn quotient(self, a: &Element, b: &Fixed) -> Element {
        match self.0 {}
    }
    #[must_use]
    pub fn base(self, element: &Element) -> Base {
        match self.0 {}
    }
    #[must_use]
    pub fn point(self, element: &Element) -> Point {
        match self.0 {}
    }
    #[must_use]
    pub fn fixed(self, encoded: &Encoded) -> Option<Fixed> {
        match self.0 {}
    }
    #[must_use]
    pub fn commit(self, b: &Fixed, f: &[Exponent; WIDTH], base: &Base, e: &[Exponent; WIDTH]) -> Point {
        match self.0 {}
    }
    #[must_use]
    pub fn power(self, b: &Fixed, f: &[Exponent; WIDTH]) -> Point {
        match self.0 {}
    }
    #[must_use]
    pub fn times_power(self, point: &Point, b: &Fixed, f: &[Exponent; WIDTH]) -> Point {
        match self.0 {}
    }
    #[must_use]
    pub fn times_bit(self, point: &Point, b: &Fixed, bits: [u8; WIDTH]) -> Point {
        match self.0 {}
    }
    #[must_use]
    pub fn product_of_points(self, a: &Point, b: &Point) -> Point {
        match self.0 {}
    }
    #[must_use]
    pub fn encode(self, points: &[Point]) -> Vec<[Encoded; WIDTH]> {
        match self.0 {}
    }
    #[must_use]
    pub fn eighth_power(self, point: &Point) -> Point {
        match self.0 {}
    }
    #[must_use]
    pub fn affine(self, points: &[Point]) -> Vec<[Affine; WIDTH]> {
        match self.0 {}
    }
}
