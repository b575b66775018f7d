//! All equations of many ballots as one (spec 4.e).
//!
//! A proof (e, f) about (α, β·g⁻ᵐ) with the commitments A and B says g^f·α^e·A⁻¹ = 1 and y^f·β^e·g^(−m·e)·B⁻¹ = 1. Each of them is taken to
//! the power of a coefficient of its own, and all are multiplied.

use curve25519_dalek::scalar::Scalar;
use sanduq_speed_lanes::Long;

use super::Layout;
use crate::ballot::{Ballot, Written};
use crate::group::{self, EIGHTH, Encoded, G};
use crate::question::{Election, Question};
use crate::random::Random;
use crate::refusal::BadInput;
use crate::wide::{Wide, words};

/// Coefficients of all points.
pub struct Equations {
    layout: Layout,
    /// Of each ballot's credential, α and β.
    pub long: Vec<Long>,
    /// Of each ballot's commitments, to be taken with the opposite sign.
    pub short: Vec<u128>,
    g: Wide,
    /// What g is divided by.
    g_inverse: Wide,
    y: Wide,
    /// One ballot's coefficients of α and β.
    own: Vec<[Wide; 2]>,
    bytes: Vec<u8>,
}

impl Equations {
    pub fn new(layout: Layout) -> Self {
        let (long, short) = (layout.ballots * layout.long, layout.ballots * layout.short);
        Self {
            layout,
            long: Vec::with_capacity(long),
            short: Vec::with_capacity(short),
            g: Wide::default(),
            g_inverse: Wide::default(),
            y: Wide::default(),
            own: Vec::with_capacity(layout.long),
            bytes: vec![0; 16 * layout.short],
        }
    }

    /// The next ballot's equations; `None` has none, and its points count for nothing.
    pub fn add(&mut self, election: &Election, ballot: Option<&Ballot>, random: &mut impl Random) -> Result<(), BadInput> {
        let Some(ballot) = ballot else {
            self.long.extend(std::iter::repeat_n([0; 4], self.layout.long));
            self.short.extend(std::iter::repeat_n(0, self.layout.short));
            return Ok(());
        };
        random.fill(&mut self.bytes)?;
        let first = self.short.len();
        self.short.extend(self.bytes.as_chunks().0.iter().map(|bytes| u128::from_le_bytes(*bytes)));
        self.own.clear();
        self.own.resize(ballot.choices.len(), <[Wide; 2]>::default());
        let (mut proofs, mut at, mut choice) = (ballot.proofs.iter(), first, 0);
        for question in &election.questions {
            self.question(question, choice, &mut proofs, &mut at);
            choice += question.choices();
        }
        let coefficient = self.short[at];
        self.g.add_product(coefficient, &ballot.signature.response.0);
        let mut credential = Wide::default();
        credential.add_product(coefficient, &ballot.signature.challenge.0);
        self.long.push(words(&credential.reduce()));
        self.long.extend(self.own.as_flattened().iter().map(|wide| words(&wide.reduce())));
        Ok(())
    }

    fn question<'a>(&mut self, question: &Question, first: usize, proofs: &mut impl Iterator<Item = &'a Written>, at: &mut usize) {
        let count = question.choices();
        for choice in first..first + count {
            let mut own = self.own[choice];
            for m in 0..2 {
                self.statement(proofs.next(), m, at, &mut own);
            }
            self.own[choice] = own;
        }
        let mut sum = <[Wide; 2]>::default();
        let mut blank = <[Wide; 2]>::default();
        if question.blank {
            self.statement(proofs.next(), 1, at, &mut blank);
        }
        for m in question.min..=question.max {
            self.statement(proofs.next(), m as u32, at, &mut sum);
        }
        if question.blank {
            self.statement(proofs.next(), 0, at, &mut blank);
            self.statement(proofs.next(), 0, at, &mut sum);
            add(&mut self.own[first], &blank);
        }
        for own in &mut self.own[first + usize::from(question.blank)..first + count] {
            add(own, &sum);
        }
    }

    /// The two equations of a proof about (α, β·g⁻ᵐ).
    fn statement(&mut self, proof: Option<&Written>, m: u32, at: &mut usize, [alpha, beta]: &mut [Wide; 2]) {
        let Some(proof) = proof else { return };
        let (of_a, of_b) = (self.short[*at], self.short[*at + 1]);
        *at += 2;
        let (challenge, response) = (&proof.challenge.0, &proof.response.0);
        self.g.add_product(of_a, response);
        self.y.add_product(of_b, response);
        alpha.add_product(of_a, challenge);
        if m == 0 {
            beta.add_product(of_b, challenge);
        } else {
            let mut product = Wide::default();
            product.add_product(of_b, challenge);
            beta.add_times(1, &product);
            self.g_inverse.add_times(m, &product);
        }
    }

    /// g and y with their coefficients, as the hints' points have them: to the power 1/8.
    pub fn others(&self, key: &Encoded) -> [(Encoded, Long); 2] {
        let eighth = |coefficient: Scalar| words(&(coefficient * *EIGHTH));
        [(group::encode(&G), eighth(self.g.reduce() - self.g_inverse.reduce())), (*key, eighth(self.y.reduce()))]
    }
}

fn add(to: &mut [Wide; 2], other: &[Wide; 2]) {
    for (sum, wide) in to.iter_mut().zip(other) {
        sum.add_times(1, wide);
    }
}
