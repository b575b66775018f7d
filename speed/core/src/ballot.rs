//! From bytes to a ballot of the right form: steps 4.1 to 4.5, 4.8 and 0.3 (spec 4.a, 4.b).
//!
//! The form follows from the questions alone, so a ballot's values are kept in flat lists in the order of the text.

use curve25519_dalek::scalar::Scalar;
use sha2::{Digest, Sha256};

use crate::group::{self, Encoded};
use crate::json::Reader;
use crate::number::{BASE64_LENGTH, Number};
use crate::question::{
    ALPHA, ANSWERS, BETA, BLANK, CHALLENGE, CHOICES, CREDENTIAL, END, END_LIST_OBJECT, END_STRING_OBJECT, Election, HASH, INDIVIDUAL,
    OVERALL, PROOF, Question, RESPONSE, SIGNATURE, UUID,
};
use crate::refusal::Refusal;

/// One disjunct of a proof, or the proof of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// e
    pub challenge: Scalar,
    /// f
    pub response: Scalar,
}

/// The same as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// e
    pub challenge: Number,
    /// f
    pub response: Number,
}

impl Written {
    /// The exponents that give a commitment to the power 1/8.
    #[must_use]
    pub fn to_eighth(&self) -> Proof {
        Proof { challenge: self.challenge.scalar() * *group::EIGHTH, response: self.response.scalar() * *group::EIGHTH }
    }
}

/// (α, β) as written; that they are points is not yet known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ciphertext {
    /// α = g^r
    pub alpha: Encoded,
    /// β = y^r·g^m
    pub beta: Encoded,
}

/// The values of a canonical text.
#[derive(Clone, Debug)]
pub struct Ballot {
    /// The public credential, as written.
    pub credential: Encoded,
    /// The choices of all questions.
    pub choices: Vec<Ciphertext>,
    /// For each question in turn: the individual proofs (two for each choice), the overall proof, the blank proof.
    pub proofs: Vec<Written>,
    /// The text of `signature.hash`.
    pub signed_hash: [u8; BASE64_LENGTH],
    /// The proof of the signature.
    pub signature: Written,
    /// SHA-256 of the text without the field `signature`: what `signed_hash` must be (4.14).
    pub unsigned_digest: [u8; 32],
}

impl Ballot {
    /// Read the canonical text of a ballot of this election.
    ///
    /// # Errors
    /// 4.1 to 4.5, 4.8 and 0.3, as far as they can be told apart.
    pub fn read(election: &Election, text: &[u8]) -> Result<Self, Refusal> {
        Self::read_and_hash(election, text, false).map(|(ballot, _)| ballot)
    }

    /// The same, with the SHA-256 of the whole text where it is asked for: its first part is hashed once for both.
    pub(crate) fn read_and_hash(election: &Election, text: &[u8], hash: bool) -> Result<(Self, [u8; 32]), Refusal> {
        // 4.1 comes first: what follows takes time and memory in proportion to the text.
        if text.len() > election.max_size() {
            return Err(Refusal::Oversize);
        }
        let mut reader = Reader::new(text);
        reader.literal(UUID)?;
        reader.named(&election.uuid, Refusal::OtherElection)?;
        reader.literal(HASH)?;
        reader.named(&election.hash, Refusal::OtherQuestions)?;
        reader.literal(CREDENTIAL)?;
        let credential = reader.point()?;
        reader.literal(ANSWERS)?;
        let (choices, proofs) = answers(&mut reader, &election.questions)?;
        let end_of_answers = reader.position();
        reader.literal(SIGNATURE)?;
        // The unsigned text ends with the bracket of `answers`, with which SIGNATURE begins, and a brace of its own.
        let unsigned = Sha256::new_with_prefix(&text[..=end_of_answers]);
        let digest = if hash { unsigned.clone().chain_update(&text[end_of_answers + 1..]).finalize().into() } else { [0; 32] };
        let unsigned_digest = unsigned.chain_update(b"}").finalize().into();
        let signed_hash = *reader.take(BASE64_LENGTH)?.first_chunk().ok_or(Refusal::Text)?;
        reader.literal(PROOF)?;
        let signature = proof(&mut reader)?;
        reader.literal(END)?;
        reader.end()?;
        Ok((Self { credential, choices, proofs, signed_hash, signature, unsigned_digest }, digest))
    }
}

/// What stands between the brackets of `answers`.
fn answers(reader: &mut Reader, questions: &[Question]) -> Result<(Vec<Ciphertext>, Vec<Written>), Refusal> {
    // The lists grow with the text and are not reserved: a question may ask for more proofs than the text holds.
    let (mut choices, mut proofs) = (Vec::new(), Vec::new());
    for (i, question) in questions.iter().enumerate() {
        comma(reader, i)?;
        reader.literal(CHOICES)?;
        for j in 0..question.choices() {
            comma(reader, j)?;
            choices.push(ciphertext(reader)?);
        }
        reader.literal(INDIVIDUAL)?;
        for j in 0..question.choices() {
            comma(reader, j)?;
            reader.literal("[")?;
            list(reader, 2, &mut proofs)?;
            reader.literal("]")?;
        }
        reader.literal(OVERALL)?;
        list(reader, question.overall(), &mut proofs)?;
        if question.blank {
            reader.literal(BLANK)?;
            list(reader, 2, &mut proofs)?;
        }
        reader.literal(END_LIST_OBJECT)?;
    }
    Ok((choices, proofs))
}

/// A comma before every item but the first.
fn comma(reader: &mut Reader, index: usize) -> Result<(), Refusal> {
    if index > 0 { reader.literal(",") } else { Ok(()) }
}

fn ciphertext(reader: &mut Reader) -> Result<Ciphertext, Refusal> {
    reader.literal(ALPHA)?;
    let alpha = reader.point()?;
    reader.literal(BETA)?;
    let beta = reader.point()?;
    reader.literal(END_STRING_OBJECT)?;
    Ok(Ciphertext { alpha, beta })
}

fn list(reader: &mut Reader, count: usize, proofs: &mut Vec<Written>) -> Result<(), Refusal> {
    for i in 0..count {
        comma(reader, i)?;
        proofs.push(proof(reader)?);
    }
    Ok(())
}

fn proof(reader: &mut Reader) -> Result<Written, Refusal> {
    reader.literal(CHALLENGE)?;
    let challenge = reader.number()?;
    reader.literal(RESPONSE)?;
    let response = reader.number()?;
    reader.literal(END_STRING_OBJECT)?;
    Ok(Written { challenge, response })
}
