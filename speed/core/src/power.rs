//! Decoding points and recomputing commitments: where the verifier's time goes.
//!
//! The equations of [`crate::check`] are written once, over the trait [`Arithmetic`], for N ballots side by side. [`Single`] takes one
//! ballot at a time, with the curve library's own multiplication; [`Eight`] takes eight, where the processor has the instructions. Both
//! compute the same values. Everything here is public data, so it may run in variable time.

use curve25519_dalek::edwards::{EdwardsPoint, VartimeEdwardsPrecomputation};
use curve25519_dalek::traits::VartimePrecomputedMultiscalarMul;
use sanduq_speed_lanes::{Affine, Base, Element, Fixed, Lanes, Membership, Point};

use crate::ballot::Proof;
use crate::group::{self, Encoded, G};
use crate::refusal::Refusal;

/// Points of N ballots at once, and what a verifier does with them.
pub trait Arithmetic<const N: usize>: Sync + Sized {
    /// N elements of the group.
    type Element: Clone;
    /// The same, ready for several powers.
    type Base;
    /// N results, on their way to their encodings.
    type Point;

    /// 0.4 and 0.5 for each of N encodings. With the elements come their powers to 1/8, which is how membership is asked: only of an
    /// element of the group is P^((3q + 1)/8) to the power 8 again P. Where one is refused, its element is any.
    fn decode(&self, encoded: &[Encoded; N]) -> Decoded<N, Self>;
    /// The neutral element, N times.
    fn identity(&self) -> Self::Element;
    /// A·B
    fn product(&self, a: &Self::Element, b: &Self::Element) -> Self::Element;
    /// A/g
    fn divided_by_g(&self, a: &Self::Element) -> Self::Element;
    /// Prepare for powers.
    fn base(&self, element: &Self::Element) -> Self::Base;
    /// P⁸
    fn eighth_power(&self, point: &Self::Point) -> Self::Point;
    /// The elements as they are.
    fn point(&self, element: &Self::Element) -> Self::Point;
    /// A = g^f·α^e
    fn commit_g(&self, alpha: &Self::Base, proofs: &[Proof; N]) -> Self::Point;
    /// B = y^f·β^e, where β is already divided by g^m.
    fn commit_y(&self, beta: &Self::Base, proofs: &[Proof; N]) -> Self::Point;
    /// The encodings of many points, in their order.
    fn encode(&self, points: &[Self::Point]) -> Vec<[Encoded; N]>;
    /// Their affine coordinates (spec 0.e).
    fn affine(&self, points: &[Self::Point]) -> Vec<[Affine; N]>;
}

/// N elements, the same ready for powers, their powers to 1/8, and the verdicts.
pub type Decoded<const N: usize, A> =
    (<A as Arithmetic<N>>::Element, <A as Arithmetic<N>>::Base, <A as Arithmetic<N>>::Point, [Result<(), Refusal>; N]);

/// One ballot at a time, on any machine.
pub struct Single {
    /// Multiples of y.
    key: VartimeEdwardsPrecomputation,
}

impl Single {
    /// For the election's key y.
    #[must_use]
    pub fn new(key: &EdwardsPoint) -> Self {
        Self { key: VartimeEdwardsPrecomputation::new([key]) }
    }
}

impl Arithmetic<1> for Single {
    type Element = EdwardsPoint;
    type Base = EdwardsPoint;
    type Point = EdwardsPoint;

    fn decode(&self, [encoded]: &[Encoded; 1]) -> Decoded<1, Self> {
        let Some(point) = group::unchecked_decode(encoded) else {
            let any = group::identity();
            return (any, any, any, [Err(Refusal::PointInvalid)]);
        };
        let eighth = group::vartime_eighth(&point);
        let inside = eighth.mul_by_cofactor() == point;
        (point, point, eighth, [if inside { Ok(()) } else { Err(Refusal::PointOutsideGroup) }])
    }

    fn identity(&self) -> EdwardsPoint {
        group::identity()
    }

    fn product(&self, a: &EdwardsPoint, b: &EdwardsPoint) -> EdwardsPoint {
        a + b
    }

    fn divided_by_g(&self, a: &EdwardsPoint) -> EdwardsPoint {
        a - G
    }

    fn base(&self, element: &EdwardsPoint) -> EdwardsPoint {
        *element
    }

    fn eighth_power(&self, point: &EdwardsPoint) -> EdwardsPoint {
        point.mul_by_cofactor()
    }

    fn point(&self, element: &EdwardsPoint) -> EdwardsPoint {
        *element
    }

    fn commit_g(&self, alpha: &EdwardsPoint, [proof]: &[Proof; 1]) -> EdwardsPoint {
        EdwardsPoint::vartime_double_scalar_mul_basepoint(&proof.challenge, alpha, &proof.response)
    }

    fn commit_y(&self, beta: &EdwardsPoint, [proof]: &[Proof; 1]) -> EdwardsPoint {
        self.key.vartime_mixed_multiscalar_mul([proof.response], [proof.challenge], [beta])
    }

    fn encode(&self, points: &[EdwardsPoint]) -> Vec<[Encoded; 1]> {
        group::encode_all(points).into_iter().map(|e| [e]).collect()
    }

    fn affine(&self, points: &[EdwardsPoint]) -> Vec<[Affine; 1]> {
        let coordinates = sanduq_speed_lanes::affine(&group::encode_all(points));
        coordinates.into_iter().map(|found| [found.unwrap_or([0; 64])]).collect()
    }
}

/// Eight ballots at once, where the processor can.
pub struct Eight {
    lanes: Lanes,
    g: &'static Fixed,
    key: Fixed,
}

impl Eight {
    /// For the election's key y; `None` on a processor without the instructions.
    #[must_use]
    pub fn new(key: &EdwardsPoint) -> Option<Self> {
        let (lanes, g) = group::LANES.as_ref()?;
        Some(Self { lanes: *lanes, g, key: lanes.fixed(&group::encode(key))? })
    }
}

impl Arithmetic<8> for Eight {
    type Element = Element;
    type Base = Base;
    type Point = Point;

    fn decode(&self, encoded: &[Encoded; 8]) -> Decoded<8, Self> {
        let (element, base, eighth, memberships) = self.lanes.decode(encoded);
        let verdict = |membership| match membership {
            Membership::Element => Ok(()),
            Membership::NoPoint => Err(Refusal::PointInvalid),
            Membership::OutsideGroup => Err(Refusal::PointOutsideGroup),
        };
        (element, base, eighth, memberships.map(verdict))
    }

    fn identity(&self) -> Element {
        self.lanes.identity()
    }

    fn product(&self, a: &Element, b: &Element) -> Element {
        self.lanes.product(a, b)
    }

    fn divided_by_g(&self, a: &Element) -> Element {
        self.lanes.quotient(a, self.g)
    }

    fn base(&self, element: &Element) -> Base {
        self.lanes.base(element)
    }

    fn eighth_power(&self, point: &Point) -> Point {
        self.lanes.eighth_power(point)
    }

    fn point(&self, element: &Element) -> Point {
        self.lanes.point(element)
    }

    fn commit_g(&self, alpha: &Base, proofs: &[Proof; 8]) -> Point {
        self.lanes.commit(self.g, &responses(proofs), alpha, &challenges(proofs))
    }

    fn commit_y(&self, beta: &Base, proofs: &[Proof; 8]) -> Point {
        self.lanes.commit(&self.key, &responses(proofs), beta, &challenges(proofs))
    }

    fn encode(&self, points: &[Point]) -> Vec<[Encoded; 8]> {
        self.lanes.encode(points)
    }

    fn affine(&self, points: &[Point]) -> Vec<[Affine; 8]> {
        self.lanes.affine(points)
    }
}

fn responses(proofs: &[Proof; 8]) -> [[u8; 32]; 8] {
    proofs.map(|proof| proof.response.to_bytes())
}

fn challenges(proofs: &[Proof; 8]) -> [[u8; 32]; 8] {
    proofs.map(|proof| proof.challenge.to_bytes())
}
