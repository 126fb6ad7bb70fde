//! The session cookie's text: packing and signing it, checking and unpacking it.

use criterion::Criterion;
use std::hint::black_box;

use _core::signing::{
    DEFAULT_INFLATE_LIMIT, Derivation, Digest, SecretKeys, Signer, TimedSigner, decode_payload, encode_payload,
};

const NOW: u64 = 1_700_000_000;
const SMALL: &[u8] = br#"{"n":1,"user_name":"letian"}"#;
const FLASHES: &[u8] =
    br#"{"_flashes":[{" t":["message","Your profile was saved."]},{" t":["warning","Your address is not confirmed."]}]}"#;

pub fn signing(criterion: &mut Criterion) {
    let keys = SecretKeys::oldest_first(vec![b"some_secret".to_vec()]);
    let signer = TimedSigner::new(
        Signer::new(&keys, b"cookie-session", Derivation::Hmac, Digest::Sha1).expect("a key was given"),
    );
    // What Flask-Login and Flask-WTF put into it: hashes in hexadecimal.
    let mut state = 7_u64;
    let mut digit = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        char::from(b"0123456789abcdef"[(state >> 60) as usize])
    };
    let mut hash = |length| (0..length).map(&mut digit).collect::<String>();
    let login = format!(
        r#"{{"_fresh":true,"_id":"{}","_user_id":"31","csrf_token":"{}"}}"#,
        hash(128),
        hash(40)
    )
    .into_bytes();
    let large = format!(r#"{{"basket":[{}0]}}"#, r#"{"id":17,"name":"a thing"},"#.repeat(120)).into_bytes();
    let numbers = (0..333).map(|number| format!(r#""book {}","#, number * 7919 % 10_007));
    let dense = format!(r#"{{"basket":[{}""]}}"#, numbers.collect::<String>()).into_bytes();

    let mut group = criterion.benchmark_group("signing");
    let sessions = [
        ("a session", SMALL),
        ("a session with two flashes", FLASHES),
        ("the session of a login", &login),
        ("a session of 3 kB", &large),
        ("a session of 4 kB without records", &dense),
    ];
    for (name, session) in sessions {
        let mut signed = encode_payload(session);
        signer.sign_in_place(&mut signed, NOW);
        group.bench_function(format!("sign {name}"), |b| {
            b.iter(|| {
                let mut text = encode_payload(black_box(session));
                signer.sign_in_place(&mut text, NOW);
                text
            });
        });
        group.bench_function(format!("verify and unpack {name}"), |b| {
            b.iter(|| {
                let stamped = signer.unsign(black_box(&signed), Some(3600), NOW + 1).ok()?;
                decode_payload(stamped.value, DEFAULT_INFLATE_LIMIT).ok()
            });
        });
    }
    let mut forged = encode_payload(SMALL);
    signer.sign_in_place(&mut forged, NOW);
    forged[3] ^= 1;
    group.bench_function("refuse a forged session", |b| {
        b.iter(|| signer.unsign(black_box(&forged), Some(3600), NOW + 1).is_err());
    });
    group.finish();
}
