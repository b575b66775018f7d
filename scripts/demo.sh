#!/usr/bin/env bash
# Plays a whole referendum and verifies its record as an observer would. `make demo` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/demo
rm -rf "$out" && mkdir -p "$out"

.venv/bin/sanduq rehearse rehearsal/uk2016.toml --scale 1/5000 --out "$out/record" | tee "$out/rehearse.log"

# What a commission prints in the gazette, an observer types in.
sed -n 's/^anchor *\([0-9a-f]\{64\}\)$/\1/p' "$out/rehearse.log" > "$out/record.anchor"
[ -s "$out/record.anchor" ] || { echo "the rehearsal named no anchor" >&2; exit 1; }
echo "==> demo: verifying the record with this anchor"
.venv/bin/sanduq watch verify "$out/record" --anchor "$(cat "$out/record.anchor")" --final
