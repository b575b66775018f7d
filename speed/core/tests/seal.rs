//! What is sealed passes, for every form of question; what may not be said is refused.

mod common;

use common::{Booth, credential, question};
use sanduq_speed_core::random::{Random, SystemRandom};
use sanduq_speed_core::{BadInput, Question};

/// Every vector of 0 and 1 for a question.
fn all_vectors(question: &Question) -> Vec<Vec<i64>> {
    let count = question.choices();
    (0..1_usize << count).map(|bits| (0..count).map(|i| (bits >> i & 1) as i64).collect()).collect()
}

fn is_legal(question: &Question, vector: &[i64]) -> bool {
    let total = vector[usize::from(question.blank)..].iter().sum::<i64>() as usize;
    if question.blank && vector[0] == 1 { total == 0 } else { (question.min..=question.max).contains(&total) }
}

#[test]
fn every_legal_vote_passes_and_no_other_is_sealed() {
    let questions = [
        question(3, false, 1, 1),
        question(2, false, 0, 1),
        question(3, false, 0, 7),
        question(3, false, 2, 3),
        question(1, false, 0, 0),
        question(1, false, 1, 1),
        question(2, true, 1, 1),
        question(3, true, 0, 2),
        question(2, true, 2, 5),
        question(1, true, 0, 0),
    ];
    for question in questions {
        let booth = Booth::new(&[question]);
        for vector in all_vectors(&question) {
            let sealed = booth.sealer.seal(&[credential(1)], &[vec![vector.clone()]], SystemRandom::new);
            assert_eq!(sealed.is_ok(), is_legal(&question, &vector), "{question:?} {vector:?}");
            for ballot in sealed.into_iter().flatten() {
                assert!(booth.checker.check(&ballot).is_ok(), "{question:?} {vector:?}");
                assert!(ballot.len() <= booth.checker.election().max_size());
            }
        }
    }
}

#[test]
fn several_questions_and_many_ballots() {
    let booth = Booth::new(&[question(2, true, 1, 1), question(4, false, 0, 2), question(3, false, 1, 1)]);
    let choices: Vec<_> = (0..21)
        .map(|i| {
            let blank = vec![i64::from(i % 3 == 0), i64::from(i % 3 == 1), i64::from(i % 3 == 2)];
            vec![blank, vec![0, i % 2, 0, 1], vec![i64::from(i % 2 == 0), 0, i % 2]]
        })
        .collect();
    let ballots = booth.seal(&choices);
    let credentials: Vec<_> = (0..21).map(credential).collect();
    let expected = sanduq_speed_core::roll::derive(common::UUID, &credentials).unwrap();
    for (verdict, credential) in booth.checker.check_all(&ballots).into_iter().zip(expected) {
        assert_eq!(verdict, Ok(credential));
    }
}

#[test]
fn choices_are_named_and_credentials_are_not() {
    let booth = Booth::new(&[question(2, false, 1, 1), question(2, true, 1, 1)]);
    let (good, secret) = (vec![vec![1, 0], vec![1, 0, 0]], credential(3));
    let message = |credential: &str, bad: Vec<Vec<i64>>| {
        let credentials = [secret.as_str(), credential];
        let BadInput(message) = booth.sealer.seal(&credentials, &[good.clone(), bad], SystemRandom::new).unwrap_err();
        message
    };
    assert!(message(&secret, vec![vec![1, 1], vec![0, 1, 0]]).starts_with("choices[1][0]"));
    assert!(message(&secret, vec![vec![1, 0], vec![1, 1, 0]]).starts_with("choices[1][1]"));
    assert!(message(&secret, vec![vec![2, -1], vec![1, 0, 0]]).starts_with("choices[1][0]"));
    assert!(message(&secret, vec![vec![1, 0]]).starts_with("choices[1]"));
    let malformed = secret.replace('A', "0");
    let text = message(&malformed, good.clone());
    assert!(text.starts_with("credentials[1]") && !text.contains(&malformed));
    assert!(booth.sealer.seal(&[&secret], &[], SystemRandom::new).is_err());
}

/// Without randomness there is no ballot.
#[test]
fn a_failing_source_is_an_error() {
    struct Broken;
    impl Random for Broken {
        fn fill(&mut self, _: &mut [u8]) -> Result<(), BadInput> {
            Err(BadInput("broken".into()))
        }
    }
    let booth = Booth::new(&[question(2, false, 1, 1)]);
    assert_eq!(booth.sealer.seal(&[credential(1)], &[vec![vec![1, 0]]], || Broken), Err(BadInput("broken".into())));
}
