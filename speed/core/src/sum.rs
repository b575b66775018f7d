//! Products of ballots: the encryption of the sum of their votes (spec 7; BS §Encrypted tally).

use std::array;

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use rayon::prelude::*;
use sanduq_speed_lanes::{Lanes, Point, WIDTH};

use crate::ballot::Ballot;
use crate::group::{self, Encoded, LANES};
use crate::question::Election;
use crate::refusal::{BadInput, require};

/// How many ballots one task sums.
const CHUNK: usize = 32 * WIDTH;

/// For each choice of each question α and β of ∏ choice^weight, over ballots that were accepted before.
///
/// A negative weight takes a ballot out again. The proofs are not looked at, nor is the group: **the caller has checked the ballots.**
///
/// # Errors
/// Lists of different lengths; a text that is no ballot of this election.
pub fn sum<T: AsRef<[u8]> + Sync>(election: &Election, texts: &[T], weights: &[i64]) -> Result<Vec<Encoded>, BadInput> {
    require(texts.len() == weights.len(), || format!("{} ballots, but {} weights", texts.len(), weights.len()))?;
    let nothing = || vec![group::identity(); 2 * election.choices()];
    let tasks = texts.par_chunks(CHUNK).zip(weights.par_chunks(CHUNK)).enumerate();
    let total =
        tasks.map(|(number, (texts, weights))| sum_chunk(election, number * CHUNK, texts, weights)).try_reduce(nothing, |mut a, b| {
            add_all(&mut a, &b);
            Ok(a)
        })?;
    Ok(group::encode_all(&total))
}

fn add_all(sums: &mut [EdwardsPoint], points: &[EdwardsPoint]) {
    for (sum, point) in sums.iter_mut().zip(points) {
        *sum += point;
    }
}

/// `start` is the index of the first text, for messages.
fn sum_chunk<T: AsRef<[u8]>>(election: &Election, start: usize, texts: &[T], weights: &[i64]) -> Result<Vec<EdwardsPoint>, BadInput> {
    let mut sums = vec![group::identity(); 2 * election.choices()];
    let mut side_by_side = LANES.as_ref().map(|(lanes, _)| SideBySide::new(*lanes, sums.len()));
    for (number, (texts, weights)) in texts.chunks(WIDTH).zip(weights.chunks(WIDTH)).enumerate() {
        let read = |(i, text): (usize, &T)| {
            let refused = || BadInput(format!("ballots[{}]: not a ballot of this election", start + number * WIDTH + i));
            encodings(election, text.as_ref()).ok_or_else(refused)
        };
        let ballots = texts.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        // Eight ballots that all count once are the common case.
        let done = match &mut side_by_side {
            Some(lanes) if weights == [1; WIDTH] => lanes.add(&ballots),
            _ => false,
        };
        if !done {
            for (i, (ballot, weight)) in ballots.iter().zip(weights).enumerate() {
                let refused = || BadInput(format!("ballots[{}]: holds what is no point", start + number * WIDTH + i));
                add_all(&mut sums, &vartime_weighted(ballot, *weight).ok_or_else(refused)?);
            }
        }
    }
    for eight in side_by_side.iter().flat_map(SideBySide::sums) {
        add_all(&mut sums, &eight.ok_or_else(|| BadInput("a sum is no point: a fault of the engine".into()))?);
    }
    Ok(sums)
}

/// α and β of each choice, as written.
fn encodings(election: &Election, text: &[u8]) -> Option<Vec<Encoded>> {
    let ballot = Ballot::read(election, text).ok()?;
    Some(ballot.choices.iter().flat_map(|choice| [choice.alpha, choice.beta]).collect())
}

/// The points' powers. Weights stand on the public list.
fn vartime_weighted(encodings: &[Encoded], weight: i64) -> Option<Vec<EdwardsPoint>> {
    let power = |point: EdwardsPoint| {
        let power = match weight.unsigned_abs() {
            1 => point,
            w => EdwardsPoint::vartime_double_scalar_mul_basepoint(&Scalar::from(w), &point, &Scalar::ZERO),
        };
        if weight < 0 { -power } else { power }
    };
    encodings.iter().map(|encoded| group::unchecked_decode(encoded).map(power)).collect()
}

/// Eight sums, each of every eighth ballot.
struct SideBySide {
    lanes: Lanes,
    points: Vec<Point>,
}

impl SideBySide {
    fn new(lanes: Lanes, count: usize) -> Self {
        let nothing = lanes.point(&lanes.identity());
        Self { lanes, points: vec![nothing; count] }
    }

    /// Whether all was well; if not, nothing was added.
    fn add(&mut self, ballots: &[Vec<Encoded>]) -> bool {
        let mut sums = Vec::with_capacity(self.points.len());
        for (i, sum) in self.points.iter().enumerate() {
            let (point, found) = self.lanes.unchecked_decode(&array::from_fn(|lane| ballots[lane][i]));
            if found != [true; WIDTH] {
                return false;
            }
            sums.push(self.lanes.product_of_points(sum, &point));
        }
        self.points = sums;
        true
    }

    fn sums(&self) -> Vec<Option<Vec<EdwardsPoint>>> {
        let encoded = self.lanes.encode(&self.points);
        let lane = |lane: usize| encoded.iter().map(|row| group::unchecked_decode(&row[lane])).collect();
        (0..WIDTH).map(lane).collect()
    }
}

/// The products, pair by pair, of two lists of group elements (the identity is one).
///
/// # Errors
/// Lists of different lengths; an encoding that is no element of the group.
pub fn add_points(a: &[Encoded], b: &[Encoded]) -> Result<Vec<Encoded>, BadInput> {
    require(a.len() == b.len(), || format!("{} points, but {} points", a.len(), b.len()))?;
    let decode = |name: &str, index: usize, encoded: &Encoded| {
        group::decode(encoded).ok_or_else(|| BadInput(format!("{name}[{index}]: not an element of the group")))
    };
    let sums: Result<Vec<_>, _> = a.par_iter().zip(b).enumerate().map(|(i, (x, y))| Ok(decode("a", i, x)? + decode("b", i, y)?)).collect();
    Ok(group::encode_all(&sums?))
}

/// The products, pair by pair, of lists of the same length of points that were **checked before**.
pub(crate) fn unchecked_add(a: &[Encoded], b: &[Encoded]) -> Vec<Encoded> {
    let decode = |encoded| group::unchecked_decode(encoded).expect("a point that was encoded here");
    let sums: Vec<_> = a.iter().zip(b).map(|(x, y)| decode(x) + decode(y)).collect();
    group::encode_all(&sums)
}
