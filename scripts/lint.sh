#!/usr/bin/env bash
# All checks of style; `make lint` calls it. Every one runs, so that one go shows everything; silent about what is in order.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()

step() { # step NAME COMMAND…
  local out
  if ! out=$("${@:2}" 2>&1); then
    failed+=("$1")
    echo "==> lint: $1"
    echo "$out"
  fi
}

step "rules of the tree" .venv/bin/python scripts/check_tree.py
step "ruff check" .venv/bin/ruff check --quiet --output-format concise
step "ruff format (make format mends it)" .venv/bin/ruff format --check --quiet --diff
step "mypy" .venv/bin/mypy
step "order of imports" .venv/bin/lint-imports --no-logo
for script in scripts/*.sh .ci/run; do step "bash -n $script" bash -n "$script"; done
if [ "${ENGINE:-yes}" = yes ]; then step "engine" scripts/speed.sh lint; fi

if [ "${BOOTH:-yes}" = yes ]; then step "booth" scripts/booth.sh lint; fi

if [ ${#failed[@]} -gt 0 ]; then
  printf '==> lint: not in order: %s\n' "$(IFS=, && echo "${failed[*]}")"
  exit 1
fi
echo "==> lint: in order"
