#!/usr/bin/env bash
# Sets up the open referendum of the demo with the same commands as a real one, all parts played on this machine.
#
#   usage: scripts/demo_open.sh FOLDER BOOTH_URL
#
# FOLDER/record, FOLDER/box-key, FOLDER/rolls (the registrar's secret files), FOLDER/letters, FOLDER/links.txt
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PWD/.venv/bin:$PATH
out=$1 booth=$2
draft=$out/draft/referendum.toml
mkdir -p "$out/draft" "$out/letters" "$out/keys"
cp rehearsal/harbour/areas.csv "$out/draft/"
at() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; }

# The registrar. People who are on the roll get a credential each; the public list has keys, no names.
while IFS=, read -r code _ _ electorate _; do
  sanduq roll credentials --count "$electorate" --unencrypted --out "$out/rolls/$code" > /dev/null
done < <(tail -n +2 "$out/draft/areas.csv")

# Three trustees, two of whom are enough. Their ceremony, as in docs/learn/first-referendum.md.
(
  cd "$out/keys"
  for i in 1 2 3; do sanduq keys begin --index $i --threshold 2 --size 3 --out trustee$i; done
  cat trustee{1,2,3}/trustee.cert > certs
  for i in 1 2 3; do sanduq keys polynomial --certs certs --key trustee$i/trustee.key --out trustee$i; done
  cat trustee{1,2,3}/trustee.commitment > commitments
  cat trustee{1,2,3}/trustee.polynomial > polynomials
  sanduq keys route --certs certs --polynomials polynomials --out vinputs
  for i in 1 2 3; do
    sanduq keys finish --certs certs --key trustee$i/trustee.key --vinput vinputs/$i.vinput --commitments commitments --out trustee$i
  done
  cat trustee{1,2,3}/trustee.voutput > voutputs
  sanduq keys assemble --certs certs --polynomials polynomials --voutputs voutputs --out group.json
  sanduq keys trustees --group group.json --out trustees.json
) > "$out/ceremony.log"

sanduq box key --out "$out/box-key" > /dev/null
# It opens in a moment: what is frozen cannot be open already.
sed "s/^opens = .*/opens = \"$(at '+10 seconds')\"/; s/^closes = .*/closes = \"$(at '+3 days')\"/" \
  rehearsal/harbour/referendum.toml > "$draft"
sanduq question check "$draft"
hash=()
if [ -f booth/dist/index.html ]; then hash=(--booth "$(sanduq booth hash booth/dist | grep -o '[0-9a-f]\{64\}' | head -n 1)"); fi
sanduq question freeze "$draft" --rolls "$out/rolls" --trustees "$out/keys/trustees.json" --box-key "$out/box-key/box.pub" \
  "${hash[@]}" --out "$out/record"

# A letter a voter, and for the first of each area the link behind its code.
for list in "$out"/rolls/*/*.credentials.csv; do
  area=$(basename "$(dirname "$list")")
  sanduq roll letters "$list" --record "$out/record" --booth "$booth" --out "$out/letters/$area" > /dev/null
done
anchor=$(sha256sum "$out/record/setup.json" | cut -d ' ' -f 1)
while IFS=, read -r code name _ _ language; do
  credential=$(sed -n 's/^1,//p' "$out/rolls/$code"/*.credentials.csv)
  printf '%-16s %s/#r=%s&a=%s&c=%s&l=%s\n' "$name" "$booth" "$anchor" "$code" "$credential" "$language"
done < <(tail -n +2 "$out/draft/areas.csv") > "$out/links.txt"
chmod 600 "$out/links.txt"
