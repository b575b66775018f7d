//! Disjunctive proofs without a branch on what is true (BS §Proofs of interval membership, §Proofs of possibly-blank votes).
//!
//! A disjunct says of a ciphertext (g^r, y^r·g^m) that it holds M. BS draws (e, f) at random where that is false, and w where it is true.
//! Here every disjunct draws a and e, and f = a − r·e follows. Where the disjunct is false this gives the same distribution, and the
//! commitments A = g^f·α^e and B = y^f·(β/g^M)^e are g^a and y^a·g^((m−M)·e). Where it is true a is w, e is not used but decided by
//! the hash, and the commitments are g^a and y^a: the same formulas, since m − M = 0. So truth is only a factor 0 or 1, and nothing
//! branches.

use curve25519_dalek::scalar::Scalar;
use zeroize::Zeroize;

use super::powers::Job;
use crate::ballot::Proof;
use crate::random::Random;
use crate::refusal::BadInput;

/// A ciphertext's secrets.
#[derive(Clone, Copy)]
pub(super) struct Opening {
    pub r: Scalar,
    pub m: Scalar,
}

impl Opening {
    /// Of the product of ciphertexts.
    pub fn product(openings: &[Self]) -> Self {
        Self { r: openings.iter().map(|opening| opening.r).sum(), m: openings.iter().map(|opening| opening.m).sum() }
    }
}

impl Zeroize for Opening {
    fn zeroize(&mut self) {
        self.r.zeroize();
        self.m.zeroize();
    }
}

/// One disjunct, before the hash.
#[derive(Clone, Copy)]
pub(super) struct Disjunct {
    r: Scalar,
    a: Scalar,
    /// Zero where the disjunct is the true one.
    e: Scalar,
    /// One for the disjunct that is proven, zero for those that are simulated.
    truth: Scalar,
    /// m − M
    difference: Scalar,
}

impl Disjunct {
    /// "The ciphertext holds `claim`", which is the one proven if `truth` is one. Exactly one disjunct of a proof is.
    pub fn new(opening: &Opening, claim: usize, truth: Scalar, random: &mut impl Random) -> Result<Self, BadInput> {
        let a = random.scalar()?;
        let e = random.scalar()? * (Scalar::ONE - truth);
        let difference = opening.m - Scalar::from(claim as u64);
        Ok(Self { r: opening.r, a, e, truth, difference })
    }

    /// What A and B are. A single disjunct is the true one, which is public, and needs no power of g in B.
    pub fn jobs(&self, single: bool) -> [Job; 2] {
        let b = if single { Job::Y(self.a) } else { Job::YG(self.a, self.difference * self.e) };
        [Job::G(self.a), b]
    }

    /// The proof, when the hash has decided what is left for the true disjunct.
    fn answer(&self, rest: &Scalar) -> Proof {
        let challenge = self.e + self.truth * rest;
        let response = self.a - self.r * challenge;
        Proof { challenge, response }
    }
}

impl Zeroize for Disjunct {
    fn zeroize(&mut self) {
        for scalar in [&mut self.r, &mut self.a, &mut self.e, &mut self.truth, &mut self.difference] {
            scalar.zeroize();
        }
    }
}

/// The proofs whose challenges add up to the hash.
pub(super) fn answers(disjuncts: &[Disjunct], hash: &Scalar) -> Vec<Proof> {
    let simulated: Scalar = disjuncts.iter().map(|disjunct| disjunct.e).sum();
    let rest = hash - simulated;
    disjuncts.iter().map(|disjunct| disjunct.answer(&rest)).collect()
}
