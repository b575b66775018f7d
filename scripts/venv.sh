#!/usr/bin/env bash
# Makes .venv and puts the packages of requirements/dev.txt into it (exact versions, checked by hash).
#
# PYTHON names the Python to use; otherwise the first on PATH that is 3.11 or later. Debian keeps a part of Python's `venv` in a
# package of its own (python3-venv): root gets it installed, everybody else is told what to type.
set -euo pipefail
cd "$(dirname "$0")/.."

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; }
with_pip() { "$1" -c 'import ensurepip, venv' 2> /dev/null; }
version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

python=
for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
  if command -v "$candidate" > /dev/null && new_enough "$candidate"; then
    python=$candidate && break
  fi
done
if [ -z "$python" ]; then
  echo "sanduq needs Python 3.11 or later${PYTHON:+; $PYTHON is not}. On Debian 12: apt-get install python3 python3-venv" >&2
  exit 1
fi

if ! with_pip "$python"; then
  package=python$(version "$python")-venv
  scripts/debian.sh "$package" "this Python lacks ensurepip" || true
  if ! with_pip "$python"; then
    echo "$python cannot make environments: its ensurepip is missing. Have this typed by someone who may:" >&2
    echo "    apt-get install $package" >&2
    exit 1
  fi
fi

if ! [ -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2> /dev/null || ! new_enough .venv/bin/python; then
  rm -rf .venv
  "$python" -m venv .venv
fi
# One of them (of the CAPTCHA's) is published as source only: plain Python. What is never imported need not be compiled.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes \
  --only-binary :all: --no-binary django-ranged-response --requirement requirements/dev.txt

# what an older list left behind
extra=$(comm -23 <(.venv/bin/python -m pip list --format freeze | cut -d = -f 1 | tr 'A-Z_.' 'a-z--' | sort) \
  <(grep -ho '^[a-z0-9][^= ]*' requirements/*.txt | sort) | grep -v '^sanduq' || true)
# shellcheck disable=SC2086  # one word per package
[ -z "$extra" ] || .venv/bin/python -m pip uninstall --quiet --yes $extra
