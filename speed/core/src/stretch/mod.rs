//! A stretch of an archive: ballot after ballot, each with its event, from the bytes of the file to the sum.
//!
//! Here is done what verifying an archive does for every ballot: records and hashes (0.7 to 0.11), the chain of events (0.12 to 0.15), the ballot
//! itself (4.1 to 4.15), and its share of the sum. **Nothing is refused here**: at the first entry that is not plainly right the stretch ends, and
//! the reference goes on from there and says what is wrong.

mod ledger;
mod records;

use rayon::prelude::*;

pub use ledger::{Entered, Ledger, Place};
use records::{Entry, Header, Link, walk};

use crate::ballot::Ballot;
use crate::batch::{LARGEST, Together};
use crate::check::Checker;
use crate::group::{self, Encoded};
use crate::random::SystemRandom;
use crate::refusal::Refusal;
use crate::sum;

/// Where the bytes stand in the file and in the chain.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// The file's byte with which they begin.
    pub offset: u64,
    /// The hash of the event before.
    pub head: Encoded,
    /// The height of the next event.
    pub height: u64,
    /// The archive's time.
    pub time: u64,
}

/// What a stretch held.
#[derive(Debug, Default)]
pub struct Taken {
    /// How many ballots were taken in.
    pub count: usize,
    /// How many bytes they are, with their events.
    pub bytes: usize,
    /// The hash of the last event; not set if there was none.
    pub head: Encoded,
    /// α and β of each choice: the sum of the ballots.
    pub sums: Vec<Encoded>,
    /// Ballots that no longer count, and their weights: the caller takes them out of the sum.
    pub replaced: Vec<(Place, u64)>,
    /// How many were accepted with their hints.
    pub hinted: usize,
    /// Of how many the hints were there and did not fit.
    pub bad: usize,
}

/// How many whole entries stand at the beginning of these bytes: so many hints are of use.
#[must_use]
pub fn count(checker: &Checker, data: &[u8]) -> usize {
    walk(data, checker.election().max_size()).len()
}

/// Some entries, checked.
struct Part<'a> {
    entries: &'a [Entry],
    /// Of the first ones, which are right: credential and hash.
    accepted: Vec<(Encoded, Encoded)>,
    together: Option<Together>,
    bad: usize,
}

/// What the parts of a stretch have in common.
struct Stretch<'a> {
    checker: &'a Checker,
    data: &'a [u8],
    hints: &'a [u8],
    entries: &'a [Entry],
    header: Header,
    start: Start,
    /// The hash of the event before, in digits.
    head: [u8; 64],
}

/// Check the entries at the beginning of these bytes and take them in, on all processors.
pub fn take(checker: &Checker, ledger: &mut Ledger, data: &[u8], hints: &[u8], start: Start) -> Taken {
    let mut taken = Taken { head: start.head, ..Taken::default() };
    let entries = walk(data, checker.election().max_size());
    let Some(header) = Header::new(start.time) else { return taken };
    let stretch = Stretch { checker, data, hints, entries: &entries, header, start, head: group::to_hex(&start.head) };
    let threads = rayon::current_num_threads();
    let size = entries.len().div_ceil(threads).clamp(1, LARGEST);
    let firsts: Vec<_> = (0..entries.len()).step_by(size).collect();
    // So many at a time as there are processors, since each holds the points of its hints.
    for some in firsts.chunks(threads) {
        let parts: Vec<_> = some.par_iter().map(|first| stretch.check(*first, size)).collect();
        let entered: Vec<_> = parts.iter().map(|part| stretch.enter(part, ledger, &mut taken)).collect();
        let sums: Vec<_> = parts.par_iter().zip(&entered).map(|(part, weights)| stretch.sum(part, weights)).collect();
        for sums in sums {
            add(&mut taken.sums, sums);
        }
        if parts.iter().zip(&entered).any(|(part, weights)| part.entries.len() != weights.len()) {
            break;
        }
    }
    taken
}

impl<'a> Stretch<'a> {
    /// 0.7 to 0.15 and 4.1 to 4.15 of the entries of one part.
    fn check(&self, first: usize, size: usize) -> Part<'a> {
        let entries = &self.entries[first..self.entries.len().min(first + size)];
        let record = self.checker.election().hint_size();
        let hints = self.hints.get(first * record..).unwrap_or(&[]);
        let (ballots, digests) = self.read(first, entries);
        let hinted = ballots.len().min(hints.len() / record);
        let together = (hinted > 0).then(|| self.checker.together(&ballots[..hinted], hints, &mut SystemRandom::new()));
        let good = |i: usize| together.as_ref().is_some_and(|together| together.good.get(i) == Some(&true));
        let rest: Vec<_> = (0..ballots.len()).filter(|i| !good(*i)).collect();
        let bad = if together.is_some() { rest.iter().filter(|i| **i < hinted).count() } else { 0 };
        let alone: Vec<_> = rest.iter().map(|i| entries[*i].text(self.data)).collect();
        let verdicts = self.checker.check_all(&alone);
        let refused = verdicts.iter().zip(&rest).find(|(verdict, _)| verdict.is_err()).map_or(ballots.len(), |(_, i)| *i);
        let accepted = ballots.iter().zip(digests).take(refused);
        let accepted = accepted.filter_map(|(ballot, digest)| Some((ballot.as_ref().ok()?.credential, digest))).collect();
        Part { entries, accepted, together, bad }
    }

    /// The ballots up to the first that cannot be read or does not stand where it should, and the hashes of their texts.
    fn read(&self, first: usize, entries: &[Entry]) -> (Vec<Result<Ballot, Refusal>>, Vec<Encoded>) {
        let (mut ballots, mut digests) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
        for (i, entry) in (first..).zip(entries) {
            let parent = i.checked_sub(1).map_or(&self.head[..], |before| self.entries[before].name(self.data));
            let link = Link { header: &self.header, parent, height: self.start.height + i as u64 };
            match Ballot::read_and_hash(self.checker.election(), entry.text(self.data), true) {
                Ok((ballot, digest)) if entry.holds(self.data, &digest, &link) => {
                    ballots.push(Ok(ballot));
                    digests.push(digest);
                }
                _ => break,
            }
        }
        (ballots, digests)
    }

    /// The weights of those that may enter; fewer than the part has where the stretch ends in it.
    fn enter(&self, part: &Part, ledger: &mut Ledger, taken: &mut Taken) -> Vec<u64> {
        let mut weights = Vec::with_capacity(part.accepted.len());
        // Behind a place where a part has ended nothing may follow.
        if part.entries.first().is_some_and(|entry| entry.text_start() != taken.bytes + records::BLOCK) {
            return weights;
        }
        for (i, ((credential, digest), entry)) in part.accepted.iter().zip(part.entries).enumerate() {
            let place = Place { start: self.start.offset + entry.text_start() as u64, length: entry.length() as u32 };
            let Entered::Counts(weight, before) = ledger.enter(credential, digest, place) else { break };
            taken.replaced.extend(before.map(|place| (place, weight)));
            weights.push(weight);
            taken.count += 1;
            taken.bytes = entry.end();
            taken.hinted += usize::from(part.together.as_ref().is_some_and(|together| together.good.get(i) == Some(&true)));
        }
        if let Some(last) = weights.len().checked_sub(1) {
            taken.head = part.entries[last].head(self.data).unwrap_or(taken.head);
            taken.bad += part.bad;
        }
        weights
    }

    /// α and β of each choice of the first ballots: those whose hints were right are summed as they are.
    fn sum(&self, part: &Part, weights: &[u64]) -> Vec<Encoded> {
        let simple = |i: usize| weights[i] == 1 && part.together.as_ref().is_some_and(|together| together.good.get(i) == Some(&true));
        let (fast, slow): (Vec<_>, Vec<_>) = (0..weights.len()).partition(|i| simple(*i));
        let texts: Vec<_> = slow.iter().map(|i| part.entries[*i].text(self.data)).collect();
        let own: Vec<_> = slow.iter().map(|i| weights[*i] as i64).collect();
        // These ballots were read before, so that this cannot fail.
        let mut sums = sum::sum(self.checker.election(), &texts, &own).expect("ballots");
        if let Some(together) = &part.together {
            add(&mut sums, self.checker.sum_together(together, &fast));
        }
        sums
    }
}

fn add(sums: &mut Vec<Encoded>, other: Vec<Encoded>) {
    if sums.is_empty() {
        *sums = other;
    } else {
        *sums = sum::unchecked_add(sums, &other);
    }
}
