# Every command of sanduq. Each target first makes what it needs; what is there already is not made again.
#
# make ENGINE=no …    without the Rust engine (no cargo needed; hundreds of times slower)
# make BOOTH=no …     without the booth in the browser (no Node.js needed)
# make WORKERS=1 …    tests one after the other
# make PYTHON=…       with this Python, 3.11 or later (default: the first on PATH that will do)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

ENGINE ?= yes
BOOTH ?= yes
WORKERS ?= 2
PYTHON ?=
PORT ?= 8000
PRESS_PORT ?= 8001
BOOTH_PORT ?= 8002
SERVE ?= yes

BIN := .venv/bin
PY := $(BIN)/python

# --- what is made once: stamps ----------------------------------------------------------------------------------------------
TOOLS := .venv/.made-tools
LIBRARY := .venv/.made-library
# Without the Rust engine, everything is asked of the Python engine alone.
ifneq ($(ENGINE),yes)
export SANDUQ_ENGINE := python
endif
SPEED := $(if $(filter yes,$(ENGINE)),.venv/.made-speed)
SPEED_FILES := $(shell find speed -name target -prune -o -type f \
	\( -name '*.rs' -o -name '*.toml' -o -name '*.txt' -o -name '*.py' -o -name '*.pyi' \) -print 2> /dev/null)

$(TOOLS): requirements/dev.txt scripts/venv.sh
	@echo "==> Python environment in .venv: pinned packages"
	@PYTHON="$(PYTHON)" scripts/venv.sh
	@touch $@

$(LIBRARY): $(TOOLS) library/pyproject.toml library/src/sanduq/__init__.py
	@echo "==> library: sanduq into .venv"
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation --no-index --editable library
	@touch $@

.venv/.made-speed: $(TOOLS) scripts/speed.sh $(SPEED_FILES)
	@echo "==> engine: sanduq-speed into .venv (Rust; the first time takes a few minutes)"
	@scripts/speed.sh develop
	@touch $@

WEB := .venv/.made-web
$(WEB): $(LIBRARY) web/pyproject.toml scripts/web.sh $(shell find web -name '*.po' 2> /dev/null)
	@echo "==> web: sanduq-web into .venv"
	@scripts/web.sh develop
	@touch $@

# The built files of the booth, and the pages of a disc and of trustees. Without Node.js the demo and the tests do without them.
BUILT := $(if $(filter yes,$(BOOTH)),built)
built:
	@scripts/booth.sh fresh
	@scripts/booth.sh disc > /dev/null
	@scripts/booth.sh trustee > /dev/null

speed/Cargo.lock: speed/locked-crates.txt speed/lock.py | $(TOOLS)
	@scripts/speed.sh lock

.PHONY: help setup demo test test-all lint format bench wheels fuzz docs screenshots pins oracle built clean

help: ## show this
	@echo "make …"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

setup: $(LIBRARY) $(SPEED) $(WEB) ## the library, the engine and the vote site, ready in .venv

# make demo PORT=8100 PRESS_PORT=8101 BOOTH_PORT=8102: on other ports; make demo SERVE=no: all but the servers
demo: setup $(BUILT) ## a verified vote on real figures, one to vote in on http://localhost:8000, and a press site on :8001
	@scripts/demo.sh --port $(PORT) --press-port $(PRESS_PORT) --booth-port $(BOOTH_PORT) $(if $(filter no,$(SERVE)),--no-serve)

oracle:
	@mkdir -p .tools
	@scripts/belenios_tool.sh > /dev/null || echo "==> going on: the tests that compare with it are skipped"
	@command -v minisign > /dev/null || scripts/debian.sh minisign "signatures of editions are compared with it" || \
	  echo "==> going on without minisign: the tests that compare with it are skipped"

test: setup oracle ## all tests but the long ones
	@$(if $(SPEED),scripts/speed.sh test)
	@echo "==> library: tests"
	@$(PY) -m pytest -n $(WORKERS)
	@$(if $(filter yes,$(BOOTH)),scripts/booth.sh test)
	@$(if $(filter yes,$(BOOTH)),SANDUQ_WORKERS=$(WORKERS) scripts/web.sh test browser)
	@SANDUQ_WORKERS=$(WORKERS) scripts/web.sh test both
	@SANDUQ_WORKERS=$(WORKERS) scripts/web.sh test console
	@SANDUQ_WORKERS=$(WORKERS) scripts/web.sh test press

test-all: export SANDUQ_MUTATIONS ?= 50000
test-all: export SANDUQ_BOOTH_MUTATIONS ?= 3000
test-all: export SANDUQ_FUZZ ?= 500
test-all: setup oracle ## all tests; takes long
	@$(if $(SPEED),scripts/speed.sh test)
	@echo "==> library: all tests, with $(SANDUQ_MUTATIONS) mutations"
	@$(PY) -m pytest -n $(WORKERS) -m "long or not long"
	@$(if $(filter yes,$(BOOTH)),scripts/booth.sh test)
	@$(if $(filter yes,$(BOOTH)),scripts/booth.sh browser)
	@$(if $(filter yes,$(BOOTH)),scripts/web.sh test browser -m "long or not long")
	@SANDUQ_WORKERS=$(WORKERS) scripts/web.sh test all -m "long or not long"
	@SANDUQ_WORKERS=$(WORKERS) scripts/web.sh test console -m "long or not long"
	@SANDUQ_WORKERS=$(WORKERS) scripts/web.sh test console-postgres
	@$(if $(filter yes,$(BOOTH)),scripts/web.sh test console-browser)
	@SANDUQ_WORKERS=$(WORKERS) scripts/web.sh test press -m "long or not long"
	@SANDUQ_WORKERS=$(WORKERS) scripts/web.sh test press-postgres
	@$(if $(filter yes,$(BOOTH)),scripts/web.sh test press-browser)

lint: $(WEB) ## style, types, order of imports, rules of the tree
	@ENGINE=$(ENGINE) BOOTH=$(BOOTH) scripts/lint.sh

format: $(TOOLS) ## put all code into the one form
	@echo "==> format: ruff, cargo fmt"
	@$(BIN)/ruff check --quiet --fix --exit-zero
	@$(BIN)/ruff format --quiet
	@$(if $(SPEED),scripts/speed.sh format)

bench: setup oracle $(BUILT) ## measure, side by side with the peer; the box under load, the pages, the booth
	@echo "==> bench: library and engine, beside the peer"
	@$(PY) bench/run.py
	@echo "==> bench: the box under load, killed and started again in between"
	@$(PY) bench/web.py
	@echo "==> bench: the page of a watched vote"
	@$(PY) bench/watch_page.py
	@echo "==> bench: observers' screens of the console"
	@$(PY) bench/console_areas.py
	@$(if $(BUILT),scripts/booth.sh size && scripts/booth.sh bench)

fuzz: setup ## any bytes into every reader, Python's and Rust's, a minute each
	@echo "==> fuzz"
	@scripts/fuzz.sh 60

docs: setup ## write the generated pages anew: docs/look-up/cli.md and errors.md
	@echo "==> docs: look-up pages"
	@$(PY) scripts/cli_reference.py
	@$(PY) scripts/error_reference.py

SITE ?= http://localhost:8000
PRESS_SITE ?= http://localhost:8001
BOOTH_SITE ?= http://localhost:8002
# LETTER: a link that the demo printed; ACCOUNT: build/demo/press/account.txt, whose password is used up
screenshots: setup ## take the pictures of docs/pictures anew, from a running demo (SITE=… PRESS_SITE=… BOOTH_SITE=… LETTER=… ACCOUNT=…)
	@scripts/booth.sh chromium
	@$(PY) scripts/screenshots.py docs/pictures --site $(SITE) --booth $(BOOTH_SITE) $(if $(LETTER),--letter '$(LETTER)') \
	  --press $(PRESS_SITE) $(if $(ACCOUNT),--account $(ACCOUNT))

wheels: setup ## build the wheels into dist/ and try them in an environment of their own
	@scripts/wheels.sh

pins: $(TOOLS) ## pin the newest Python packages anew
	@echo "==> pins: asking for versions and hashes (takes minutes)"
	@scripts/pins.sh --upgrade

clean: ## remove everything that make made
	rm -rf booth/node_modules booth/dist
	rm -rf .venv .tools build dist speed/target speed/fuzz/target speed/Cargo.lock speed/fuzz/Cargo.lock
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
