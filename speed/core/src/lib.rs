//! The Rust engine of sanduq: the same verdicts as the Python reference, sooner.
//!
//! The contract is the repository's `spec/`, chapters 0 (foundations) and 4 (booth); the protocol is Belenios version 1 with the
//! group Ed25519 (**BS**: `doc/specification.tex` of glondu/belenios, tag 3.3.0). The group is written multiplicatively there and in our
//! comments (`g^x`, `A·B`); the curve library writes it additively.
//!
//! | module | what it holds |
//! |---|---|
//! | [`group`] | points and their 64 digits (0.a, steps 0.4 and 0.5) |
//! | [`number`] | numbers modulo q and their decimal digits, the hash H (0.a, 0.b, step 0.3) |
//! | [`question`] | the shape of an election: counts, lengths, the bound of step 4.1 |
//! | [`json`] | the recogniser of the one canonical text (0.c) |
//! | [`ballot`] | from bytes to a ballot of the right form (4.1 to 4.5, 4.8) |
//! | [`transcript`] | what is hashed; prover and verifier share it (4.a) |
//! | [`power`] | recomputed commitments: where the time goes |
//! | [`check`] | the proofs (4.9 to 4.15) |
//! | [`batch`] | many ballots at once, with hints (0.e, 4.e) |
//! | [`seal`] | making ballots |
//! | [`roll`] | credentials |
//! | [`sum`] | products of ballots |
//! | [`stretch`] | ballots straight out of an archive: records, chain, ballots, sum (0.d) |

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod ballot;
pub mod batch;
pub mod check;
pub mod group;
pub mod json;
pub mod number;
pub mod power;
pub mod question;
pub mod random;
pub mod refusal;
pub mod roll;
pub mod seal;
pub mod stretch;
pub mod sum;
pub mod transcript;
mod wide;

pub use check::Checker;
pub use question::{Election, Question};
pub use refusal::{BadInput, Refusal};

/// The version of the engine, the same in the Python module.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
