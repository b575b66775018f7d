#!/usr/bin/env bash
# The press site of the demo, with invented content in six languages, in a database of its own.
#
#   usage: scripts/demo_press.sh fill FOLDER PORT | serve FOLDER PORT VOTE_SITE
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PWD/.venv/bin:$PATH
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
    ;;
  # One process in the place of this one: whoever started it ends it.
  serve)
    SANDUQ_PRESS_MODERATORS=$(grep -o 'age1[a-z0-9]*' "$full/moderators.recipient")
    SANDUQ_PRESS_DESK=$(grep -o 'age1[a-z0-9]*' "$full/desk.recipient")
    export SANDUQ_PRESS_MODERATORS SANDUQ_PRESS_DESK
    SANDUQ_PRESS_VOTE=$4 exec sanduq-press serve --port "$port"
    ;;
  *) sed -n '4p' "$0" >&2 && exit 2 ;;
esac
