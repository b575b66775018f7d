//! How fast this machine is: prints one JSON line for each measure. `cargo run --release --example speed [SECONDS]`

use std::time::{Duration, Instant};

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use sanduq_speed_core::random::SystemRandom;
use sanduq_speed_core::seal::Sealer;
use sanduq_speed_core::{Checker, Election, Question, group, roll, sum};

const UUID: &str = "h5DRT2sDJ5UmKr";
const HASH: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0";
const BALLOTS: usize = 512;
const MANY: usize = 8 * BALLOTS;

fn main() {
    let seconds = std::env::args().nth(1).map_or(3.0, |text| text.parse().expect("seconds"));
    let limit = Duration::from_secs_f64(seconds);
    let questions = [Question { answers: 3, blank: false, min: 1, max: 1 }];
    let election = Election::new(UUID, HASH, &questions).expect("an election");
    let key = EdwardsPoint::mul_base(&Scalar::from(1_234_567_890_123_u64));
    let sealer = Sealer::new(election.clone(), &key);
    let checker = Checker::new(election.clone(), &group::encode(&key)).expect("a key");
    let credentials: Vec<_> = (0..BALLOTS).map(|i| format!("AAAAA-{:0>6}-BBBBB-CCCCCC", i).replace('0', "z")).collect();
    let choices: Vec<_> = (0..BALLOTS).map(|i| vec![(0..3).map(|j| i64::from(i % 3 == j)).collect::<Vec<_>>()]).collect();
    let ballots = sealer.seal(&credentials, &choices, SystemRandom::new).expect("ballots");
    let keys = roll::derive(UUID, &credentials).expect("credentials");
    let weights = vec![1; BALLOTS];
    let many: Vec<_> = ballots.iter().cycle().take(MANY).collect();
    let record = election.hint_size();
    let some: Vec<u8> = checker.check_and_hint(&ballots).into_iter().flat_map(|verdict| verdict.expect("accepted").1).collect();
    let hints = some.repeat(MANY / BALLOTS);
    assert_eq!(hints.len(), MANY * record);
    let portable = Checker::new(election.clone(), &group::encode(&key)).expect("a key").with_portable_batches();
    let single = Checker::portable(election.clone(), &group::encode(&key)).expect("a key");

    let threads = [1, rayon::current_num_threads()];
    for threads in &threads[..if threads[0] == threads[1] { 1 } else { 2 }] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(*threads).build().expect("threads");
        let measure = |name: &str, work: &(dyn Fn() + Sync)| pool.install(|| report(name, *threads, limit, work));
        measure("check", &|| assert!(checker.check_all(&ballots).iter().all(Result::is_ok)));
        measure("check and hint", &|| assert!(checker.check_and_hint(&ballots).iter().all(Result::is_ok)));
        measure("check, no lanes", &|| assert!(single.check_all(&ballots[..64]).iter().all(Result::is_ok)));
        measure("check with hints", &|| assert!(checker.check_hinted(&many, &hints).bad.is_empty()));
        measure("check with hints, no lanes", &|| assert!(portable.check_hinted(&many, &hints).bad.is_empty()));
        measure("seal", &|| drop(sealer.seal(&credentials, &choices, SystemRandom::new)));
        measure("sum", &|| drop(sum::sum(&election, &ballots, &weights)));
        measure("derive", &|| drop(roll::derive(UUID, &credentials)));
        measure("check_points", &|| assert_eq!(roll::first_bad_point(&keys), None));
    }
}

/// The best round counts: other load on the machine only ever slows one down.
fn report(name: &str, threads: usize, limit: Duration, work: &dyn Fn()) {
    let (start, mut best, mut rounds) = (Instant::now(), f64::MAX, 0);
    while start.elapsed() < limit {
        let round = Instant::now();
        work();
        best = best.min(round.elapsed().as_secs_f64());
        rounds += 1;
    }
    let mean = start.elapsed().as_secs_f64() / f64::from(rounds);
    let count = if name.starts_with("check with") {
        MANY
    } else if name.ends_with("check, no lanes") {
        64
    } else {
        BALLOTS
    };
    let (best, mean) = (count as f64 / best, count as f64 / mean);
    println!("{{\"measure\":\"{name}\",\"engine\":\"rust\",\"threads\":{threads},\"per_second\":{best:.0},\"mean_per_second\":{mean:.0}}}");
}
