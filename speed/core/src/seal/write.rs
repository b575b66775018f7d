//! The text of a ballot (spec 4.a), from the same literals that the reader expects.

use sha2::{Digest, Sha256};

use super::draft::Proven;
use crate::ballot::Proof;
use crate::group::{Encoded, to_hex};
use crate::number::{self, BASE64_LENGTH};
use crate::question::{
    ALPHA, ANSWERS, BETA, BLANK, CHALLENGE, CHOICES, CREDENTIAL, END, END_LIST_OBJECT, END_STRING_OBJECT, Election, HASH, INDIVIDUAL,
    OVERALL, PROOF, RESPONSE, SIGNATURE, UUID,
};

/// The text of the ballot without its signature, up to the bracket and the brace that close it.
pub(super) fn unsigned(election: &Election, credential: &Encoded, answers: impl Iterator<Item = Proven>) -> Vec<u8> {
    let mut text = Vec::with_capacity(election.max_size().min(1 << 16));
    for part in [UUID, &election.uuid, HASH, &election.hash, CREDENTIAL] {
        text.extend_from_slice(part.as_bytes());
    }
    text.extend_from_slice(&to_hex(credential));
    text.extend_from_slice(ANSWERS.as_bytes());
    list(&mut text, answers, |text, proven| answer(text, &proven));
    text
}

/// h = b64(SHA-256(ballot without the field `signature`)).
pub(super) fn unsigned_hash(text: &[u8]) -> [u8; BASE64_LENGTH] {
    let digest = Sha256::new_with_prefix(text).chain_update(b"]}").finalize();
    number::base64(&digest.into())
}

/// Append the signature: the ballot is complete.
pub(super) fn sign(text: &mut Vec<u8>, hash: &[u8; BASE64_LENGTH], signature: &Proof) {
    text.extend_from_slice(SIGNATURE.as_bytes());
    text.extend_from_slice(hash);
    text.extend_from_slice(PROOF.as_bytes());
    proof(text, signature);
    text.extend_from_slice(END.as_bytes());
}

fn answer(text: &mut Vec<u8>, proven: &Proven) {
    text.extend_from_slice(CHOICES.as_bytes());
    list(text, &proven.choices, |text, choice| {
        text.extend_from_slice(ALPHA.as_bytes());
        text.extend_from_slice(&to_hex(&choice.alpha));
        text.extend_from_slice(BETA.as_bytes());
        text.extend_from_slice(&to_hex(&choice.beta));
        text.extend_from_slice(END_STRING_OBJECT.as_bytes());
    });
    text.extend_from_slice(INDIVIDUAL.as_bytes());
    list(text, &proven.individual, |text, proofs| {
        text.push(b'[');
        list(text, proofs, proof);
        text.push(b']');
    });
    text.extend_from_slice(OVERALL.as_bytes());
    list(text, &proven.overall, proof);
    if let Some(blank) = &proven.blank {
        text.extend_from_slice(BLANK.as_bytes());
        list(text, blank, proof);
    }
    text.extend_from_slice(END_LIST_OBJECT.as_bytes());
}

fn proof(text: &mut Vec<u8>, proof: &Proof) {
    text.extend_from_slice(CHALLENGE.as_bytes());
    number::push_decimal(text, &proof.challenge);
    text.extend_from_slice(RESPONSE.as_bytes());
    number::push_decimal(text, &proof.response);
    text.extend_from_slice(END_STRING_OBJECT.as_bytes());
}

/// The items with commas between them.
fn list<T>(text: &mut Vec<u8>, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            text.push(b',');
        }
        write(text, item);
    }
}
