//! Eight ballots side by side and one by one: the same verdicts, whatever stands beside a ballot. On a processor without the
//! instructions both are the same code.

mod common;

use common::{Booth, question};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use sanduq_speed_core::random::SystemRandom;
use sanduq_speed_core::seal::Sealer;
use sanduq_speed_core::{Checker, group, roll, sum};

fn key() -> EdwardsPoint {
    EdwardsPoint::mul_base(&Scalar::from(1_234_567_890_123_u64))
}

/// Every n-th ballot spoilt at one byte of its values.
fn spoil(ballots: &mut [Vec<u8>], step: usize) {
    for (i, ballot) in ballots.iter_mut().enumerate().filter(|(i, _)| i % step == 0) {
        let digits: Vec<_> = (0..ballot.len()).filter(|at| ballot[*at].is_ascii_digit()).collect();
        let at = digits[(i * 7919 + 13) % digits.len()];
        ballot[at] = if ballot[at] == b'9' { b'8' } else { ballot[at] + 1 };
    }
}

#[test]
fn the_same_verdicts() {
    for asked in [question(3, false, 1, 1), question(2, true, 0, 2), question(4, false, 2, 6)] {
        let booth = Booth::new(&[asked]);
        let vote = [i64::from(asked.blank), 0, 0, 0];
        let vote = if asked.blank { vote[..3].to_vec() } else { [1, i64::from(asked.min > 1), 0, 0][..asked.answers].to_vec() };
        let portable = Checker::portable(booth.checker.election().clone(), &group::encode(&key())).unwrap();
        for count in [1, 2, 7, 8, 9, 31] {
            for step in [1, 2, 3, 64] {
                let mut ballots = booth.seal(&vec![vec![vote.clone()]; count]);
                spoil(&mut ballots, step);
                let verdicts = booth.checker.check_all(&ballots);
                assert_eq!(verdicts, portable.check_all(&ballots));
                for (i, verdict) in verdicts.iter().enumerate() {
                    assert_eq!(verdict.is_ok(), i % step != 0, "{asked:?} {count} {step} {i}: {verdict:?}");
                }
            }
        }
    }
}

#[test]
fn vectors_have_the_same_verdicts() {
    for archive in [common::archives("honest", ""), common::archives("forged", "ballot-")].into_iter().flatten() {
        let portable = Checker::portable(archive.election.clone(), &archive.key).unwrap();
        assert_eq!(archive.checker().check_all(&archive.ballots), portable.check_all(&archive.ballots), "{}", archive.name);
    }
}

#[test]
fn the_other_sealers_seal() {
    let booth = Booth::new(&[question(2, true, 1, 2), question(2, false, 1, 1)]);
    for make in [Sealer::portable, Sealer::vartime, Sealer::vartime_portable] {
        let sealer = make(booth.checker.election().clone(), &key());
        let credentials: Vec<_> = (0..21).map(common::credential).collect();
        let votes = [vec![vec![0, 1, 1], vec![1, 0]], vec![vec![1, 0, 0], vec![0, 1]]];
        let votes: Vec<_> = votes.into_iter().cycle().take(21).collect();
        let ballots = sealer.seal(&credentials, &votes, SystemRandom::new).unwrap();
        let keys = roll::derive(common::UUID, &credentials).unwrap();
        let verdicts: Vec<_> = booth.checker.check_all(&ballots).into_iter().map(Result::unwrap).collect();
        assert_eq!(verdicts, keys);
    }
}

/// Sums of many ballots, most of them side by side, against the sums of one ballot each.
#[test]
fn sums_do_not_depend_on_the_way() {
    let booth = Booth::new(&[question(2, false, 0, 2)]);
    let election = booth.checker.election();
    let votes: Vec<_> = (0..21).map(|i| vec![vec![i % 2, i / 2 % 2]]).collect();
    let ballots = booth.seal(&votes);
    for weights in [[1; 21], [-1; 21], std::array::from_fn(|i| if i < 16 { 1 } else { 3 - i as i64 }), [i64::MIN; 21]] {
        let mut expected = sum::sum::<Vec<u8>>(election, &[], &[]).unwrap();
        for (ballot, weight) in ballots.iter().zip(weights) {
            let one = sum::sum(election, &[ballot], &[weight]).unwrap();
            expected = sum::add_points(&expected, &one).unwrap();
        }
        assert_eq!(sum::sum(election, &ballots, &weights).unwrap(), expected);
    }
    // g^m of a sum of votes: decrypted with the key, 10 and 10.
    let total = sum::sum(election, &ballots, &[1; 21]).unwrap();
    for pair in total.chunks_exact(2) {
        let point = |i: usize| group::decode(&pair[i]).unwrap();
        let decrypted = point(1) - point(0) * Scalar::from(1_234_567_890_123_u64);
        assert_eq!(decrypted, EdwardsPoint::mul_base(&Scalar::from(10_u8)));
    }
}

#[test]
fn bad_sums_are_named() {
    let booth = Booth::new(&[question(1, false, 0, 1)]);
    let mut ballots = booth.seal(&vec![vec![vec![1]]; 16]);
    let election = booth.checker.election();
    let message = |ballots: &[Vec<u8>]| sum::sum(election, ballots, &vec![1; ballots.len()]).unwrap_err().0;
    assert_eq!(sum::sum(election, &ballots, &[1]).unwrap_err().0, "16 ballots, but 1 weights");
    let text = String::from_utf8(ballots[11].clone()).unwrap();
    let alpha = text.split("\"alpha\":\"").nth(1).unwrap().split('"').next().unwrap();
    ballots[11] = text.replace(alpha, &format!("{:0>64}", "2")).into_bytes();
    assert!(message(&ballots).starts_with("ballots[11]"));
    ballots[13].pop();
    assert!(message(&ballots).contains("ballots[13]"));
}
