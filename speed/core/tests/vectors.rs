//! The repository's known answers: every honest ballot passes, every archive of forged ballots has one that does not.

mod common;

use sanduq_speed_core::{BadInput, Refusal};

#[test]
fn honest_ballots_are_accepted() {
    let archives = common::archives("honest", "");
    assert!(archives.len() >= 13);
    for archive in archives {
        for (number, verdict) in archive.checker().check_all(&archive.ballots).iter().enumerate() {
            assert!(verdict.is_ok(), "{} ballot {number}: {verdict:?}", archive.name);
        }
    }
}

#[test]
fn forged_ballots_are_refused() {
    let expected = [
        ("ballot-extra-choice", "4.1"),
        ("ballot-individual-proof", "4.11"),
        ("ballot-missing-proof", "4.2"),
        ("ballot-not-canonical", "4.2"),
        ("ballot-other-election-hash", "4.5"),
        ("ballot-other-uuid", "4.4"),
        ("ballot-overall-proof", "4.12"),
        ("ballot-response-not-reduced", "0.3"),
        ("ballot-signature", "4.15"),
        ("ballot-signature-hash", "4.14"),
        ("ballot-small-order", "0.5"),
        ("ballot-swing", "4.11"),
        ("ballot-white-space", "4.1"),
    ];
    for (name, step) in expected {
        let [archive] = &common::archives("forged", &format!("{name}."))[..] else { panic!("{name}") };
        let verdicts = archive.checker().check_all(&archive.ballots);
        let refused: Vec<_> = verdicts.iter().filter_map(|verdict| verdict.err().map(Refusal::step)).collect();
        assert_eq!(refused, [step], "{name}");
    }
}

/// What these forge lies outside one ballot (4.6, 4.7): every ballot in them is valid by itself.
#[test]
fn forgeries_of_the_box_are_not_for_this_engine() {
    for name in ["ballot-replayed", "ballot-unknown-credential"] {
        for archive in common::archives("forged", name) {
            assert!(archive.checker().check_all(&archive.ballots).iter().all(Result::is_ok), "{name}");
        }
    }
}

#[test]
fn the_sum_can_be_undone() -> Result<(), BadInput> {
    use sanduq_speed_core::sum::{add_points, sum};
    for archive in common::archives("honest", "") {
        let weights: Vec<i64> = (0..archive.ballots.len()).map(|i| i as i64 * 7 - 3).collect();
        let taken_out: Vec<i64> = weights.iter().map(|weight| -weight).collect();
        let there = sum(&archive.election, &archive.ballots, &weights)?;
        let back = sum(&archive.election, &archive.ballots, &taken_out)?;
        let nothing = sum::<Vec<u8>>(&archive.election, &[], &[])?;
        assert_eq!(add_points(&there, &back)?, nothing);
        assert!(nothing.iter().all(|point| *point == sanduq_speed_core::group::IDENTITY));
    }
    Ok(())
}
