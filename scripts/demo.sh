#!/usr/bin/env bash
# Plays a whole referendum and verifies its record as an observer would. `make demo` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/demo
rm -rf "$out" && mkdir -p "$out"

# On this scale an area has some twenty ballots, which a count would betray: small areas are merged into their regions first.
.venv/bin/sanduq rehearse rehearsal/uk2016.toml --scale 1/5000 --merge 250 --out "$out/record" | tee "$out/rehearse.log"

# What a commission prints in the gazette, an observer types in.
sed -n 's/^anchor *\([0-9a-f]\{64\}\)$/\1/p' "$out/rehearse.log" > "$out/record.anchor"
[ -s "$out/record.anchor" ] || { echo "the rehearsal named no anchor" >&2; exit 1; }
anchor=$(cat "$out/record.anchor")
echo
echo "==> demo: verifying the record with this anchor, step by step"
.venv/bin/sanduq watch verify "$out/record" --anchor "$anchor" --final
cat <<NEXT

==> try next, with .venv/bin on your PATH
  forge something   change a byte of an archive in $out/record/areas, or remove a folder, and verify again:
                    sanduq watch verify $out/record --anchor $anchor
  another engine    SANDUQ_ENGINE=python sanduq watch verify $out/record --anchor $anchor
  another vote      sanduq rehearse rehearsal/swiss-636.toml --scale 1/2000 --out $out/swiss
  your own          docs/learn/first-referendum.md, docs/do/rehearse.md
NEXT
