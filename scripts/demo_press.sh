#!/usr/bin/env bash
# The press site of the demo, with invented content in six languages, in a database of its own.
#
#   usage: scripts/demo_press.sh fill FOLDER PORT | serve FOLDER PORT VOTE_SITE
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PWD/.venv/bin:$PATH
# An edition of it, signed, and its archive, which the front page offers. In earnest the key is on a machine without a network.
edition() {
  local day name
  day=$(date -u +%Y-%m-%d) name=edition-1-$(date -u +%Y-%m-%d)
  sanduq-press edition "$full/$name" --number 1 --date "$day" --address "http://localhost:$port"
  sanduq disc key --unencrypted --out "$full/edition-key"
  cp "$full/edition-key/edition.pub" "$full/$name/KEYS"
  if [ -f booth/dist-disc/VERIFY.html ]; then
    sanduq disc page booth/dist-disc/VERIFY.html --key "$full/edition-key/edition.pub" --out "$full/$name/VERIFY.html"
  fi
  sanduq disc sums "$full/$name"
  sanduq disc sign "$full/$name" --key "$full/edition-key/edition.key" --edition 1 --date "$day"
  sanduq disc verify "$full/$name" --key "$full/edition-key/edition.pub"
  mkdir "$full/editions"
  (cd "$full" && python -m zipfile -c "editions/$name.zip" "$name/")
}

task=$1 out=$2 port=$3
mkdir -p "$out"
full=$(cd "$out" && pwd)
export SANDUQ_PRESS_DATABASE=sqlite:///$full/press.db SANDUQ_PRESS_MEDIA=$full/media
case $task in
  fill)
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
    SANDUQ_PRESS_VOTE=$4 exec sanduq-press serve --port "$port"
    ;;
  *) sed -n '4p' "$0" >&2 && exit 2 ;;
esac
