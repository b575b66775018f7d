//! A ballot of which all randomness is drawn and nothing is hashed yet.

use curve25519_dalek::scalar::Scalar;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, Zeroizing};

use super::powers::Job;
use super::proof::{Disjunct, Opening, answers};
use super::write;
use crate::ballot::{Ciphertext, Proof};
use crate::group::Encoded;
use crate::question::{Election, Question};
use crate::random::Random;
use crate::refusal::BadInput;
use crate::transcript::{self, Context};

/// One question's answer, and [`Draft`] the whole ballot. Wiped when dropped.
struct Answer {
    openings: Vec<Opening>,
    individual: Vec<[Disjunct; 2]>,
    overall: Vec<Disjunct>,
    /// Empty where blank is not allowed.
    blank: Vec<Disjunct>,
}

pub(super) struct Draft {
    secret: Zeroizing<Scalar>,
    nonce: Zeroizing<Scalar>,
    answers: Vec<Answer>,
    jobs: Vec<Job>,
}

/// An answer that is hashed and proven.
pub(super) struct Proven {
    pub choices: Vec<Ciphertext>,
    pub individual: Vec<Vec<Proof>>,
    pub overall: Vec<Proof>,
    pub blank: Option<Vec<Proof>>,
}

impl Draft {
    /// `choices` are what the questions allow.
    pub fn new(election: &Election, secret: Zeroizing<Scalar>, choices: &[Vec<i64>], random: &mut impl Random) -> Result<Self, BadInput> {
        let nonce = Zeroizing::new(random.scalar()?);
        let mut answers = Vec::with_capacity(choices.len());
        for (question, chosen) in election.questions.iter().zip(choices) {
            answers.push(Answer::new(question, chosen, random)?);
        }
        // Room for all at once: a list that grows leaves copies behind.
        let count = answers.iter().map(Answer::count_jobs).sum::<usize>() + 2;
        let mut jobs = Vec::with_capacity(count);
        jobs.push(Job::G(*secret));
        for answer in &answers {
            answer.push_jobs(&mut jobs);
        }
        jobs.push(Job::G(*nonce));
        debug_assert_eq!(jobs.len(), count);
        Ok(Self { secret, nonce, answers, jobs })
    }

    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The ballot's text; `points` gives the results of the jobs.
    pub fn finish(&self, election: &Election, points: &mut impl Iterator<Item = Encoded>) -> Vec<u8> {
        let credential = take(points, 1)[0];
        let context = Context::new(&election.hash, &credential);
        let proven = self.answers.iter().map(|answer| answer.prove(&context, points));
        let mut text = write::unsigned(election, &credential, proven);
        let hash = write::unsigned_hash(&text);
        let challenge = transcript::signature(&hash, &take(points, 1)[0]);
        let response = *self.nonce - *self.secret * challenge;
        write::sign(&mut text, &hash, &Proof { challenge, response });
        text
    }
}

fn take(points: &mut impl Iterator<Item = Encoded>, count: usize) -> Vec<Encoded> {
    points.take(count).collect()
}

impl Answer {
    fn new(question: &Question, chosen: &[i64], random: &mut impl Random) -> Result<Self, BadInput> {
        let mut openings = Vec::with_capacity(chosen.len());
        let mut individual = Vec::with_capacity(chosen.len());
        for m in chosen {
            let opening = Opening { r: random.scalar()?, m: Scalar::from(u64::from(*m == 1)) };
            openings.push(opening);
            individual.push([Disjunct::new(&opening, 0, Scalar::ONE - opening.m, random)?, Disjunct::new(&opening, 1, opening.m, random)?]);
        }
        let sum = Zeroizing::new(Opening::product(&openings[usize::from(question.blank)..]));
        let is_blank = if question.blank { openings[0].m } else { Scalar::ZERO };
        let mut overall = Vec::with_capacity(question.overall());
        let mut blank = Vec::with_capacity(2);
        if question.blank {
            // m₀ = 1 ∨ mΣ ∈ [min, max], and m₀ = 0 ∨ mΣ = 0: of a blank vote the first and the last are proven.
            overall.push(Disjunct::new(&openings[0], 1, is_blank, random)?);
            blank.push(Disjunct::new(&openings[0], 0, Scalar::ONE - is_blank, random)?);
            blank.push(Disjunct::new(&sum, 0, is_blank, random)?);
        }
        for claim in question.min..=question.max {
            let equal = Scalar::from(sum.m.ct_eq(&Scalar::from(claim as u64)).unwrap_u8());
            overall.push(Disjunct::new(&sum, claim, (Scalar::ONE - is_blank) * equal, random)?);
        }
        Ok(Self { openings, individual, overall, blank })
    }

    fn count_jobs(&self) -> usize {
        2 * (3 * self.openings.len() + self.overall.len() + self.blank.len()) + 2
    }

    /// α and β of each choice and of their product; then A and B of each disjunct.
    fn push_jobs(&self, jobs: &mut Vec<Job>) {
        for opening in &self.openings {
            let bit = Choice::from(opening.m.as_bytes()[0]);
            jobs.extend([Job::G(opening.r), Job::YBit(opening.r, bit)]);
        }
        jobs.extend([Job::Product(self.openings.len()); 2]);
        for disjunct in self.individual.iter().flatten() {
            jobs.extend(disjunct.jobs(false));
        }
        for disjunct in self.overall.iter().chain(&self.blank) {
            jobs.extend(disjunct.jobs(self.overall.len() == 1));
        }
    }

    fn prove(&self, context: &Context, points: &mut impl Iterator<Item = Encoded>) -> Proven {
        let pairs = take(points, 2 * self.openings.len());
        let ciphertext = |pair: &[Encoded]| Ciphertext { alpha: pair[0], beta: pair[1] };
        let choices: Vec<_> = pairs.chunks_exact(2).map(ciphertext).collect();
        let sum = ciphertext(&take(points, 2));
        let prove_one = |(choice, disjuncts): (&Ciphertext, &[Disjunct; 2])| {
            answers(disjuncts, &context.prove(&choice.alpha, &choice.beta, &take(points, 4)))
        };
        let individual = choices.iter().zip(&self.individual).map(prove_one).collect();
        let whole = context.with_choices(choices.iter().map(|choice| (&choice.alpha, &choice.beta)));
        let commitments = take(points, 2 * self.overall.len());
        let (overall, blank) = if self.blank.is_empty() {
            (whole.prove(&sum.alpha, &sum.beta, &commitments), None)
        } else {
            let hash = whole.bproof0(&take(points, 4));
            (whole.bproof1(&commitments), Some(answers(&self.blank, &hash)))
        };
        Proven { choices, individual, overall: answers(&self.overall, &overall), blank }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.openings.zeroize();
        self.individual.zeroize();
        self.overall.zeroize();
        self.blank.zeroize();
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.jobs.zeroize();
    }
}
