#!/usr/bin/env bash
# The booth: what is done with booth/. Installs its packages first when they have changed.
#
#   usage: scripts/booth.sh build|fresh|disc|trustee|chromium|test|browser|lint|size|bench
#
# build    the files of the booth into booth/dist, and their hash, twice: both must be the same to the byte
# fresh    the same once, only if a source is newer than what is there
# disc     VERIFY.html, which checks a disc, and VERIFY-AREA.html, which verifies an archive on it, into booth/dist-disc, twice: the same to the byte
# trustee  TRUSTEE.html, a trustee's work in the browser, and trustee-online.html, the same over a server, into booth/dist-trustee; twice
# chromium installs Chromium if it is missing and can be installed
# test     vectors and known answers in Node; the library judges what is sealed here if .venv is there (or SANDUQ_PYTHON names one)
# browser  voters and vectors in Chromium (SANDUQ_CHROMIUM names it; default /usr/bin/chromium), with a real record: needs .venv;
#          the page of a disc in Firefox ESR, too (SANDUQ_FIREFOX)
# bench    sealing with the processor slowed four times, as one JSON line
set -euo pipefail
cd "$(dirname "$0")/../booth"

say() { echo "==> booth: $*"; }
missing() {
  echo "The booth needs $1. On Debian 12: $2" >&2
  exit 1
}
need_chromium() {
  [ -x "${SANDUQ_CHROMIUM:-/usr/bin/chromium}" ] || ../scripts/debian.sh chromium "voters are played in it" || true
  [ -x "${SANDUQ_CHROMIUM:-/usr/bin/chromium}" ] || missing "Chromium" "apt-get install chromium"
}

command -v node > /dev/null && command -v npm > /dev/null || missing "Node.js 20.19 or later, with npm" "see nodejs.org; Debian's own is too old"
if ! [ node_modules/.made -nt package-lock.json ] || ! [ node_modules/.made -nt package.json ]; then
  say "packages (pinned, checked by hash)"
  npm ci --silent --ignore-scripts
  touch node_modules/.made
fi

case ${1:-} in
  build) npm run --silent build -- --twice && npm run --silent size ;;
  fresh)
    if ! [ -e dist/index.html ] || [ -n "$(find src public index.html vite.config.ts package.json -newer dist/index.html -print -quit)" ]; then
      say "building" && npm run --silent build -- --quiet
    fi
    ;;
  disc) npm run --silent disc ;;
  trustee) npm run --silent trustee ;;
  chromium) need_chromium ;;
  test) say "tests (TypeScript)" && npm run --silent test ;;
  browser)
    need_chromium
    [ -x "${SANDUQ_FIREFOX:-/usr/bin/firefox-esr}" ] || ../scripts/debian.sh firefox-esr "the page of a disc is tried in it" ||
      say "no Firefox: its tests are skipped (apt-get install firefox-esr)"
    say "tests (Chromium, Firefox)" && npm run --silent browser
    ;;
  lint) npm run --silent lint ;;
  size) npm run --silent size ;;
  bench) need_chromium && npm run --silent bench ;;
  *) sed -n '4p' ../scripts/booth.sh >&2 && exit 2 ;;
esac
