//! Products of ballots: the encryption of the sum of their votes (spec 7; BS §Encrypted tally).

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use rayon::prelude::*;

use crate::ballot::Ballot;
use crate::group::{self, Encoded};
use crate::question::Election;
use crate::refusal::{BadInput, require};

/// For each choice of each question α and β of ∏ choice^weight, over ballots that were accepted before.
///
/// A negative weight takes a ballot out again. The proofs are not looked at, nor is the group: **the caller has checked the ballots.**
///
/// # Errors
/// Lists of different lengths; a text that is no ballot of this election.
pub fn sum<T: AsRef<[u8]> + Sync>(election: &Election, texts: &[T], weights: &[i64]) -> Result<Vec<Encoded>, BadInput> {
    require(texts.len() == weights.len(), || format!("{} ballots, but {} weights", texts.len(), weights.len()))?;
    let empty = || vec![group::identity(); 2 * election.choices()];
    let total = texts
        .par_iter()
        .zip(weights)
        .enumerate()
        .try_fold(empty, |mut sums, (index, (text, weight))| {
            let ballot =
                points(election, text.as_ref()).ok_or_else(|| BadInput(format!("ballots[{index}]: not a ballot of this election")))?;
            for (sum, point) in sums.iter_mut().zip(ballot) {
                *sum += vartime_weighted(&point, *weight);
            }
            Ok(sums)
        })
        .try_reduce(empty, |a, b| Ok(a.iter().zip(b).map(|(x, y)| x + y).collect()))?;
    Ok(group::encode_all(&total))
}

fn points(election: &Election, text: &[u8]) -> Option<Vec<EdwardsPoint>> {
    let ballot = Ballot::read(election, text).ok()?;
    let encodings = ballot.choices.iter().flat_map(|choice| [&choice.alpha, &choice.beta]);
    encodings.map(group::unchecked_decode).collect()
}

/// P^weight. Weights stand on the public list.
fn vartime_weighted(point: &EdwardsPoint, weight: i64) -> EdwardsPoint {
    let power = match weight.unsigned_abs() {
        1 => *point,
        w => EdwardsPoint::vartime_double_scalar_mul_basepoint(&Scalar::from(w), point, &Scalar::ZERO),
    };
    if weight < 0 { -power } else { power }
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
