//! Many ballots at once, with hints (spec 0.e, 4.e): sooner than one by one, and the same verdicts.
//!
//! A hint gives, for each of a ballot's points P, a point Q that is said to be P to the power 1/8. Nothing is believed:
//!
//! 1. Q is on the curve, and Q⁸ is P: of credential and choices the very bytes of the ballot, which shows at once that these are canonical and
//!    in the group (0.4, 0.5). Of commitments Q⁸ is by definition what is meant.
//! 2. The hashes of the commitments are the challenges (4.11 to 4.15).
//! 3. The commitments are what the proofs say: all equations of all ballots together, as one equation with random coefficients.
//!
//! A ballot that fails 1 or 2 is checked without its hint, alone. If 3 fails, all of them are. So a refusal is always the strict engine's.

mod equations;

use rayon::prelude::*;
use sanduq_speed_lanes::{Affine, Batch, Points};

use crate::ballot::Ballot;
use crate::check::{Checker, Values, check_alphas, check_hashes};
use crate::group::Encoded;
use crate::question::Election;
use crate::random::{Random, SystemRandom};
use crate::refusal::Refusal;
use equations::Equations;

/// How many ballots are checked together at the most: more share the buckets' costs among them, fewer stay nearer to the processor. One is
/// enough, and still not dearer than without hints.
pub const LARGEST: usize = 4096;

/// Verdicts on ballots in their order, and which hints were missing or not their ballot's.
pub struct Verdicts {
    /// Of each ballot its credential, or why it is refused.
    pub verdicts: Vec<Result<Encoded, Refusal>>,
    /// The ballots that were accepted or refused without their hints.
    pub bad: Vec<usize>,
}

/// What checking ballots together left.
pub(crate) struct Together {
    /// Which were accepted.
    pub good: Vec<bool>,
    points: Points,
    layout: Layout,
}

/// Where the points of hints stand.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    /// How many ballots there are.
    pub ballots: usize,
    /// Credential, α and β of all choices: points with long coefficients.
    pub long: usize,
    /// Commitments: points with short ones.
    pub short: usize,
}

impl Layout {
    fn new(election: &Election, ballots: usize) -> Self {
        let long = 1 + 2 * election.choices();
        Self { ballots, long, short: election.hint_points() - long }
    }

    /// The place of a ballot's point among all, long ones first.
    const fn place(&self, ballot: usize, point: usize) -> u32 {
        let place =
            if point < self.long { ballot * self.long + point } else { self.ballots * self.long + ballot * self.short + point - self.long };
        place as u32
    }

    const fn points(&self) -> usize {
        self.long + self.short
    }
}

impl Checker {
    /// The verdicts on many ballots of which hints are there, on all processors. `hints` are records (0.e), the first one of the first ballot;
    /// of the ballots behind the last whole record there are none.
    pub fn check_hinted<T: AsRef<[u8]> + Sync>(&self, texts: &[T], hints: &[u8]) -> Verdicts {
        let size = self.election.hint_size();
        let batch = texts.len().div_ceil(rayon::current_num_threads()).clamp(1, LARGEST);
        let parts: Vec<_> = texts
            .par_chunks(batch)
            .enumerate()
            .map(|(number, texts)| {
                let start = (number * batch).saturating_mul(size).min(hints.len());
                let own = &hints[start..hints.len().min(start + batch * size)];
                self.check_batch(texts, own, &mut SystemRandom::new())
            })
            .collect();
        let mut all = Verdicts { verdicts: Vec::with_capacity(texts.len()), bad: Vec::new() };
        for part in parts {
            all.bad.extend(part.bad.iter().map(|index| all.verdicts.len() + index));
            all.verdicts.extend(part.verdicts);
        }
        all
    }

    /// One batch, on this thread.
    fn check_batch<T: AsRef<[u8]> + Sync>(&self, texts: &[T], hints: &[u8], random: &mut impl Random) -> Verdicts {
        let size = self.election.hint_size();
        let hinted = texts.len().min(hints.len() / size);
        let mut verdicts: Vec<Option<Result<Encoded, Refusal>>> = vec![None; texts.len()];
        if hinted > 0 {
            let read: Vec<_> = texts[..hinted].iter().map(|text| Ballot::read(&self.election, text.as_ref())).collect();
            let together = self.together(&read, &hints[..hinted * size], random);
            for ((verdict, ballot), good) in verdicts.iter_mut().zip(read).zip(together.good) {
                *verdict = match ballot {
                    Err(refusal) => Some(Err(refusal)),
                    Ok(ballot) => good.then_some(Ok(ballot.credential)),
                };
            }
        }
        let rest: Vec<_> = (0..texts.len()).filter(|index| verdicts[*index].is_none()).collect();
        let alone: Vec<_> = rest.iter().map(|index| texts[*index].as_ref()).collect();
        for (index, verdict) in rest.iter().zip(self.check_all(&alone)) {
            verdicts[*index] = Some(verdict);
        }
        // Of a few ballots the hints were not looked at.
        let bad = if hinted > 0 { rest } else { (hinted..texts.len()).collect() };
        Verdicts { verdicts: verdicts.into_iter().map(|verdict| verdict.unwrap_or(Err(Refusal::Text))).collect(), bad }
    }

    /// Which of these ballots are accepted with their hints, of which there are at least as many. Of the others nothing is said.
    pub(crate) fn together(&self, ballots: &[Result<Ballot, Refusal>], hints: &[u8], random: &mut impl Random) -> Together {
        let layout = Layout::new(&self.election, ballots.len());
        let count = layout.points();
        let rows: &[Affine] = &hints.as_chunks().0[..ballots.len() * count];
        let places: Vec<_> = (0..rows.len()).map(|i| layout.place(i / count, i % count)).collect();
        let mut points = Points::new(rows.len());
        let eighths = self.batch.read(rows, &places, &mut points);
        let sums = self.sums(&points, layout);
        let mut hashed = Vec::with_capacity(count);
        let mut good = Vec::with_capacity(ballots.len());
        for (index, ballot) in ballots.iter().enumerate() {
            let own = &eighths[index * count..(index + 1) * count];
            let holds = |ballot: &Ballot| {
                fits(ballot, &own[..layout.long])
                    && check_alphas(ballot).is_ok()
                    && self.transcript(&own[layout.long..], &sums, index, &mut hashed)
                    && {
                        let values = Values::new(&ballot.proofs, hashed.iter().copied());
                        check_hashes(&self.election, ballot, values).is_ok()
                    }
            };
            good.push(ballot.as_ref().is_ok_and(holds));
        }
        let candidates = ballots.iter().zip(&good).map(|(ballot, good)| ballot.as_ref().ok().filter(|_| *good));
        if !good.contains(&true) || !self.equations_hold(candidates, &points, layout, random) {
            good.fill(false);
        }
        Together { good, points, layout }
    }

    /// α and β of each choice: the sum of some ballots that were good together.
    pub(crate) fn sum_together(&self, together: &Together, ballots: &[usize]) -> Vec<Encoded> {
        let column = |point: usize| {
            let places: Vec<_> = ballots.iter().map(|ballot| together.layout.place(*ballot, point)).collect();
            self.batch.product(&together.points, &places)
        };
        (1..together.layout.long).map(column).collect()
    }

    /// For each question without "blank" αΣ and βΣ of each ballot.
    fn sums(&self, points: &Points, layout: Layout) -> Vec<Vec<Encoded>> {
        let mut first = 1;
        let mut sums = Vec::with_capacity(self.election.questions.len());
        for question in &self.election.questions {
            let choices = question.choices();
            let mut lists = Vec::new();
            if !question.blank {
                for ballot in 0..layout.ballots {
                    for half in 0..2 {
                        lists.extend((0..choices).map(|choice| layout.place(ballot, first + 2 * choice + half)));
                    }
                }
            }
            sums.push(self.batch.products(points, &lists, choices));
            first += 2 * choices;
        }
        sums
    }

    /// The points that enter the hashes, in the order in which [`check_hashes`] takes them; false if one of them is none.
    fn transcript(&self, commitments: &[Option<Encoded>], sums: &[Vec<Encoded>], ballot: usize, out: &mut Vec<Encoded>) -> bool {
        out.clear();
        let mut commitments = commitments.iter();
        for (question, sums) in self.election.questions.iter().zip(sums) {
            let individual = 4 * question.choices();
            let rest = 2 * question.overall() + if question.blank { 4 } else { 0 };
            out.extend(commitments.by_ref().take(individual).flatten());
            match sums.get(2 * ballot..2 * ballot + 2) {
                Some(pair) => out.extend_from_slice(pair),
                // With "blank" the sums are in no hash.
                None => out.extend([[0; 32]; 2]),
            }
            out.extend(commitments.by_ref().take(rest).flatten());
        }
        out.extend(commitments.flatten());
        out.len() == self.election.hint_points() - 1 - 2 * self.election.choices() + 2 * self.election.questions.len()
    }

    /// All equations of these ballots together.
    fn equations_hold<'a>(
        &self,
        ballots: impl Iterator<Item = Option<&'a Ballot>>,
        points: &Points,
        layout: Layout,
        random: &mut impl Random,
    ) -> bool {
        let mut equations = Equations::new(layout);
        for ballot in ballots {
            if equations.add(&self.election, ballot, random).is_err() {
                return false;
            }
        }
        let others = equations.others(&self.key);
        self.batch.is_identity(points, &equations.long, &equations.short, &others)
    }

    /// The checker with another arithmetic for batches, for tests and measurements; the verdicts are the same.
    #[must_use]
    pub fn with_portable_batches(mut self) -> Self {
        self.batch = Batch::portable();
        self
    }
}

/// Whether these are the ballot's own points.
fn fits(ballot: &Ballot, eighths: &[Option<Encoded>]) -> bool {
    let own = ballot.choices.iter().flat_map(|choice| [&choice.alpha, &choice.beta]);
    eighths[0].as_ref() == Some(&ballot.credential) && own.eq(eighths[1..].iter().flatten()) && eighths.iter().all(Option::is_some)
}
