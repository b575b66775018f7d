//! Any 32 bytes, and any text as digits: what is read is written as it was, and the group is exact.
#![no_main]

use curve25519_dalek::traits::IsIdentity;
use libfuzzer_sys::fuzz_target;
use sanduq_speed_core::json::Reader;
use sanduq_speed_core::{group, number, roll};

fuzz_target!(|bytes: &[u8]| {
    if let Some(encoded) = bytes.first_chunk() {
        if let Some(point) = group::unchecked_decode(encoded) {
            assert_eq!(group::encode(&point), *encoded);
            assert_eq!(group::vartime_in_group(&point), point.is_torsion_free());
            let bad = !point.is_torsion_free() || point.is_identity();
            assert_eq!(roll::first_bad_point(&[*encoded]).is_some(), bad);
        }
        assert_eq!(group::from_hex(&group::to_hex(encoded)), Some(*encoded));
    }
    if let Ok(encoded) = Reader::new(bytes).point() {
        assert_eq!(group::to_hex(&encoded), bytes[..64]);
    }
    let mut reader = Reader::new(bytes);
    if let Ok(scalar) = reader.number() {
        let mut text = Vec::new();
        number::push_decimal(&mut text, &scalar);
        assert_eq!(text, bytes[..reader.position()]);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = roll::secret_exponent("h5DRT2sDJ5UmKr", text);
    }
});
