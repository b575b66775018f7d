#!/usr/bin/env bash
# Fuzzes the readers (atheris) and the engine (libFuzzer), each target for some seconds. `make fuzz` calls it, after `make setup`.
#
#   usage: scripts/fuzz.sh [seconds a target, default 60] [target …]      targets: readers ballot change points
#
# Inputs that break something are kept in build/fuzz/found/, what was learned in build/fuzz/corpus/. SANITIZE=address builds the
# engine's targets with AddressSanitizer as well (an option that Rust calls unstable; five times slower).
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
targets=${*:2}
targets=${targets:-readers ballot change points}
python=$PWD/.venv/bin/python
atheris=3.0.0
out=$PWD/build/fuzz
failed=()

say() { echo "==> fuzz: $*"; }
left_out() { say "$1 is left out: $2"; }
has() { case " $targets " in *" $1 "*) ;; *) return 1 ;; esac; }

[ -x "$python" ] && "$python" -c 'import sanduq, sanduq_speed' 2> /dev/null || { echo "run \`make setup\` first" >&2; exit 2; }
mkdir -p "$out/found"
say "seeds from vectors/ and from the tests' examples"
"$python" library/fuzz/seeds.py "$out/seeds"

run() { # run TARGET COMMAND…
  mkdir -p "$out/corpus/$1"
  say "$1, for $seconds seconds"
  "${@:2}" -max_total_time="$seconds" -artifact_prefix="$out/found/$1-" -dict=library/fuzz/words.dict -print_final_stats=1 \
    "$out/corpus/$1" "$out/seeds/$1" > "$out/$1.log" 2>&1 || { failed+=("$1") && tail -n 40 "$out/$1.log"; }
  grep -h '^Done\|^stat::number_of_executed_units' "$out/$1.log" | tail -n 1 || true
}

# --- the readers: atheris, in a folder of its own ---------------------------------------------------------------------------
if has readers; then
  [ -d ".tools/fuzz/atheris-$atheris.dist-info" ] || {
    say "atheris $atheris into .tools/fuzz"
    rm -rf .tools/fuzz
    "$python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --target .tools/fuzz "atheris==$atheris" || true
  }
  if PYTHONPATH=.tools/fuzz "$python" -c 'import atheris' 2> /dev/null; then
    run readers env PYTHONPATH=.tools/fuzz "$python" library/fuzz/fuzz_readers.py
  else
    left_out readers "there is no atheris $atheris for $("$python" --version) on this machine"
  fi
fi

# --- the engine: libFuzzer through cargo, without cargo-fuzz ------------------------------------------------------------------
rust_targets() {
  command -v cargo > /dev/null || { left_out "the engine" "there is no cargo" && return; }
  command -v c++ > /dev/null || { left_out "the engine" "there is no C++ compiler, which libFuzzer needs" && return; }
  host=$(rustc -vV | sed -n 's/^host: //p')
  flags="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-trace-compares"
  flags+=" -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Ccodegen-units=1"
  flags+=" -Cdebug-assertions"
  if [ -n "${SANITIZE:-}" ]; then flags+=" -Zsanitizer=$SANITIZE" && export RUSTC_BOOTSTRAP=1; fi
  [ speed/fuzz/Cargo.lock -nt speed/Cargo.lock ] || cp speed/Cargo.lock speed/fuzz/Cargo.lock # the pinned crates stay as they are
  say "building the engine's targets (the first time takes some minutes)"
  if ! RUSTFLAGS=$flags cargo build --quiet --release --target "$host" --manifest-path speed/fuzz/Cargo.toml > "$out/build.log" 2>&1; then
    tail -n 5 "$out/build.log"
    left_out "the engine" "its targets cannot be built here (build/fuzz/build.log)" && return
  fi
  for target in ballot change points; do
    if has $target; then run $target "speed/fuzz/target/$host/release/$target"; fi
  done
}
if has ballot || has change || has points; then rust_targets; fi

if [ ${#failed[@]} -gt 0 ]; then
  say "found something: ${failed[*]}; the inputs are in build/fuzz/found/"
  exit 1
fi
say "nothing found"
