#!/usr/bin/env bash
# Pins again what .venv holds: requirements/dev.in -> requirements/dev.txt (with hashes) -> constraints.txt (versions only).
#
#   usage: scripts/pins.sh [--upgrade]      without --upgrade, versions that still fit stay
set -euo pipefail
cd "$(dirname "$0")/.."

header() {
  echo "# $1"
  echo "# Made by \`make pins\` from $2, for Python $(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); not to be edited."
}

new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
cp requirements/dev.txt "$new/dev.txt" 2> /dev/null || true
.venv/bin/pip-compile --quiet --no-config --strip-extras --allow-unsafe --generate-hashes --no-header \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --annotation-style=line \
  "$@" --output-file "$new/dev.txt" requirements/dev.in

sed -i -e '/^#/d' -e '/^ *# via/d' -e '/^$/d' "$new/dev.txt"
sed -i -e 's/ *# via .*//' "$new/dev.txt"
{ header "What .venv holds, with the hashes of the files." requirements/dev.in; cat "$new/dev.txt"; } > requirements/dev.txt
{ header "What .venv holds: use with \`pip install -c constraints.txt\`." requirements/dev.txt
  grep -o '^[a-z0-9][^ ]*==[^ ]*' "$new/dev.txt"; } > constraints.txt
