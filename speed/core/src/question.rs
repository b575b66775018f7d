//! What is asked, as far as a ballot's form depends on it, and the bound of step 4.1.

use crate::number::{BASE64_LENGTH, MAX_DIGITS, is_base64};
use crate::refusal::{BadInput, require};
use sanduq_speed_lanes::Affine;

/// More answers, or a higher `max`, than any ballot that could be handled; far above what 2.5 allows.
const LARGEST: usize = 1 << 16;

/// One homomorphic question: how many answers, whether blank is allowed, how many answers may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// n: the number of answers.
    pub answers: usize,
    /// Whether a blank vote is allowed.
    pub blank: bool,
    /// The fewest answers that a vote that is not blank may choose.
    pub min: usize,
    /// The most; may exceed `answers`.
    pub max: usize,
}

impl Question {
    /// The number of ciphertexts: with `blank` the first one says whether the vote is blank.
    #[must_use]
    pub const fn choices(&self) -> usize {
        self.answers + self.blank as usize
    }

    /// The number of proofs in `overall_proof`: one for each number from `min` to `max`, and one for blank.
    #[must_use]
    pub const fn overall(&self) -> usize {
        self.max - self.min + 1 + self.blank as usize
    }

    /// An empty interval would be a proof without a disjunct: refused here, so that none is ever met.
    fn validate(&self) -> Result<(), BadInput> {
        require(self.answers > 0, || "a question without answers".into())?;
        require(self.min <= self.max, || "a question whose min exceeds its max".into())?;
        let within = |n: usize| n <= LARGEST;
        require(within(self.answers) && within(self.max), || format!("a question beyond all measure: more than {LARGEST}"))
    }
}

/// What every ballot of an election has in common.
#[derive(Clone, Debug)]
pub struct Election {
    pub(crate) uuid: String,
    pub(crate) hash: String,
    pub(crate) questions: Vec<Question>,
    max_size: usize,
}

impl Election {
    /// `hash` is φ, the 43 characters of b64(SHA-256(text of the election)).
    ///
    /// # Errors
    /// An uuid or hash that cannot be one, no question, a question that no ballot fits.
    pub fn new(uuid: &str, hash: &str, questions: &[Question]) -> Result<Self, BadInput> {
        require(is_uuid(uuid), || "uuid: not 14 to 64 characters of Base58".into())?;
        require(is_base64(hash.as_bytes()), || "election_hash: not 43 characters of Base64".into())?;
        require(!questions.is_empty(), || "no question".into())?;
        for question in questions {
            question.validate()?;
        }
        let max_size = max_size(uuid, questions).ok_or_else(|| BadInput("ballots of this election would not fit into memory".into()))?;
        Ok(Self { uuid: uuid.into(), hash: hash.into(), questions: questions.into(), max_size })
    }

    /// 4.1: the length of the canonical ballot in which every number has 76 digits.
    #[must_use]
    pub const fn max_size(&self) -> usize {
        self.max_size
    }

    /// The number of ciphertexts in a ballot.
    #[must_use]
    pub fn choices(&self) -> usize {
        self.questions.iter().map(Question::choices).sum()
    }

    /// The number of points in a hint (0.e).
    #[must_use]
    pub fn hint_points(&self) -> usize {
        let points = |question: &Question| 2 * (3 * question.choices() + question.overall() + 2 * usize::from(question.blank));
        2 + self.questions.iter().map(points).sum::<usize>()
    }

    /// The bytes of a hint.
    #[must_use]
    pub fn hint_size(&self) -> usize {
        size_of::<Affine>() * self.hint_points()
    }
}

/// BS §Basic types. None of these characters is ever escaped in JSON.
pub(crate) fn is_uuid(text: &str) -> bool {
    (14..=64).contains(&text.len()) && text.bytes().all(is_base58)
}

pub(crate) const fn is_base58(c: u8) -> bool {
    c.is_ascii_alphanumeric() && !matches!(c, b'0' | b'I' | b'O' | b'l')
}

// The literal texts of a ballot, in order (spec 4.a): reader, writer and the bound of 4.1 use the same.
pub(crate) const UUID: &str = "{\"election_uuid\":\"";
pub(crate) const HASH: &str = "\",\"election_hash\":\"";
pub(crate) const CREDENTIAL: &str = "\",\"credential\":\"";
pub(crate) const ANSWERS: &str = "\",\"answers\":[";
pub(crate) const CHOICES: &str = "{\"choices\":[";
pub(crate) const ALPHA: &str = "{\"alpha\":\"";
pub(crate) const BETA: &str = "\",\"beta\":\"";
pub(crate) const INDIVIDUAL: &str = "],\"individual_proofs\":[";
pub(crate) const OVERALL: &str = "],\"overall_proof\":[";
pub(crate) const BLANK: &str = "],\"blank_proof\":[";
pub(crate) const CHALLENGE: &str = "{\"challenge\":\"";
pub(crate) const RESPONSE: &str = "\",\"response\":\"";
pub(crate) const END_STRING_OBJECT: &str = "\"}";
pub(crate) const END_LIST_OBJECT: &str = "]}";
pub(crate) const SIGNATURE: &str = "],\"signature\":{\"hash\":\"";
pub(crate) const PROOF: &str = "\",\"proof\":";
pub(crate) const END: &str = "}}";

const POINT: usize = 64;

/// `None` when the length does not fit into a machine word.
fn max_size(uuid: &str, questions: &[Question]) -> Option<usize> {
    let mut size = UUID.len() + uuid.len() + HASH.len() + BASE64_LENGTH + CREDENTIAL.len() + POINT + ANSWERS.len();
    size += SIGNATURE.len() + BASE64_LENGTH + PROOF.len() + proof_size() + END.len();
    size = size.checked_add(questions.len() - 1)?; // commas
    for question in questions {
        size = size.checked_add(answer_size(question)?)?;
    }
    isize::try_from(size).ok()?;
    Some(size)
}

const fn proof_size() -> usize {
    CHALLENGE.len() + MAX_DIGITS + RESPONSE.len() + MAX_DIGITS + END_STRING_OBJECT.len()
}

fn answer_size(question: &Question) -> Option<usize> {
    let ciphertext = ALPHA.len() + POINT + BETA.len() + POINT + END_STRING_OBJECT.len();
    let pair = "[,]".len() + 2 * proof_size();
    let mut size = CHOICES.len() + INDIVIDUAL.len() + OVERALL.len() + END_LIST_OBJECT.len();
    size = size.checked_add(list_size(question.choices(), ciphertext)?)?;
    size = size.checked_add(list_size(question.choices(), pair)?)?;
    size = size.checked_add(list_size(question.overall(), proof_size())?)?;
    if question.blank {
        size = size.checked_add(BLANK.len() + list_size(2, proof_size())?)?;
    }
    Some(size)
}

/// `count` items with commas between them.
fn list_size(count: usize, item: usize) -> Option<usize> {
    count.checked_mul(item + 1).map(|size| size - 1)
}
