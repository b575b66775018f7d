#!/usr/bin/env bash
# The web side: what the Makefile does with web/.
#
#   usage: scripts/web.sh develop             sanduq-web into .venv, catalogues compiled
#          scripts/web.sh messages            compile the catalogues of all languages
#          scripts/web.sh test sqlite|both|all [ARG…]   the tests, on SQLite; then on a PostgreSQL of their own: those of
#                                    the box (both), or all
#                                    SANDUQ_WORKERS says how many at the same time (default 2)
#          scripts/web.sh test browser [ARG…]      voters in Chromium, on the real site and the built booth (needs Node.js)
#          scripts/web.sh test console|console-postgres [ARG…]   the console, on SQLite or on a PostgreSQL of its own
#          scripts/web.sh test console-browser [ARG…]  a trustee makes a key in Chromium, at the console
#          scripts/web.sh test press|press-postgres [ARG…]   the press site, on SQLite or on a PostgreSQL of its own
#          scripts/web.sh test press-browser [ARG…]  readers of the press site in Chromium
#          scripts/web.sh postgres start DIR  a PostgreSQL on a free port of this machine, with its data in DIR; prints its URL
#          scripts/web.sh postgres stop DIR
#
# PostgreSQL is Debian's package `postgresql`: root gets it installed, everybody else is told what to type. It never runs as root.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$PWD/.venv/bin/python
workers=${SANDUQ_WORKERS:-2}

say() { echo "==> web: $*" >&2; }

postgres_bin() {
  local found
  found=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2> /dev/null | sort -V | tail -n 1)
  if [ -z "$found" ] && scripts/debian.sh postgresql "the tests run on it too"; then
    found=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2> /dev/null | sort -V | tail -n 1)
  fi
  [ -n "$found" ] || return 1
  echo "$found"
}

# PostgreSQL refuses to run as root: then as the user that its package has made.
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

postgres_start() {
  local dir=$1 bin port password
  bin=$(postgres_bin) || {
    echo "PostgreSQL is not installed. On Debian: apt-get install postgresql" >&2
    exit 3
  }
  mkdir -p "$dir" && dir=$(cd "$dir" && pwd)
  if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; fi
  password=$("$python" -c 'import secrets; print(secrets.token_hex(16))')
  port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  as_owner sh -c 'umask 077 && echo "$1" > "$2"' sh "$password" "$dir/password"
  as_owner "$bin/initdb" --pgdata "$dir/data" --username sanduq --pwfile "$dir/password" --auth scram-sha-256 \
    --encoding UTF8 --locale C > /dev/null
  as_owner "$bin/pg_ctl" --pgdata "$dir/data" --log "$dir/log" --wait --silent \
    --options "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" start
  PGPASSWORD=$password "$bin/createdb" --host 127.0.0.1 --port "$port" --username sanduq sanduq
  echo "postgres://sanduq:$password@127.0.0.1:$port/sanduq"
}

postgres_stop() {
  local dir=$1 bin
  bin=$(postgres_bin)
  if [ -d "$dir/data" ]; then as_owner "$bin/pg_ctl" --pgdata "$dir/data" --mode immediate --silent stop || true; fi
  rm -rf "$dir"
}

# WeasyPrint needs Pango and a font with Arabic letters; without them everything but the printable protocol works.
pango() {
  "$python" -c 'import weasyprint' 2> /dev/null && return 0
  local package
  for package in libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core; do
    scripts/debian.sh "$package" "the printable protocol is made with it" || true
  done
  "$python" -c 'import weasyprint' 2> /dev/null && return 0
  say "no printable protocol: have \`apt-get install libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core\` typed by someone who may"
}

# PDF that editors of the press site upload is cleaned by mat2, and refused without it; the tests look with exiftool.
cleaners() {
  local package missing=
  for package in mat2 libimage-exiftool-perl; do
    case $package in mat2) command -v mat2 ;; *) command -v exiftool ;; esac > /dev/null && continue
    scripts/debian.sh "$package" "uploads of the press site are cleaned with it" || missing="$missing $package"
  done
  [ -z "$missing" ] || say "the press site refuses PDF: have \`apt-get install$missing\` typed by someone who may"
}

# EPUBs are checked with epubcheck, by the long tests alone.
epubcheck() {
  [ -e /usr/bin/epubcheck ] || scripts/debian.sh epubcheck "EPUBs are checked with it" ||
    say "EPUBs are not checked: have \`apt-get install epubcheck\` typed by someone who may"
}

# Disc images of editions; without xorriso everything but those is made.
discs() {
  command -v xorriso > /dev/null || scripts/debian.sh xorriso "disc images of editions are made with it" ||
    say "no disc images: have \`apt-get install xorriso\` typed by someone who may"
}

messages() { "$python" scripts/messages.py; }

in_browser() {
  scripts/booth.sh fresh
  scripts/booth.sh chromium
  say "tests in Chromium"
  "$python" -m pytest -n "$workers" --dist loadfile -c web/pyproject.toml web/tests/browser "$@"
}

# The tests that follow, with the URL of a PostgreSQL of their own in the variable that is named first.
on_postgres() {
  local variable=$1 dir url
  shift
  dir=$(mktemp -d "${TMPDIR:-/tmp}/sanduq-postgres.XXXXXX") && chmod 755 "$dir"
  # shellcheck disable=SC2064
  trap "'$PWD/scripts/web.sh' postgres stop '$dir'" EXIT
  if url=$(postgres_start "$dir"); then
    say "tests on PostgreSQL"
    env "$variable=$url" "$python" -m pytest -n "$workers" "$@"
  else
    say "tests on PostgreSQL: left out"
  fi
}

run_tests() {
  local which=${1:-all}
  shift || true
  messages
  if [ "$which" = browser ]; then
    in_browser "$@"
    return
  fi
  if [ "$which" = console ]; then
    say "tests of the console"
    "$python" -m pytest -n "$workers" -c web/tests_console/pytest.ini web/tests_console "$@"
    return
  fi
  if [ "$which" = console-browser ]; then
    scripts/booth.sh trustee > /dev/null
    scripts/booth.sh chromium
    say "a trustee at the console, in Chromium"
    "$python" -m pytest -c web/tests_console/pytest.ini web/tests_console/browser "$@"
    return
  fi
  if [ "$which" = console-postgres ]; then
    say "tests of the console"
    on_postgres SANDUQ_DATABASE -c web/tests_console/pytest.ini web/tests_console "$@"
    return
  fi
  if [ "$which" = press ]; then
    [[ "$*" != *long* ]] || epubcheck
    say "tests of the press site"
    "$python" -m pytest -n "$workers" -c web/tests_press/pytest.ini web/tests_press "$@"
    return
  fi
  if [ "$which" = press-postgres ]; then
    say "tests of the press site"
    on_postgres SANDUQ_PRESS_DATABASE -c web/tests_press/pytest.ini web/tests_press "$@"
    return
  fi
  if [ "$which" = press-browser ]; then
    scripts/booth.sh chromium
    say "readers of the press site, in Chromium"
    "$python" -m pytest -c web/tests_press/pytest.ini web/tests_press/browser "$@"
    return
  fi
  pango
  say "tests on SQLite"
  "$python" -m pytest -n "$workers" -c web/pyproject.toml web/tests "$@"
  [ "$which" != sqlite ] || return 0
  local tests=(web/tests)
  # What depends on the database: locks, transactions, kills. Pages read the same rows from either.
  if [ "$which" = both ]; then
    tests=(web/tests/test_crash.py web/tests/test_backup.py)
  fi
  on_postgres SANDUQ_DATABASE -c web/pyproject.toml "${tests[@]}" "$@"
}

case ${1:-}:${2:-} in
  develop:*)
    "$python" -m pip install --quiet --no-deps --no-build-isolation --no-index --editable web
    messages
    pango
    cleaners
    discs
    ;;
  messages:*) messages ;;
  test:*) run_tests "${@:2}" ;;
  postgres:start) postgres_start "$3" ;;
  postgres:stop) postgres_stop "$3" ;;
  *) sed -n "4,15p" scripts/web.sh >&2 && exit 2 ;;
esac
