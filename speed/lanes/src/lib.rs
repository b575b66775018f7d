//! Eight points of edwards25519 at once, in the lanes of AVX-512 vectors with IFMA (Intel since 2019, AMD since Zen 4).
//!
//! This crate knows the curve and nothing of ballots. [`Lanes`] is the proof that the processor has what it takes: only
//! [`Lanes::detect`] makes one, and everything else is a method of it. Where there is no such processor, `detect` says so, and
//! the engine goes without.
//!
//! The lanes never meet: what is wrong in one has no effect on the others. Nothing branches on an exponent or takes an address from one.
//!
//! [`Batch`] is for checks of many ballots at once, of public data and in variable time: sums of many points and one multi-scalar
//! multiplication, with eight lanes or in plain 64-bit arithmetic, which runs everywhere.
//!
//! **Unsafe code**: one macro below, by which a function that was compiled for these instructions is called from one that was not. It is
//! sound because `detect` has asked the processor. And two functions of `avx512/transpose.rs`, by which a vector is read from an array and
//! written to one, and one of `niels.rs`, which asks for memory in advance: the pointers are made from references there and live for one
//! instruction.

#![deny(unsafe_code)]
#![warn(missing_docs)]

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod digits;

mod batch;
mod buckets;
mod limbs;
mod niels;
mod one;
mod tables;
pub use batch::{Batch, Eighth, Long, Points, affine};
pub use tables::{Product, Tables};

#[cfg(target_arch = "x86_64")]
mod door;
#[cfg(target_arch = "x86_64")]
pub use door::{Base, Element, Fixed, Lanes, Point};

#[cfg(not(target_arch = "x86_64"))]
mod absent;
#[cfg(not(target_arch = "x86_64"))]
pub use absent::{Base, Element, Fixed, Lanes, Point};

/// A point as the protocol writes it: 32 bytes, big-endian, the sign of x on top.
pub type Encoded = [u8; 32];

/// An exponent: 32 bytes, little-endian, below 2²⁵³.
pub type Exponent = [u8; 32];

/// Affine coordinates x and y of a point as a hint writes them (spec 0.e): 32 bytes each, little-endian, below p.
pub type Affine = [u8; 64];

/// How many lanes there are.
pub const WIDTH: usize = 8;

/// What an encoding turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// An element of the group of prime order.
    Element,
    /// Not the canonical encoding of a point of the curve.
    NoPoint,
    /// A point with a component of small order.
    OutsideGroup,
}
