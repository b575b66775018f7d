//! Making ballots (spec 4.a, 4.c; BS §Encrypted answers, §Signatures).
//!
//! A ballot is made in two steps. The [`draft`] draws all randomness and says which powers of g and y are needed: all of them, since the
//! prover knows every exponent. Then [`powers`] computes them, and the draft is hashed, answered and written.
//!
//! **Time.** Nothing here branches on a vote or on a secret, and fixed-base powers of secrets run in constant time. What was chosen
//! enters as numbers 0 and 1 modulo q: see [`proof`]. [`Sealer::vartime`] alone takes a time that depends on them, for rehearsals.

mod draft;
mod powers;
mod proof;
mod write;

use curve25519_dalek::edwards::EdwardsPoint;
use rayon::prelude::*;
use sanduq_speed_lanes::Batch;

use crate::question::{Election, Question};
use crate::random::Random;
use crate::refusal::{BadInput, require};
use crate::roll::{malformed, secret_exponent};
use draft::Draft;
use powers::Powers;

/// Seals ballots for one election.
pub struct Sealer {
    election: Election,
    powers: Powers,
}

/// What a voter says: for each question a vector of 0 and 1 in the order of the ciphertexts (with blank: "blank" first).
pub type Choices = Vec<Vec<i64>>;

impl Sealer {
    /// For an election and its key y, which the caller has checked.
    #[must_use]
    pub fn new(election: Election, key: &EdwardsPoint) -> Self {
        Self { election, powers: Powers::new(key) }
    }

    /// The same without the processor's extra instructions.
    #[must_use]
    pub fn portable(election: Election, key: &EdwardsPoint) -> Self {
        Self { election, powers: Powers::portable(key) }
    }

    /// Sooner, and **in variable time**: for rehearsals, whose votes are no secret. The ballots are as good.
    #[must_use]
    pub fn vartime(election: Election, key: &EdwardsPoint) -> Self {
        Self { election, powers: Powers::vartime(key, Batch::detect()) }
    }

    /// The same without the processor's extra instructions.
    #[must_use]
    pub fn vartime_portable(election: Election, key: &EdwardsPoint) -> Self {
        Self { election, powers: Powers::vartime(key, Batch::portable()) }
    }

    /// Complete signed ballots, in their order, on all processors. `random` makes a source of randomness for each task.
    ///
    /// # Errors
    /// A credential of another form, choices that the questions do not allow (4.18), or no randomness. The message names the place and
    /// never the credential.
    pub fn seal<T, R>(&self, credentials: &[T], choices: &[Choices], random: impl Fn() -> R + Sync) -> Result<Vec<Vec<u8>>, BadInput>
    where
        T: AsRef<str> + Sync,
        R: Random,
    {
        require(credentials.len() == choices.len(), || format!("{} credentials, but {} choices", credentials.len(), choices.len()))?;
        for (index, chosen) in choices.iter().enumerate() {
            self.check_choices(index, chosen)?;
        }
        let chunk = powers::BALLOTS;
        let tasks = credentials.par_chunks(chunk).zip(choices.par_chunks(chunk)).enumerate();
        let ballots: Result<Vec<_>, _> =
            tasks.map(|(number, (credentials, choices))| self.seal_chunk(number * chunk, credentials, choices, &mut random())).collect();
        Ok(ballots?.into_iter().flatten().collect())
    }

    /// `start` is the index of the first one, for messages.
    fn seal_chunk<T: AsRef<str>>(
        &self,
        start: usize,
        credentials: &[T],
        choices: &[Choices],
        random: &mut impl Random,
    ) -> Result<Vec<Vec<u8>>, BadInput> {
        let mut drafts = Vec::with_capacity(credentials.len());
        for (i, (credential, chosen)) in credentials.iter().zip(choices).enumerate() {
            let secret = secret_exponent(&self.election.uuid, credential.as_ref()).ok_or_else(|| malformed(start + i))?;
            drafts.push(Draft::new(&self.election, secret, chosen, random)?);
        }
        let jobs: Vec<_> = drafts.iter().map(Draft::jobs).collect();
        let points = self.powers.compute(&jobs);
        let finished = drafts.iter().zip(points).map(|(draft, points)| draft.finish(&self.election, &mut points.into_iter()));
        Ok(finished.collect())
    }

    /// 4.18
    fn check_choices(&self, index: usize, choices: &Choices) -> Result<(), BadInput> {
        let count = self.election.questions.len();
        require(choices.len() == count, || format!("choices[{index}]: expected {count} questions, got {}", choices.len()))?;
        for (q, (question, chosen)) in self.election.questions.iter().zip(choices).enumerate() {
            require(is_allowed(question, chosen), || format!("choices[{index}][{q}]: not an answer that the question allows"))?;
        }
        Ok(())
    }
}

fn is_allowed(question: &Question, chosen: &[i64]) -> bool {
    if chosen.len() != question.choices() || chosen.iter().any(|m| !matches!(m, 0 | 1)) {
        return false;
    }
    let (blank, answers) = chosen.split_at(usize::from(question.blank));
    let count = answers.iter().filter(|m| **m == 1).count();
    match blank {
        [1] => count == 0,
        _ => (question.min..=question.max).contains(&count),
    }
}
