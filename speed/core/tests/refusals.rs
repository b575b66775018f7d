//! Ballots that are wrong in one way each.

mod common;

use common::{Booth, question};
use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use sanduq_speed_core::group::{self, Encoded, IDENTITY};
use sanduq_speed_core::number;
use sanduq_speed_core::{Checker, Election, Refusal};

const Q: &str = "7237005577332262213973186563042994240857116359379907606001950938285454250989";

/// A booth of two questions, one of them with blank, and a valid ballot as text.
fn sample() -> (Booth, String) {
    let booth = Booth::new(&[question(2, false, 1, 1), question(2, true, 1, 2)]);
    let ballot = booth.seal(&[vec![vec![0, 1], vec![0, 1, 1]]]).remove(0);
    assert!(booth.checker.check(&ballot).is_ok());
    (booth, String::from_utf8(ballot).unwrap())
}

/// The text behind the n-th occurrence of `marker`, up to a quotation mark.
fn value<'a>(text: &'a str, marker: &str, n: usize) -> &'a str {
    text.split(marker).nth(n + 1).unwrap().split('"').next().unwrap()
}

fn hex(encoded: &Encoded) -> String {
    String::from_utf8(group::to_hex(encoded).to_vec()).unwrap()
}

fn unhex(digits: &str) -> Encoded {
    group::from_hex(digits.as_bytes().first_chunk().unwrap()).unwrap()
}

/// q more than a decimal number.
fn plus_q(digits: &str) -> String {
    let (mut carry, mut sum) = (0, Vec::new());
    let (mut a, mut b) = (digits.bytes().rev(), Q.bytes().rev());
    loop {
        let (x, y) = (a.next(), b.next());
        if x.is_none() && y.is_none() {
            break;
        }
        let digit = x.map_or(0, |c| c - b'0') + y.map_or(0, |c| c - b'0') + carry;
        sum.push(b'0' + digit % 10);
        carry = digit / 10;
    }
    sum.push(b'0' + carry);
    let text: String = sum.iter().rev().map(|c| *c as char).collect();
    text.trim_start_matches('0').to_owned()
}

/// What was changed, the changed text, and the steps that may refuse it.
type Row<'a> = (&'a str, String, &'a [&'a str]);

fn refuse_all(booth: &Booth, text: &str, rows: &[Row]) {
    for (name, changed, steps) in rows {
        assert_ne!(changed, text, "{name}: nothing was changed");
        let refusal = booth.checker.check(changed.as_bytes()).expect_err(name);
        assert!(steps.contains(&refusal.step()), "{name}: {refusal:?}");
    }
}

#[test]
fn numbers_in_other_forms() {
    let (booth, text) = sample();
    let response = value(&text, "\"response\":\"", 0).to_owned();
    let quoted = |digits: &str| format!("\"{digits}\"");
    let rows: &[Row] = &[
        ("leading zero", text.replace(&quoted(&response), &format!("\"0{response}\"")), &["4.2", "4.1"]),
        ("plus sign", text.replace(&quoted(&response), &format!("\"+{response}\"")), &["4.2", "4.1"]),
        ("minus sign", text.replace(&quoted(&response), &format!("\"-{response}\"")), &["4.2", "4.1"]),
        ("bare number", text.replace(&quoted(&response), &response), &["4.2"]),
        ("empty number", text.replace(&quoted(&response), "\"\""), &["4.2"]),
        ("plus q", text.replace(&quoted(&response), &quoted(&plus_q(&response))), &["0.3", "4.1", "4.2"]),
        ("is q", text.replace(&quoted(&response), &quoted(Q)), &["0.3"]),
        ("77 digits", text.replace(&quoted(&response), &quoted(&"1".repeat(77))), &["4.2", "4.1"]),
        ("other response", text.replace(&quoted(&response), "\"5\""), &["4.11"]),
    ];
    refuse_all(&booth, &text, rows);
}

#[test]
fn points_in_other_forms_and_other_points() {
    let (booth, text) = sample();
    let alpha = value(&text, "\"alpha\":\"", 0).to_owned();
    let credential = value(&text, "\"credential\":\"", 0).to_owned();
    let other = value(&text, "\"alpha\":\"", 3).to_owned();
    let torsion = |encoded: &str, i: usize| hex(&group::encode(&(group::unchecked_decode(&unhex(encoded)).unwrap() + EIGHT_TORSION[i])));
    let rows: &[Row] = &[
        ("uppercase alpha", text.replace(&alpha, &alpha.to_uppercase()), &["4.2"]),
        ("alpha of order two added", text.replace(&alpha, &torsion(&alpha, 4)), &["0.5"]),
        ("alpha of order four added", text.replace(&alpha, &torsion(&alpha, 2)), &["0.5"]),
        ("alpha of order eight added", text.replace(&alpha, &torsion(&alpha, 1)), &["0.5"]),
        ("credential of order eight added", text.replace(&credential, &torsion(&credential, 3)), &["0.5"]),
        ("credential of small order", text.replace(&credential, &hex(&group::encode(&EIGHT_TORSION[4]))), &["0.5"]),
        ("credential identity", text.replace(&credential, &hex(&IDENTITY)), &["1.3"]),
        ("alpha identity", text.replace(&alpha, &hex(&IDENTITY)), &["4.9"]),
        ("alpha of another question", text.replace(&other, &alpha), &["4.10"]),
        ("no point", text.replace(&alpha, &format!("{:0>64}", "2")), &["0.4"]),
        ("y is p", text.replace(&alpha, &format!("7f{}ed", "ff".repeat(30))), &["0.4"]),
        ("y is p + 1", text.replace(&alpha, &format!("7f{}ee", "ff".repeat(30))), &["0.4"]),
        ("minus zero", text.replace(&alpha, &format!("80{}01", "00".repeat(30))), &["0.4"]),
        ("minus zero, y = -1", text.replace(&alpha, &format!("ff{}ec", "ff".repeat(30))), &["0.4"]),
    ];
    refuse_all(&booth, &text, rows);
}

#[test]
fn other_texts() {
    let (booth, text) = sample();
    let blank_proof = text.find(",\"blank_proof\"").unwrap()..text.find("],\"signature\"").unwrap() - 1;
    let rows: &[Row] = &[
        ("blank proof missing", format!("{}{}", &text[..blank_proof.start], &text[blank_proof.end..]), &["4.2"]),
        ("field between", text.replacen(",\"answers\"", ",\"x\":1,\"answers\"", 1), &["4.2", "4.1"]),
        ("field at the end", text.replace("}}}", "}},\"x\":1}"), &["4.2", "4.1"]),
        ("key twice", text.replacen("\"alpha\"", "\"alpha\":\"\",\"alpha\"", 1), &["4.2", "4.1"]),
        ("escaped", text.replacen("credential", "\\u0063redential", 1), &["4.2", "4.1"]),
        ("white space", text.replacen(",\"answers\"", ", \"answers\"", 1), &["4.2", "4.1"]),
        ("byte at the end", format!("{text}\n"), &["4.2", "4.1"]),
        ("byte before", format!(" {text}"), &["4.2", "4.1"]),
        ("byte order mark", format!("\u{feff}{text}"), &["4.2", "4.1"]),
        ("other uuid", text.replacen(common::UUID, "h5DRT2sDJ5UmKs", 1), &["4.4"]),
        ("other hash", text.replacen(common::HASH, &common::HASH.to_lowercase(), 1), &["4.5"]),
        ("nothing", String::new(), &["4.2"]),
        ("not a ballot", "{}".into(), &["4.2"]),
        ("too long", " ".repeat(booth.checker.election().max_size() + 1), &["4.1"]),
    ];
    refuse_all(&booth, &text, rows);
}

/// Where the proofs are swapped, moved or taken from elsewhere, the hash of what stands around them no longer fits.
#[test]
fn each_proof_is_needed() {
    let (booth, text) = sample();
    let count = text.matches("\"challenge\"").count();
    assert_eq!(count, 2 * 2 + 1 + 2 * 3 + 3 + 2 + 1);
    for n in 0..count {
        for marker in ["\"challenge\":\"", "\"response\":\""] {
            let old = value(&text, marker, n);
            let changed = text.replace(&format!("\"{old}\""), "\"7\"");
            let refusal = booth.checker.check(changed.as_bytes()).unwrap_err();
            let expected = match n {
                0..4 | 5..11 => Refusal::IndividualProof,
                4 | 11..14 => Refusal::OverallProof,
                14..16 => Refusal::BlankProof,
                // The field `signature` is not part of what is hashed.
                _ => Refusal::Signature,
            };
            assert_eq!(refusal, expected, "{marker} {n}");
        }
    }
    let hash = value(&text, "\"signature\":{\"hash\":\"", 0);
    let changed = text.replace(hash, common::HASH);
    let refusal = booth.checker.check(changed.as_bytes());
    assert_eq!(refusal, Err(Refusal::SignatureHash));
}

#[test]
fn a_ballot_of_other_questions_is_refused() {
    let questions = [question(2, false, 1, 1), question(2, true, 1, 1), question(2, false, 0, 1), question(3, false, 1, 1)];
    let vote = [vec![1, 0], vec![0, 1, 0], vec![0, 1], vec![0, 0, 1]];
    for (i, (asked, said)) in questions.iter().zip(&vote).enumerate() {
        let ballot = Booth::new(&[*asked]).seal(&[vec![said.clone()]]).remove(0);
        for (j, other) in questions.iter().enumerate() {
            let verdict = Booth::new(&[*other]).checker.check(&ballot);
            assert_eq!(verdict.is_ok(), i == j, "{asked:?} {other:?} {verdict:?}");
        }
    }
    let ballot = Booth::new(&[questions[0]]).seal(&[vec![vote[0].clone()]]).remove(0);
    assert!(Booth::new(&[questions[0], questions[0]]).checker.check(&ballot).is_err());
}

#[test]
fn every_truncation_and_every_flipped_byte_is_refused() {
    let booth = Booth::new(&[question(2, true, 1, 1)]);
    let ballot = booth.seal(&[vec![vec![0, 1, 0]]]).remove(0);
    let truncated: Vec<_> = (0..ballot.len()).map(|length| ballot[..length].to_vec()).collect();
    let mut changed = Vec::new();
    for at in 0..ballot.len() {
        for bit in [1, 2, 0x20, 0x80] {
            let mut other = ballot.clone();
            other[at] ^= bit;
            changed.push(other);
        }
    }
    for texts in [truncated, changed] {
        for (index, verdict) in booth.checker.check_all(&texts).iter().enumerate() {
            assert!(verdict.is_err(), "{index}");
        }
    }
}

/// 4.9 with everything else in order: r = 0 is proven as well as any other.
#[test]
fn an_identity_alpha_with_valid_proofs_is_refused() {
    use sanduq_speed_core::BadInput;
    use sanduq_speed_core::random::{Random, SystemRandom};

    /// Gives zero where the n-th number is drawn.
    struct Zero(usize, SystemRandom);
    impl Random for Zero {
        fn fill(&mut self, buffer: &mut [u8]) -> Result<(), BadInput> {
            self.0 = self.0.wrapping_sub(1);
            if self.0 == 0 {
                buffer.fill(0);
                return Ok(());
            }
            self.1.fill(buffer)
        }
    }
    let booth = Booth::new(&[question(2, false, 1, 1)]);
    let seal = |n: usize| {
        let random = || Zero(n, SystemRandom::new());
        booth.sealer.seal(&[common::credential(1)], &[vec![vec![1, 0]]], random).unwrap().remove(0)
    };
    // The first number is the signature's; then r of the first choice, two for each disjunct, r of the second.
    assert_eq!(booth.checker.check(&seal(2)), Err(Refusal::AlphaIdentity));
    assert_eq!(booth.checker.check(&seal(7)), Err(Refusal::AlphaIdentity));
    for other in [1, 3, 4, 5, 6, 8] {
        assert!(booth.checker.check(&seal(other)).is_ok(), "{other}");
    }
}

/// 4.10 with everything else in order: one r for two choices is proven as well as two, even across questions.
#[test]
fn equal_alphas_with_valid_proofs_are_refused() {
    use sanduq_speed_core::BadInput;
    use sanduq_speed_core::random::Random;

    /// Numbers from a counter that starts again.
    struct Repeating(u8);
    impl Random for Repeating {
        fn fill(&mut self, buffer: &mut [u8]) -> Result<(), BadInput> {
            self.0 = if self.0 == 40 { 2 } else { self.0 + 1 };
            buffer.fill(self.0);
            Ok(())
        }
    }
    // One question of two choices takes 2·5 + 2 numbers after the signature's; so the period of 39 meets after some questions.
    let questions = vec![question(2, false, 1, 1); 14];
    let vote = vec![vec![1, 0]; 14];
    let booth = Booth::new(&questions);
    let ballot = booth.sealer.seal(&[common::credential(1)], &[vote], || Repeating(0)).unwrap().remove(0);
    assert_eq!(booth.checker.check(&ballot), Err(Refusal::AlphaRepeated));
}

#[test]
fn parameters_are_refused() {
    let good = question(2, false, 1, 1);
    for (uuid, hash, questions) in [
        ("short", common::HASH, vec![good]),
        ("h5DRT2sDJ5Um\"r", common::HASH, vec![good]),
        ("h5DRT2sDJ5UmO0", common::HASH, vec![good]),
        (common::UUID, "short", vec![good]),
        (common::UUID, &common::HASH.replace('+', "\""), vec![good]),
        (common::UUID, common::HASH, vec![]),
        (common::UUID, common::HASH, vec![good, question(0, true, 0, 0)]),
        (common::UUID, common::HASH, vec![question(2, false, 2, 1)]),
        (common::UUID, common::HASH, vec![question(usize::MAX, false, 1, 1)]),
        (common::UUID, common::HASH, vec![question(2, false, 0, usize::MAX)]),
        (common::UUID, common::HASH, vec![question(2, false, 0, 1 << 17)]),
    ] {
        assert!(Election::new(uuid, hash, &questions).is_err(), "{uuid} {hash} {questions:?}");
    }
    let election = Election::new(common::UUID, common::HASH, &[good]).unwrap();
    let key = EdwardsPoint::mul_base(&Scalar::from(5_u8));
    for bad in [IDENTITY, [0; 32], [0xff; 32], group::encode(&(key + EIGHT_TORSION[1])), group::encode(&EIGHT_TORSION[4])] {
        assert!(Checker::new(election.clone(), &bad).is_err());
    }
    assert!(Checker::new(election, &group::encode(&key)).is_ok());
}

#[test]
fn an_immense_question_costs_nothing() {
    let booth = Booth::new(&[question(1 << 16, true, 0, 1 << 16)]);
    assert!(booth.checker.check(b"{\"election_uuid\":\"").is_err());
}

#[test]
fn points_of_a_roll() {
    use sanduq_speed_core::roll::first_bad_point;
    let good = |i: u64| group::encode(&EdwardsPoint::mul_base(&Scalar::from(i + 1)));
    let points: Vec<_> = (0..200).map(good).collect();
    assert_eq!(first_bad_point(&points), None);
    for bad in [IDENTITY, [0xff; 32], group::encode(&(EdwardsPoint::mul_base(&Scalar::from(9_u8)) + EIGHT_TORSION[1]))] {
        let mut points = points.clone();
        points[150] = bad;
        points[77] = bad;
        assert_eq!(first_bad_point(&points), Some(77));
    }
}

/// The length of 4.1 by the book: a ballot written with 76 digits everywhere.
#[test]
fn the_bound_is_the_longest_ballot() {
    let (booth, text) = sample();
    let mut longest = text.clone();
    for marker in ["\"challenge\":\"", "\"response\":\""] {
        for n in 0..text.matches(marker).count() {
            longest = longest.replace(&format!("\"{}\"", value(&text, marker, n)), &format!("\"{}\"", "9".repeat(number::MAX_DIGITS)));
        }
    }
    assert_eq!(longest.len(), booth.checker.election().max_size());
    assert_eq!(booth.checker.check(longest.as_bytes()), Err(Refusal::ScalarNotReduced));
}
