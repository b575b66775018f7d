//! One point at a time, in plain 64-bit arithmetic: safe Rust for any processor. Variable time in nothing but what is called so.

pub mod field;
pub mod point;
