//! A valid ballot with pieces of it replaced or moved: refused, unless nothing was changed.
#![no_main]

use std::sync::LazyLock;

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use libfuzzer_sys::fuzz_target;
use sanduq_speed_core::random::SystemRandom;
use sanduq_speed_core::seal::Sealer;
use sanduq_speed_core::{Checker, Election, Question, group};

const HASH: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0";

static BOOTH: LazyLock<(Checker, Vec<u8>)> = LazyLock::new(|| {
    let questions = [Question { answers: 2, blank: true, min: 1, max: 2 }];
    let election = Election::new("h5DRT2sDJ5UmKr", HASH, &questions).unwrap();
    let key = EdwardsPoint::mul_base(&Scalar::from(7_u8));
    let sealer = Sealer::new(election.clone(), &key);
    let mut ballots = sealer.seal(&["AAAAA-AAAAAA-AAAAA-AAAAAA"], &[vec![vec![0, 1, 0]]], SystemRandom::new).unwrap();
    (Checker::new(election, &group::encode(&key)).unwrap(), ballots.remove(0))
});

// Each five bytes are one change: what, where, from where or with what.
fuzz_target!(|changes: &[u8]| {
    let (checker, ballot) = &*BOOTH;
    let mut text = ballot.clone();
    for change in changes.chunks_exact(5) {
        let place = |high: u8, low: u8| (usize::from(high) << 8 | usize::from(low)) % text.len();
        let (to, from) = (place(change[1], change[2]), place(change[3], change[4]));
        match change[0] % 5 {
            0 => text[to] = change[4],
            1 => text[to] = text[from],
            2 => text.insert(to, change[4]),
            3 if text.len() > 1 => drop(text.remove(to)),
            _ => {
                // Whole numbers and points change places.
                let piece = ballot[from..].split(|c| *c == b'"').next().unwrap_or(&[]).to_vec();
                let end = text.len().min(to + piece.len());
                text.splice(to..end, piece);
            }
        }
    }
    let verdict = checker.check(&text);
    assert_eq!(verdict.is_ok(), text == *ballot);
    assert_eq!(checker.check_all(&[ballot, &text, ballot])[1], verdict);
});
