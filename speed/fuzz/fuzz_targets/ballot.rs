//! Any bytes: no panic, and what is accepted is a text that the engine itself could have written.
#![no_main]

use std::sync::LazyLock;

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use libfuzzer_sys::fuzz_target;
use sanduq_speed_core::{Checker, Election, Question, group, sum};

const HASH: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0";

static CHECKER: LazyLock<Checker> = LazyLock::new(|| {
    let questions = [Question { answers: 1, blank: false, min: 0, max: 1 }, Question { answers: 1, blank: true, min: 1, max: 1 }];
    let election = Election::new("h5DRT2sDJ5UmKr", HASH, &questions).unwrap();
    Checker::new(election, &group::encode(&EdwardsPoint::mul_base(&Scalar::from(7_u8)))).unwrap()
});

fuzz_target!(|text: &[u8]| {
    let verdict = CHECKER.check(text);
    let summed = sum::sum(CHECKER.election(), &[text], &[-3]);
    assert!(verdict.is_err() || summed.is_ok());
    // Side by side, where the processor can, the verdict is the same.
    assert_eq!(CHECKER.check_all(&[text, text]), [verdict; 2]);
});
