#!/usr/bin/env bash
# Plays a whole referendum and verifies its record as an observer would. `make demo` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/demo
rm -rf "$out" && mkdir -p "$out"

.venv/bin/sanduq rehearse rehearsal/uk2016.toml --scale 1/5000 --out "$out/record"
.venv/bin/sanduq watch verify "$out/record" --anchor "$(cat "$out/record.anchor")"
