//! Hints are not believed: with right ones, wrong ones and none the verdicts are the same.

mod common;

use common::{Booth, question};
use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use sanduq_speed_core::batch::Verdicts;
use sanduq_speed_core::{Checker, Question, group};

const HOW_MANY: usize = 36;

fn key() -> EdwardsPoint {
    EdwardsPoint::mul_base(&Scalar::from(1_234_567_890_123_u64))
}

/// Every kind of question, with ballots.
fn elections() -> Vec<(Booth, Vec<Vec<u8>>)> {
    let asked: [&[Question]; 5] = [
        &[question(3, false, 1, 1)],
        &[question(2, true, 0, 2)],
        &[question(4, false, 2, 6)],
        &[question(2, true, 1, 1), question(1, false, 0, 1), question(3, true, 1, 3)],
        &[question(1, false, 1, 1)],
    ];
    let made = asked.map(|questions| {
        let booth = Booth::new(questions);
        let vote = |question: &Question| {
            let chosen = (0..question.answers).map(|i| i64::from(i < question.min.max(1)));
            if question.blank { std::iter::once(0).chain(chosen).collect() } else { chosen.collect::<Vec<_>>() }
        };
        let votes = vec![questions.iter().map(vote).collect::<Vec<_>>(); HOW_MANY];
        let ballots = booth.seal(&votes);
        (booth, ballots)
    });
    made.into()
}

/// With eight lanes, and in plain arithmetic.
fn checkers(booth: &Booth) -> [Checker; 3] {
    let make = || Checker::new(booth.checker.election().clone(), &group::encode(&key())).unwrap();
    let portable = Checker::portable(booth.checker.election().clone(), &group::encode(&key())).unwrap();
    [make(), make().with_portable_batches(), portable]
}

/// On two threads, so that the ballots are cut into the same parts everywhere.
fn check(checker: &Checker, ballots: &[Vec<u8>], hints: &[u8]) -> Verdicts {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(|| checker.check_hinted(ballots, hints))
}

fn hints(checker: &Checker, ballots: &[Vec<u8>]) -> Vec<u8> {
    let made = checker.check_and_hint(ballots);
    let size = checker.election().hint_size();
    made.into_iter().flat_map(|verdict| verdict.map_or(vec![0; size], |(_, hint)| hint)).collect()
}

#[test]
fn honest_hints_are_enough() {
    for (booth, ballots) in elections() {
        let strict = booth.checker.check_all(&ballots);
        assert!(strict.iter().all(Result::is_ok));
        let [first, ..] = checkers(&booth);
        let made = hints(&first, &ballots);
        assert_eq!(made.len(), HOW_MANY * booth.checker.election().hint_size());
        for checker in checkers(&booth) {
            assert_eq!(hints(&checker, &ballots[..9]), made[..9 * checker.election().hint_size()], "one and the same, whoever makes them");
            let found = check(&checker, &ballots, &made);
            assert_eq!(found.verdicts, strict);
            assert!(found.bad.is_empty(), "{:?}", found.bad);
        }
    }
}

#[test]
fn wrong_hints_cost_time_and_nothing_else() {
    for (booth, ballots) in elections() {
        let strict = booth.checker.check_all(&ballots);
        let size = booth.checker.election().hint_size();
        for checker in checkers(&booth) {
            let made = hints(&checker, &ballots);
            let short = check(&checker, &ballots, &made[..25 * size + 17]);
            assert_eq!((short.verdicts, short.bad), (strict.clone(), (25..HOW_MANY).collect()));
            let none = check(&checker, &ballots, &[]);
            assert_eq!((none.verdicts, none.bad), (strict.clone(), (0..HOW_MANY).collect()));
            let shifted = check(&checker, &ballots, &made[size..]);
            assert_eq!((shifted.verdicts, shifted.bad), (strict.clone(), (0..HOW_MANY).collect()));
            let mut long = made.clone();
            long.extend([7; 999]);
            let long = check(&checker, &ballots, &long);
            assert_eq!((long.verdicts, long.bad), (strict.clone(), vec![]));
            let mut changed = made.clone();
            for (i, ballot) in [3, 11, 35].into_iter().enumerate() {
                changed[ballot * size + (i * 7919) % size] ^= 1 << i;
            }
            let changed = check(&checker, &ballots, &changed);
            assert_eq!((changed.verdicts, changed.bad), (strict.clone(), vec![3, 11, 35]));
        }
    }
}

/// x and y of a point, as hints write them.
fn coordinates(point: &EdwardsPoint) -> [u8; 64] {
    sanduq_speed_lanes::affine(&[group::encode(point)])[0].unwrap()
}

fn point_of(hint: &[u8]) -> EdwardsPoint {
    let mut little: [u8; 32] = hint[32..64].try_into().unwrap();
    little[31] |= (hint[0] & 1) << 7;
    CompressedEdwardsY(little).decompress().unwrap()
}

/// A point of small order makes another hint for the same points: it changes nothing. Any other point is noticed.
#[test]
fn torsion_on_every_point_of_a_hint() {
    for (booth, ballots) in elections() {
        let ballots = &ballots[..24];
        let size = booth.checker.election().hint_size();
        let [lanes, portable, _] = checkers(&booth);
        let made = hints(&lanes, ballots);
        let mut all = made.clone();
        for (number, place) in all.as_chunks_mut::<64>().0.iter_mut().enumerate() {
            let torsion = EIGHT_TORSION[number % 8];
            *place = coordinates(&(point_of(place) + torsion));
        }
        for checker in [&lanes, &portable] {
            let found = check(checker, ballots, &all);
            assert!(found.verdicts.iter().all(Result::is_ok) && found.bad.is_empty());
        }
        for point in 0..size / 64 {
            let mut one = made.clone();
            let place: &mut [u8] = &mut one[5 * size + 64 * point..][..64];
            place.copy_from_slice(&coordinates(&(point_of(place) + group::G)));
            let found = check(&lanes, ballots, &one);
            assert!(found.verdicts.iter().all(Result::is_ok));
            assert_eq!(found.bad, [5], "point {point}");
        }
    }
}

/// Spoilt ballots with the hints of the honest ones: refused as the strict engine refuses.
#[test]
fn spoilt_ballots_are_refused_alike() {
    for (booth, ballots) in elections() {
        for checker in checkers(&booth) {
            let made = hints(&checker, &ballots);
            let mut spoilt = ballots.clone();
            for (i, ballot) in spoilt.iter_mut().enumerate().filter(|(i, _)| i % 3 == 0) {
                let digits: Vec<_> = (0..ballot.len()).filter(|at| ballot[*at].is_ascii_digit()).collect();
                let at = digits[(i * 7919 + 13) % digits.len()];
                ballot[at] = if ballot[at] == b'9' { b'8' } else { ballot[at] + 1 };
            }
            let strict = booth.checker.check_all(&spoilt);
            for hints in [&made, &hints(&checker, &spoilt)] {
                let found = check(&checker, &spoilt, hints);
                assert_eq!(found.verdicts, strict);
            }
            assert!(strict.iter().enumerate().all(|(i, verdict)| verdict.is_err() == (i % 3 == 0)));
        }
    }
}
