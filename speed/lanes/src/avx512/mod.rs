//! The arithmetic itself. Every function here needs `avx512f`, `avx512dq` and `avx512ifma`, says so to the compiler, and so is safe to
//! call from its like; the one door from outside is [`crate::Lanes`].

pub mod batch;
pub mod field;
pub mod point;
pub mod power;
pub mod transpose;
