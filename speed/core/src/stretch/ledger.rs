//! What is kept of every ballot of an archive: whose is the last one, and which were there.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::group::Encoded;
use crate::refusal::{BadInput, require};

/// 32 bytes to a number, in the order in which they came: about 44 bytes each.
pub struct Index {
    keys: Vec<[u8; 32]>,
    /// A key's number, or [`EMPTY`]; at least twice as many as keys.
    slots: Vec<u32>,
    /// With a secret of its own, so that nobody chooses keys that meet.
    hasher: RandomState,
}

const EMPTY: u32 = u32::MAX;

impl Index {
    pub fn new() -> Self {
        Self { keys: Vec::new(), slots: vec![EMPTY; 16], hasher: RandomState::new() }
    }

    /// Where a key is, or the slot where it would be.
    fn seek(&self, key: &[u8; 32]) -> Result<usize, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = self.hasher.hash_one(key) as usize & mask;
        loop {
            match self.slots[slot] {
                EMPTY => return Err(slot),
                number if self.keys[number as usize] == *key => return Ok(number as usize),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    pub fn find(&self, key: &[u8; 32]) -> Option<usize> {
        self.seek(key).ok()
    }

    /// Whether the key is new; it is known from now on.
    pub fn insert(&mut self, key: &[u8; 32]) -> bool {
        let Err(slot) = self.seek(key) else { return false };
        self.slots[slot] = self.keys.len() as u32;
        self.keys.push(*key);
        if 2 * self.keys.len() > self.slots.len() {
            self.grow();
        }
        true
    }

    fn grow(&mut self) {
        self.slots = vec![EMPTY; 2 * self.slots.len()];
        for number in 0..self.keys.len() {
            if let Err(slot) = self.seek(&self.keys[number]) {
                self.slots[slot] = number as u32;
            }
        }
    }
}

/// Where a ballot's text stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The first byte.
    pub start: u64,
    /// How many there are.
    pub length: u32,
}

/// The state of a box while its archive is read.
pub struct Ledger {
    roll: Index,
    /// Empty where every voter has the weight 1.
    weights: Vec<u64>,
    last: Vec<Option<Place>>,
    seen: Index,
    counted: usize,
    total_weight: u64,
}

/// What a new ballot means.
pub enum Entered {
    /// 4.6: the credential is not on the roll.
    Unknown,
    /// 4.7: the ballot is in the box already.
    Replayed,
    /// It counts, with this weight, in the place of the one before.
    Counts(u64, Option<Place>),
}

impl Ledger {
    /// For a roll and its weights, or none where all are 1.
    ///
    /// # Errors
    /// A key that stands twice, or weights that are not as many.
    pub fn new(keys: &[Encoded], weights: Vec<u64>) -> Result<Self, BadInput> {
        require(weights.is_empty() || weights.len() == keys.len(), || format!("{} keys, but {} weights", keys.len(), weights.len()))?;
        let mut roll = Index::new();
        for (number, key) in keys.iter().enumerate() {
            require(roll.insert(key), || format!("keys[{number}]: stands twice"))?;
        }
        Ok(Self { roll, weights, last: vec![None; keys.len()], seen: Index::new(), counted: 0, total_weight: 0 })
    }

    /// Take a ballot in, if it may be; if not, nothing has changed.
    pub fn enter(&mut self, credential: &Encoded, digest: &[u8; 32], place: Place) -> Entered {
        let Some(number) = self.roll.find(credential) else { return Entered::Unknown };
        if !self.seen.insert(digest) {
            return Entered::Replayed;
        }
        let weight = self.weights.get(number).copied().unwrap_or(1);
        let before = self.last[number].replace(place);
        if before.is_none() {
            self.counted += 1;
            self.total_weight += weight;
        }
        Entered::Counts(weight, before)
    }

    /// How many credentials have a ballot.
    #[must_use]
    pub const fn counted(&self) -> usize {
        self.counted
    }

    /// Their weight.
    #[must_use]
    pub const fn total_weight(&self) -> u64 {
        self.total_weight
    }
}
