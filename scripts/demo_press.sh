#!/usr/bin/env bash
# The press site of the demo, with invented content in six languages, in a database of its own.
#
#   usage: scripts/demo_press.sh fill FOLDER PORT [RECORD ANCHOR VOTE_SITE] | serve FOLDER PORT VOTE_SITE
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PWD/.venv/bin:$PATH
# An edition of all that is public, on both sites, signed and packed; the front page offers it. In earnest the vote site's pages and
# the record come from its own machine, and the secret key is on one without a network.
edition() {
  local day name parts=$full/workshop/parts left=()
  day=$(date -u +%Y-%m-%d) name=edition-1-$(date -u +%Y-%m-%d)
  mkdir -p "$parts" "$full/editions"
  sanduq disc key --unencrypted --out "$full/edition-key"
  cp "$full/edition-key/edition.pub" "$parts/KEYS"
  if [ -f booth/dist-disc/VERIFY.html ]; then
    sanduq disc page booth/dist-disc/VERIFY.html --key "$full/edition-key/edition.pub" --out "$parts/VERIFY.html"
    cp booth/dist-disc/VERIFY-AREA.html "$parts/"
  fi
  if [ -n "$record" ]; then
    sanduq-web disc record "$parts" --record "$record" --anchor "$anchor"
    sanduq-web mirror "$parts/vote" --number 1 --date "$day" --address "$vote"
  fi
  if [ -f dist/sanduq-*.whl ]; then sanduq-web disc software "$parts" --wheels dist; fi
  python -c 'import weasyprint' 2> /dev/null || left=(--without books)
  sanduq-web disc build "$full/$name" --number 1 --date "$day" --address "http://localhost:$port" --parts "$parts" \
    --cache "$full/workshop/cache" "${left[@]}"
  sanduq disc sign "$full/$name" --key "$full/edition-key/edition.key" --edition 1 --date "$day"
  sanduq disc verify "$full/$name" --key "$full/edition-key/edition.pub"
  if command -v xorriso > /dev/null; then
    sanduq-web disc pack "$full/$name" "$full/editions"
  else
    (cd "$full" && python -m zipfile -c "editions/$name.zip" "$name/")
  fi
}

task=$1 out=$2 port=$3
mkdir -p "$out"
full=$(cd "$out" && pwd)
export SANDUQ_PRESS_DATABASE=sqlite:///$full/press.db SANDUQ_PRESS_MEDIA=$full/media
case $task in
  fill)
    record=${4:-} anchor=${5:-} vote=${6:-}
    sanduq-press migrate
    sanduq-press demo rehearsal/courier --host localhost --port "$port"
    # In earnest each key is made on the machine of whoever reads with it, and never comes to the server.
    for who in moderators desk; do sanduq-press key "$full/$who.key" > "$full/$who.recipient"; done
    sanduq-press account editor --role administrator > "$full/account.txt"
    edition
    ;;
  # One process in the place of this one: whoever started it ends it.
  serve)
    SANDUQ_PRESS_MODERATORS=$(grep -o 'age1[a-z0-9]*' "$full/moderators.recipient")
    SANDUQ_PRESS_DESK=$(grep -o 'age1[a-z0-9]*' "$full/desk.recipient")
    export SANDUQ_PRESS_MODERATORS SANDUQ_PRESS_DESK SANDUQ_PRESS_EDITIONS=$full/editions
    export SANDUQ_PRESS_WORKSHOP=$full/workshop
    SANDUQ_PRESS_VOTE=$4 exec sanduq-press serve --port "$port"
    ;;
  *) sed -n '4p' "$0" >&2 && exit 2 ;;
esac
