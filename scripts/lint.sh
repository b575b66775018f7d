#!/usr/bin/env bash
# All checks of style; `make lint` calls it. Every one runs, so that one go shows everything; silent about what is in order.
# Python's checks run beside those of Rust and TypeScript.
set -uo pipefail
cd "$(dirname "$0")/.."
told=$(mktemp -d)
trap 'rm -rf "$told"' EXIT

step() { # step NAME COMMAND…
  local out
  if ! out=$("${@:2}" 2>&1); then
    echo "$1" >> "$told/failed"
    printf '==> lint: %s\n%s\n' "$1" "$out"
  fi
}

python_and_shell() {
  step "rules of the tree" .venv/bin/python scripts/check_tree.py
  step "ruff check" .venv/bin/ruff check --quiet --output-format concise
  step "ruff format (make format mends it)" .venv/bin/ruff format --check --quiet --diff
  step "mypy" .venv/bin/mypy
  step "order of imports" .venv/bin/lint-imports --no-logo
  local script
  for script in scripts/*.sh .ci/run; do step "bash -n $script" bash -n "$script"; done
}

python_and_shell > "$told/python" &
if [ "${ENGINE:-yes}" = yes ]; then step "engine" scripts/speed.sh lint; fi
if [ "${BOOTH:-yes}" = yes ]; then step "booth" scripts/booth.sh lint; fi
wait
cat "$told/python"

if [ -s "$told/failed" ]; then
  printf '==> lint: not in order: %s\n' "$(paste -sd, "$told/failed")"
  exit 1
fi
echo "==> lint: in order"
