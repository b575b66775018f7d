//! Decoding points and recomputing commitments: where the verifier's time goes.
//!
//! The equations of [`crate::check`] are written once, over the trait [`Arithmetic`], for N ballots side by side. This file holds the
//! implementation for one ballot at a time, with the curve library's own multiplication. Everything here is public data, so all of
//! it runs in variable time.

use curve25519_dalek::edwards::{EdwardsPoint, VartimeEdwardsPrecomputation};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimePrecomputedMultiscalarMul;

use crate::ballot::Proof;
use crate::group::{self, Encoded};
use crate::refusal::Refusal;

/// Points of N ballots at once, and what a verifier does with them.
pub trait Arithmetic<const N: usize>: Sync {
    /// N elements of the group.
    type Element;
    /// The same, ready for several powers.
    type Base;
    /// N results, on their way to their encodings.
    type Point;

    /// 0.4 and 0.5 for each of N encodings. Where one is refused, its element is any.
    fn decode(&self, encoded: &[Encoded; N]) -> (Self::Element, [Result<(), Refusal>; N]);
    /// The products of two times N elements.
    fn product(&self, a: &Self::Element, b: &Self::Element) -> Self::Element;
    /// The neutral element, N times.
    fn identity(&self) -> Self::Element;
    /// Prepare for powers.
    fn base(&self, element: &Self::Element) -> Self::Base;
    /// The elements as they are.
    fn point(&self, element: &Self::Element) -> Self::Point;
    /// A = g^f·α^e
    fn commit_g(&self, alpha: &Self::Base, proofs: &[Proof; N]) -> Self::Point;
    /// B = y^f·(β/g^m)^e
    fn commit_y(&self, beta: &Self::Base, m: usize, proofs: &[Proof; N]) -> Self::Point;
    /// The encodings of many points, in their order.
    fn encode(&self, points: &[Self::Point]) -> Vec<[Encoded; N]>;
}

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

    fn decode(&self, [encoded]: &[Encoded; 1]) -> (EdwardsPoint, [Result<(), Refusal>; 1]) {
        match group::unchecked_decode(encoded) {
            None => (group::identity(), [Err(Refusal::PointInvalid)]),
            Some(point) if !group::vartime_in_group(&point) => (point, [Err(Refusal::PointOutsideGroup)]),
            Some(point) => (point, [Ok(())]),
        }
    }

    fn product(&self, a: &EdwardsPoint, b: &EdwardsPoint) -> EdwardsPoint {
        a + b
    }

    fn identity(&self) -> EdwardsPoint {
        group::identity()
    }

    fn base(&self, element: &EdwardsPoint) -> EdwardsPoint {
        *element
    }

    fn point(&self, element: &EdwardsPoint) -> EdwardsPoint {
        *element
    }

    fn commit_g(&self, alpha: &EdwardsPoint, [proof]: &[Proof; 1]) -> EdwardsPoint {
        EdwardsPoint::vartime_double_scalar_mul_basepoint(&proof.challenge, alpha, &proof.response)
    }

    fn commit_y(&self, beta: &EdwardsPoint, m: usize, [proof]: &[Proof; 1]) -> EdwardsPoint {
        let shifted = match m {
            0 => *beta,
            1 => beta - group::G,
            _ => beta - EdwardsPoint::mul_base(&Scalar::from(m as u64)),
        };
        self.key.vartime_mixed_multiscalar_mul([proof.response], [proof.challenge], [shifted])
    }

    fn encode(&self, points: &[EdwardsPoint]) -> Vec<[Encoded; 1]> {
        group::encode_all(points).into_iter().map(|e| [e]).collect()
    }
}
