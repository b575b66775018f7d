//! Why a ballot is refused, and why a call cannot be carried out.

use std::fmt;

/// A step of `spec/4-booth.md` or `spec/0-foundations.md` that a ballot fails.
///
/// One ballot may fail several steps. The engine names one of them, not always the first in the specification's order: the
/// Python reference judges every refused ballot again and has the last word on the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 4.1: longer than the longest ballot that the questions allow.
    Oversize,
    /// 4.2, 4.3, 4.8: not the canonical text of a ballot of this shape.
    Text,
    /// 4.4: `election_uuid` is not the election's.
    OtherElection,
    /// 4.5: `election_hash` is not the election's.
    OtherQuestions,
    /// 0.3: a number modulo q is q or more.
    ScalarNotReduced,
    /// 0.4: 64 digits that are no point.
    PointInvalid,
    /// 0.5: a point with a component of small order.
    PointOutsideGroup,
    /// 1.3: the identity is nobody's credential (anybody could sign for it).
    CredentialIdentity,
    /// 4.9: an alpha is the identity.
    AlphaIdentity,
    /// 4.10: two choices have the same alpha.
    AlphaRepeated,
    /// 4.11: a proof that a choice is 0 or 1.
    IndividualProof,
    /// 4.12: the proof about the sum of the choices.
    OverallProof,
    /// 4.13: the proof about the blank vote.
    BlankProof,
    /// 4.14: `signature.hash` is not the hash of the unsigned ballot.
    SignatureHash,
    /// 4.15: the signature.
    Signature,
}

impl Refusal {
    /// The number of the step in the specification.
    #[must_use]
    pub const fn step(self) -> &'static str {
        match self {
            Self::Oversize => "4.1",
            Self::Text => "4.2",
            Self::OtherElection => "4.4",
            Self::OtherQuestions => "4.5",
            Self::ScalarNotReduced => "0.3",
            Self::PointInvalid => "0.4",
            Self::PointOutsideGroup => "0.5",
            Self::CredentialIdentity => "1.3",
            Self::AlphaIdentity => "4.9",
            Self::AlphaRepeated => "4.10",
            Self::IndividualProof => "4.11",
            Self::OverallProof => "4.12",
            Self::BlankProof => "4.13",
            Self::SignatureHash => "4.14",
            Self::Signature => "4.15",
        }
    }
}

/// The caller's data cannot be used: a parameter, an illegal choice, no randomness. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadInput(pub String);

impl fmt::Display for BadInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadInput {}

/// `Err(BadInput)` unless the condition holds.
pub(crate) fn require(condition: bool, message: impl FnOnce() -> String) -> Result<(), BadInput> {
    if condition { Ok(()) } else { Err(BadInput(message())) }
}
