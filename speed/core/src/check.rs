//! What makes a ballot valid: steps 4.9 to 4.15, 0.4 and 0.5 (spec 4.b). Steps 4.1 to 4.5, 4.8 and 0.3 are in [`crate::ballot`].
//!
//! Every equation of every ballot is computed on its own: no random combination, nothing that depends on the ballots beside it.
//! A ballot is accepted here exactly when the Python reference accepts it.

use std::array;
use std::collections::HashSet;

use rayon::prelude::*;
use sanduq_speed_lanes::{Affine, Batch};

use crate::ballot::{Ballot, Proof, Written};
use crate::group::{self, Encoded, IDENTITY};
use crate::number;
use crate::power::{Arithmetic, Eight, Single};
use crate::question::{Election, Question};
use crate::refusal::{BadInput, Refusal, require};
use crate::transcript::{self, Context};
use crate::wide::{Wide, words};

/// Checks ballots of one election.
pub struct Checker {
    pub(crate) election: Election,
    pub(crate) key: Encoded,
    /// For many ballots with hints: [`crate::batch`].
    pub(crate) batch: Batch,
    single: Single,
    eight: Option<Eight>,
}

impl Checker {
    /// For an election and its public key y.
    ///
    /// # Errors
    /// The key is no element of the group, or the identity.
    pub fn new(election: Election, public_key: &Encoded) -> Result<Self, BadInput> {
        let mut checker = Self::portable(election, public_key)?;
        checker.eight = group::decode(public_key).and_then(|key| Eight::new(&key));
        checker.batch = Batch::detect();
        Ok(checker)
    }

    /// The same without the processor's extra instructions. The verdicts are the same: a test compares.
    ///
    /// # Errors
    /// As [`Checker::new`].
    pub fn portable(election: Election, public_key: &Encoded) -> Result<Self, BadInput> {
        require(*public_key != IDENTITY, || "public_key: the identity".into())?;
        let key = group::decode(public_key).ok_or_else(|| BadInput("public_key: not an element of the group".into()))?;
        Ok(Self { election, key: *public_key, batch: Batch::portable(), single: Single::new(&key), eight: None })
    }

    /// The election whose ballots are checked.
    #[must_use]
    pub const fn election(&self) -> &Election {
        &self.election
    }

    /// The credential of a valid ballot. Whether it is on the roll (4.6) and new in the box (4.7) is asked elsewhere.
    ///
    /// # Errors
    /// A step that the ballot fails.
    pub fn check(&self, text: &[u8]) -> Result<Encoded, Refusal> {
        let [verdict] = self.check_one(text, false);
        verdict.map(|(credential, _)| credential)
    }

    /// The verdicts on many ballots, in their order, on all processors.
    pub fn check_all<T: AsRef<[u8]> + Sync>(&self, texts: &[T]) -> Vec<Result<Encoded, Refusal>> {
        let credential = |verdict: Result<(Encoded, Vec<u8>), Refusal>| verdict.map(|(credential, _)| credential);
        match &self.eight {
            Some(eight) => texts.par_chunks(8).flat_map_iter(|chunk| self.check_eight(eight, chunk, false)).map(credential).collect(),
            None => texts.par_iter().map(|text| self.check(text.as_ref())).collect(),
        }
    }

    /// The verdicts on many ballots and, of those that are accepted, their hints (0.e): what [`crate::batch`] takes.
    pub fn check_and_hint<T: AsRef<[u8]> + Sync>(&self, texts: &[T]) -> Vec<Result<(Encoded, Vec<u8>), Refusal>> {
        let task = |chunk: &[T]| match &self.eight {
            Some(eight) => self.check_eight(eight, chunk, true),
            None => chunk.iter().flat_map(|text| self.check_one(text.as_ref(), true)).collect(),
        };
        texts.par_chunks(8).flat_map_iter(task).collect()
    }

    fn check_one(&self, text: &[u8], hint: bool) -> [Result<(Encoded, Vec<u8>), Refusal>; 1] {
        let mut hints = [Vec::new()];
        [Ballot::read(&self.election, text).and_then(|ballot| {
            let [verdict] = self.judge(&self.single, [&ballot], hint.then_some(&mut hints));
            verdict.map(|()| (ballot.credential, std::mem::take(&mut hints[0])))
        })]
    }

    /// Up to eight ballots. Those that can be read stand side by side; a lane without a ballot repeats the first one's.
    fn check_eight<T: AsRef<[u8]>>(&self, eight: &Eight, texts: &[T], hint: bool) -> Vec<Result<(Encoded, Vec<u8>), Refusal>> {
        if let [text] = texts {
            return self.check_one(text.as_ref(), hint).into();
        }
        let read: Vec<_> = texts.iter().map(|text| Ballot::read(&self.election, text.as_ref())).collect();
        let ballots: Vec<_> = read.iter().flatten().collect();
        let mut hints: [Vec<u8>; 8] = Default::default();
        let verdicts = match ballots[..] {
            [] => [Ok(()); 8],
            _ => {
                let lane = |lane: usize| *ballots.get(lane).unwrap_or(&ballots[0]);
                self.judge(eight, array::from_fn(lane), hint.then_some(&mut hints))
            }
        };
        let mut lanes = verdicts.into_iter().zip(hints);
        let mut judge = |ballot: &Ballot| {
            let (verdict, hint) = lanes.next().ok_or(Refusal::Text)?;
            verdict.map(|()| (ballot.credential, hint))
        };
        read.iter().map(|result| result.as_ref().map_err(|refusal| *refusal).and_then(&mut judge)).collect()
    }

    /// The verdicts on N ballots that were read. Where hints are asked for, each ballot's are appended to its list, whatever the verdict.
    fn judge<const N: usize, A: Arithmetic<N>>(
        &self,
        arithmetic: &A,
        ballots: [&Ballot; N],
        hints: Option<&mut [Vec<u8>; N]>,
    ) -> [Result<(), Refusal>; N] {
        let mut verdicts = ballots.map(check_alphas);
        let recomputation = Recomputation::new(arithmetic, ballots, &mut verdicts).run(&self.election);
        if let Some(hints) = hints {
            for row in recomputation.hints() {
                hints.iter_mut().zip(row).for_each(|(hint, point)| hint.extend_from_slice(&point));
            }
        }
        let recomputed = recomputation.encodings();
        for (lane, (ballot, verdict)) in ballots.iter().zip(&mut verdicts).enumerate() {
            let values = Values::new(&ballot.proofs, recomputed.iter().map(|points| points[lane]));
            *verdict = verdict.and_then(|()| check_hashes(&self.election, ballot, values));
        }
        verdicts
    }
}

/// 4.9, 4.10, and the credential's share of chapter 1: what the encodings alone tell. Encodings that are equal as bytes are equal
/// as points and the other way round, since only canonical ones are accepted (0.4).
pub(crate) fn check_alphas(ballot: &Ballot) -> Result<(), Refusal> {
    if ballot.credential == IDENTITY {
        return Err(Refusal::CredentialIdentity);
    }
    let mut seen = HashSet::with_capacity(ballot.choices.len());
    for choice in &ballot.choices {
        if choice.alpha == IDENTITY {
            return Err(Refusal::AlphaIdentity);
        }
        if !seen.insert(choice.alpha) {
            return Err(Refusal::AlphaRepeated);
        }
    }
    Ok(())
}

/// A ciphertext of each of N ballots, ready for the statements about it.
struct Ready<const N: usize, A: Arithmetic<N>> {
    alpha: A::Base,
    beta: A::Base,
    /// β/g
    beta_over_g: A::Base,
}

/// Computes, for N ballots side by side, all points that enter the hashes, in the order of the text: A and B of each proof, and αΣ and
/// βΣ of each question before its overall proof; at last A of the signature.
///
/// Commitments are computed to the power 1/8 first, which costs three doublings more and gives their hints on the way: exponents are multiplied
/// by 1/8 modulo q, which is right where all bases are in the group. A refused ballot keeps its place, and what is computed there counts for
/// nothing.
struct Recomputation<'a, const N: usize, A: Arithmetic<N>> {
    arithmetic: &'a A,
    ballots: [&'a Ballot; N],
    verdicts: &'a mut [Result<(), Refusal>; N],
    next_choice: usize,
    next_proof: usize,
    points: Vec<A::Point>,
    /// Of credential and choices, to the power 1/8.
    eighths: Vec<A::Point>,
    /// Of all commitments, in the order of the text.
    commitments: Vec<A::Point>,
}

impl<'a, const N: usize, A: Arithmetic<N>> Recomputation<'a, N, A> {
    fn new(arithmetic: &'a A, ballots: [&'a Ballot; N], verdicts: &'a mut [Result<(), Refusal>; N]) -> Self {
        let (points, eighths, commitments) = (Vec::new(), Vec::new(), Vec::new());
        Self { arithmetic, ballots, verdicts, next_choice: 0, next_proof: 0, points, eighths, commitments }
    }

    fn run(mut self, election: &Election) -> Self {
        let (_, credential) = self.decode(self.ballots.map(|ballot| ballot.credential));
        for question in &election.questions {
            self.question(question);
        }
        let signatures = self.ballots.map(|ballot| ballot.signature.to_eighth());
        let commitment = self.arithmetic.commit_g(&credential, &signatures);
        self.commitment(commitment);
        self
    }

    /// The points as they enter the hashes.
    fn encodings(&self) -> Vec<[Encoded; N]> {
        self.arithmetic.encode(&self.points)
    }

    /// The points of hints, in their order (0.e).
    fn hints(&self) -> Vec<[Affine; N]> {
        let mut hints = self.arithmetic.affine(&self.eighths);
        hints.extend(self.arithmetic.affine(&self.commitments));
        hints
    }

    /// A commitment to the power 1/8.
    fn commitment(&mut self, eighth: A::Point) {
        self.points.push(self.arithmetic.eighth_power(&eighth));
        self.commitments.push(eighth);
    }

    /// 0.4 and 0.5, which go into the verdicts.
    fn decode(&mut self, encoded: [Encoded; N]) -> (A::Element, A::Base) {
        let (element, base, eighth, flags) = self.arithmetic.decode(&encoded);
        self.eighths.push(eighth);
        for (verdict, flag) in self.verdicts.iter_mut().zip(flags) {
            *verdict = verdict.and(flag);
        }
        (element, base)
    }

    fn question(&mut self, question: &Question) {
        let arithmetic = self.arithmetic;
        let (mut alpha_sum, mut beta_sum) = (arithmetic.identity(), arithmetic.identity());
        let mut blank = None;
        for index in 0..question.choices() {
            let (alpha, beta, ready) = self.choice();
            self.statement(&ready.alpha, &ready.beta);
            self.statement(&ready.alpha, &ready.beta_over_g);
            if question.blank && index == 0 {
                blank = Some(ready);
            } else {
                alpha_sum = arithmetic.product(&alpha_sum, &alpha);
                beta_sum = arithmetic.product(&beta_sum, &beta);
            }
        }
        self.sums(question, &alpha_sum, &beta_sum, blank.as_ref());
    }

    /// The next choice, decoded.
    fn choice(&mut self) -> (A::Element, A::Element, Ready<N, A>) {
        let choices = self.ballots.map(|ballot| ballot.choices[self.next_choice]);
        self.next_choice += 1;
        let (alpha, alpha_base) = self.decode(choices.map(|choice| choice.alpha));
        let (beta, beta_base) = self.decode(choices.map(|choice| choice.beta));
        let beta_over_g = self.arithmetic.base(&self.arithmetic.divided_by_g(&beta));
        (alpha, beta, Ready { alpha: alpha_base, beta: beta_base, beta_over_g })
    }

    /// αΣ and βΣ, and what is said about them and about "blank".
    fn sums(&mut self, question: &Question, alpha: &A::Element, beta: &A::Element, blank: Option<&Ready<N, A>>) {
        let arithmetic = self.arithmetic;
        self.points.push(arithmetic.point(alpha));
        self.points.push(arithmetic.point(beta));
        let alpha_base = arithmetic.base(alpha);
        if let Some(blank) = blank {
            self.statement(&blank.alpha, &blank.beta_over_g);
        }
        let mut shifted = beta.clone();
        for _ in 0..question.min {
            shifted = arithmetic.divided_by_g(&shifted);
        }
        for m in question.min..=question.max {
            if m > question.min {
                shifted = arithmetic.divided_by_g(&shifted);
            }
            self.statement(&alpha_base, &arithmetic.base(&shifted));
        }
        if let Some(blank) = blank {
            self.statement(&blank.alpha, &blank.beta);
            self.statement(&alpha_base, &arithmetic.base(beta));
        }
    }

    /// A and B of a statement about (α, β/g^m), with the next proof of each ballot.
    fn statement(&mut self, alpha: &A::Base, beta: &A::Base) {
        let proofs: [Proof; N] = array::from_fn(|lane| self.ballots[lane].proofs[self.next_proof].to_eighth());
        self.next_proof += 1;
        self.commitment(self.arithmetic.commit_g(alpha, &proofs));
        self.commitment(self.arithmetic.commit_y(beta, &proofs));
    }
}

/// One ballot's proofs, and its recomputed points in the order in which [`Recomputation`] makes them.
pub(crate) struct Values<'a, I: Iterator<Item = Encoded>> {
    proofs: std::slice::Iter<'a, Written>,
    points: I,
}

impl<'a, I: Iterator<Item = Encoded>> Values<'a, I> {
    pub(crate) fn new(proofs: &'a [Written], points: I) -> Self {
        Self { proofs: proofs.iter(), points }
    }

    fn points(&mut self, count: usize) -> Vec<Encoded> {
        self.points.by_ref().take(count).collect()
    }

    /// Whether the challenges of the next `count` proofs add up to the hash of their commitments.
    fn hold(&mut self, count: usize, hash: impl FnOnce(&[Encoded]) -> curve25519_dalek::Scalar) -> bool {
        let commitments = self.points(2 * count);
        let mut challenges = Wide::default();
        self.proofs.by_ref().take(count).for_each(|proof| challenges.add_words(&proof.challenge.0));
        commitments.len() == 2 * count && hash(&commitments) == challenges.reduce()
    }
}

/// 4.11 to 4.15: the hashes of the recomputed commitments are the challenges.
pub(crate) fn check_hashes<I: Iterator<Item = Encoded>>(
    election: &Election,
    ballot: &Ballot,
    mut values: Values<I>,
) -> Result<(), Refusal> {
    let context = Context::new(&election.hash, &ballot.credential);
    let mut choices = &ballot.choices[..];
    for question in &election.questions {
        let (own, rest) = choices.split_at(question.choices());
        choices = rest;
        for choice in own {
            let hash = |points: &[Encoded]| context.prove(&choice.alpha, &choice.beta, points);
            refuse_unless(values.hold(2, hash), Refusal::IndividualProof)?;
        }
        let sums = values.points(2);
        let whole = context.with_choices(own.iter().map(|choice| (&choice.alpha, &choice.beta)));
        if question.blank {
            refuse_unless(values.hold(question.overall(), |points| whole.bproof1(points)), Refusal::OverallProof)?;
            refuse_unless(values.hold(2, |points| whole.bproof0(points)), Refusal::BlankProof)?;
        } else {
            let hash = |points: &[Encoded]| whole.prove(&sums[0], &sums[1], points);
            refuse_unless(values.hold(question.overall(), hash), Refusal::OverallProof)?;
        }
    }
    refuse_unless(ballot.signed_hash == number::base64(&ballot.unsigned_digest), Refusal::SignatureHash)?;
    let commitment = values.points(1);
    let challenge = transcript::signature(&ballot.signed_hash, &commitment[0]);
    refuse_unless(words(&challenge) == ballot.signature.challenge.0, Refusal::Signature)
}

fn refuse_unless(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}
