//! What the tests share: reading the repository's vectors, and elections to seal ballots for.
#![allow(dead_code)] // each test takes what it needs

use std::fs;
use std::path::{Path, PathBuf};

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use sanduq_speed_core::group::{self, Encoded};
use sanduq_speed_core::random::SystemRandom;
use sanduq_speed_core::seal::Sealer;
use sanduq_speed_core::{Checker, Election, Question};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// An election with its ballots, from an archive of `vectors/`.
pub struct Archive {
    pub name: String,
    pub election: Election,
    pub key: Encoded,
    pub ballots: Vec<Vec<u8>>,
}

impl Archive {
    pub fn checker(&self) -> Checker {
        Checker::new(self.election.clone(), &self.key).unwrap()
    }
}

fn vectors(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors").join(kind)
}

/// All archives of `vectors/honest` or `vectors/forged` whose name begins so.
pub fn archives(kind: &str, start: &str) -> Vec<Archive> {
    let mut paths: Vec<_> = fs::read_dir(vectors(kind)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let chosen = paths.iter().filter(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with(start) && name.ends_with(".bel")
    });
    chosen.map(|path| archive(path)).collect()
}

/// Reads records of 512 bytes of header, content and padding (spec 0.d), trusting them.
fn archive(path: &Path) -> Archive {
    let bytes = fs::read(path).unwrap();
    let (mut records, mut at) = (Vec::new(), 0);
    while let Some(header) = bytes.get(at..at + 512) {
        let name = std::str::from_utf8(&header[..100]).unwrap().trim_end_matches('\0').to_owned();
        let size = usize::from_str_radix(std::str::from_utf8(&header[124..135]).unwrap(), 8).unwrap();
        let Some(content) = bytes.get(at + 512..at + 512 + size) else { break };
        records.push((name, content.to_vec()));
        at += 512 + size.div_ceil(512) * 512;
    }
    let find = |hash: &str| records.iter().find(|(name, _)| name == &format!("{hash}.data.json")).unwrap().1.clone();
    let events = records.iter().filter(|(name, _)| name.ends_with(".event.json"));
    let events: Vec<Value> = events.map(|(_, content)| serde_json::from_slice(content).unwrap()).collect();
    let payloads = |kind: &str| {
        let chosen = events.iter().filter(|event| event["type"] == kind);
        chosen.map(|event| find(event["payload"].as_str().unwrap())).collect::<Vec<_>>()
    };
    let setup: Value = serde_json::from_slice(&payloads("Setup")[0]).unwrap();
    let (election, key) = election(&find(setup["election"].as_str().unwrap()));
    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
    Archive { name, election, key, ballots: payloads("Ballot") }
}

fn election(text: &[u8]) -> (Election, Encoded) {
    let value: Value = serde_json::from_slice(text).unwrap();
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let question = |question: &Value| Question {
        answers: question["answers"].as_array().unwrap().len(),
        blank: question["blank"].as_bool().unwrap_or(false),
        min: number(&question["min"]),
        max: number(&question["max"]),
    };
    let questions: Vec<_> = value["questions"].as_array().unwrap().iter().map(question).collect();
    let hash = sanduq_speed_core::number::base64(&Sha256::digest(text).into());
    let hash = std::str::from_utf8(&hash).unwrap();
    let election = Election::new(value["uuid"].as_str().unwrap(), hash, &questions).unwrap();
    let digits = value["public_key"].as_str().unwrap().as_bytes().first_chunk().unwrap();
    (election, group::from_hex(digits).unwrap())
}

pub const UUID: &str = "h5DRT2sDJ5UmKr";
pub const HASH: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0";

pub const fn question(answers: usize, blank: bool, min: usize, max: usize) -> Question {
    Question { answers, blank, min, max }
}

/// An election that exists nowhere else, with both of its tools.
pub struct Booth {
    pub checker: Checker,
    pub sealer: Sealer,
}

impl Booth {
    pub fn new(questions: &[Question]) -> Self {
        let election = Election::new(UUID, HASH, questions).unwrap();
        let key = EdwardsPoint::mul_base(&Scalar::from(1_234_567_890_123_u64));
        let sealer = Sealer::new(election.clone(), &key);
        Self { checker: Checker::new(election, &group::encode(&key)).unwrap(), sealer }
    }

    /// Ballots that say this, each signed with the credential of its number.
    pub fn seal(&self, choices: &[Vec<Vec<i64>>]) -> Vec<Vec<u8>> {
        let credentials: Vec<_> = (0..choices.len()).map(credential).collect();
        self.sealer.seal(&credentials, choices, SystemRandom::new).unwrap()
    }
}

/// A credential for each number.
pub fn credential(number: usize) -> String {
    let digits: String = format!("{number:06}").replace('0', "z");
    format!("AAAAA-{digits}-BBBBB-CCCCCC")
}
