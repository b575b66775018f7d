#!/usr/bin/env bash
# The Rust side: what the Makefile does with speed/.
#
#   usage: scripts/speed.sh lock|develop|test|lint|format
#          scripts/speed.sh wheel DIR
set -euo pipefail
cd "$(dirname "$0")/.."
python=$PWD/.venv/bin/python

say() { echo "==> engine: $*"; }
missing() {
  echo "The Rust engine needs $1. On Debian 12: apt-get install cargo-web rustc-web gcc libc6-dev" >&2
  echo "(or rustup's stable Rust). Without the engine, in plain Python: make ENGINE=no …" >&2
  exit 1
}

command -v cargo > /dev/null && command -v rustc > /dev/null || missing "cargo and rustc"
command -v cc > /dev/null || missing "a C linker (cc)"
need=$(sed -n 's/^rust-version *= *"\([0-9.]*\)".*/\1/p' speed/Cargo.toml)
have=$(rustc --version | cut -d ' ' -f 2)
[ "$(printf '%s\n' "${need:-1.0}" "$have" | sort -V | head -n 1)" = "${need:-1.0}" ] || missing "Rust $need or later; this is $have"

lock() {
  if [ speed/locked-crates.txt -nt speed/Cargo.lock ] || [ speed/lock.py -nt speed/Cargo.lock ]; then
    say "pinned crates"
    (cd speed && "$python" lock.py)
  fi
}

lock
cd speed
export PYO3_PYTHON=$python
case ${1:-} in
  lock) ;;
  develop)
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    VIRTUAL_ENV=$(dirname "$(dirname "$python")") "$python" -m maturin develop --release --locked \
      --manifest-path python/Cargo.toml > "$log" 2>&1 || { cat "$log" >&2; exit 1; }
    ;;
  wheel) "$python" -m maturin build --release --locked --manifest-path python/Cargo.toml --out "$2" ;;
  test)
    say "tests (Rust)"
    # All but the thin crate outside, which would have to be linked with a libpython; the library's tests are its tests.
    cargo test --quiet --locked --workspace --exclude sanduq-speed
    ;;
  lint)
    if cargo fmt --version > /dev/null 2>&1; then
      say "cargo fmt"
      cargo fmt --all --check
    else
      say "cargo fmt is not installed: left out"
    fi
    if cargo clippy --version > /dev/null 2>&1; then
      say "cargo clippy"
      cargo clippy --quiet --locked --workspace --all-targets -- -D warnings
    else
      say "cargo clippy is not installed: left out"
    fi
    ;;
  format) cargo fmt --all ;;
  *) sed -n '4,5p' ../scripts/speed.sh >&2 && exit 2 ;;
esac
