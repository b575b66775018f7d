#!/usr/bin/env bash
# Gets belenios-tool 3.3, the peer that the tests compare with, and prints its path.
#
#   usage: scripts/belenios_tool.sh [DIR]        default .tools/belenios-tool
#
# Debian's sid has it. Nothing is installed: apt fetches the packages (and checks Debian's signatures) with lists and a status
# of their own, so root is not needed; they are unpacked into DIR, together with the libraries they want, libc too.
# Where the archive is, is taken from this machine's apt sources; SANDUQ_DEBIAN_MIRROR names another.
# A belenios-tool 3.3 that is on PATH is used as it is.
#
# When it cannot be had: one line with the reason on stderr and in DIR.missing (the tests that want it skip and show it), exit 3.
set -euo pipefail
export LC_ALL=C
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=${1:-$root/.tools/belenios-tool}
want=3.3

mkdir -p "$(dirname "$dir")"
work=$(mktemp -d "${TMPDIR:-/tmp}/belenios-tool.XXXXXX") # apt drops to its own user when root: it must be able to enter
chmod 755 "$work"
trap 'rm -rf "$work" "$dir.new.$$"' EXIT

say() { echo "==> belenios-tool: $*" >&2; }
impossible() {
  echo "$*" > "$dir.missing"
  echo "belenios-tool cannot be had: $*" >&2
  exit 3
}
version_of() { "$1" --version 2> /dev/null | head -n 1 | cut -d ' ' -f 1 || true; }
have() {
  rm -f "$dir.missing"
  echo "$1"
  exit 0
}
fits() { case $1 in $want | $want.*) ;; *) return 1 ;; esac }

# --- is it here already? ---------------------------------------------------------------------------------------------------
if [ -x "$dir/belenios-tool" ] && fits "$(version_of "$dir/belenios-tool")"; then have "$dir/belenios-tool"; fi
if own=$(command -v belenios-tool) && fits "$(version_of "$own")"; then
  say "using $own"
  mkdir -p "$dir" && ln -sfn "$own" "$dir/belenios-tool" && have "$dir/belenios-tool"
fi

# --- can this machine get it? ----------------------------------------------------------------------------------------------
for command in apt-get dpkg dpkg-deb; do
  command -v $command > /dev/null || impossible "this machine has no $command (Debian's packages are the only source we know)"
done
for keyring in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg} none; do [ -r $keyring ] && break; done
[ $keyring != none ] || impossible "this machine has no key of the Debian archive (package debian-archive-keyring)"
arch=$(dpkg --print-architecture)

# apt reads both forms of its sources (.list and .sources) for us
mirrors=${SANDUQ_DEBIAN_MIRROR:-$(apt-get -oDir::State::lists="$work/none" update --print-uris 2> /dev/null |
  sed -n "s|^'\(.*\)/dists/.*/InRelease'.*|\1|p" | grep -i debian | grep -vi -e security -e backports | sort -u)} || true
[ -n "$mirrors" ] || impossible "the apt sources of this machine name no Debian mirror (SANDUQ_DEBIAN_MIRROR=… names one)"

# --- get it ----------------------------------------------------------------------------------------------------------------
apt=(-oDir::Etc::sourcelist="$work/sources.list" -oDir::Etc::sourceparts=/dev/null
  -oDir::Etc::preferences=/dev/null -oDir::Etc::preferencesparts=/dev/null
  -oDir::State::lists="$work/lists" -oDir::State::status="$work/status" -oDir::State::extended_states="$work/extended"
  -oDir::Cache="$work/cache" -oAPT::Architecture="$arch" -oAPT::Architectures="$arch"
  -oAcquire::AllowInsecureRepositories=false -oAPT::Get::AllowUnauthenticated=false
  -oAcquire::Languages=none -oAcquire::Retries=2 -oAcquire::http::Timeout=30 -oAcquire::https::Timeout=30 -qq)
mkdir -p "$work"/lists/partial "$work"/cache/archives/partial "$work/debs" && touch "$work/status" "$work/extended"
find "$work" -type d -exec chmod 755 {} +
chmod 777 "$work/debs"

found=
for mirror in $mirrors; do
  say "asking Debian sid for $want ($arch)"
  echo "deb [signed-by=$keyring] $mirror sid main" > "$work/sources.list"
  if apt-get "${apt[@]}" --error-on=any update > "$work/log" 2>&1 && [ -n "$(ls "$work"/lists/*Packages* 2> /dev/null)" ]; then
    found=$mirror && break
  fi
done
[ -n "$found" ] || impossible "no answer from a Debian mirror (network?): $(grep -m 1 '^[EW]:' "$work/log" || tail -n 1 "$work/log")"

# with an empty status, the packages apt would install are the tool and all it needs
wanted=$(apt-get "${apt[@]}" -s --no-install-recommends install belenios-tool 2> "$work/log" |
  sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1=\2/p') || true
version=$(sed -n 's/^belenios-tool=//p' <<< "$wanted")
[ -n "$version" ] || impossible "Debian sid has no installable belenios-tool for $arch: $(head -n 1 "$work/log")"
fits "${version%%[-+]*}" || impossible "Debian sid has moved on to $version; sanduq is compared with $want"

say "fetching $version"
# shellcheck disable=SC2086  # one word per package
(cd "$work/debs" && apt-get "${apt[@]}" download $wanted > "$work/log" 2>&1) ||
  impossible "fetching the packages failed: $(grep -m 1 '^[EW]:' "$work/log" || tail -n 1 "$work/log")"

new=$dir.new.$$
mkdir -p "$new/root"
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$new/root"; done
rm -rf "$new/root/usr/share/"{locale,i18n,info,man}
loader=$(cd "$new" && find root -name 'ld-linux*.so.*' -o -name 'ld64.so.*' | sort | head -n 1)
[ -n "$loader" ] || impossible "libc6 for $arch has no loader where we look for one"
libraries=$(cd "$new" && dirname "$(find root -name 'libc.so.6' | head -n 1)")
cat > "$new/belenios-tool" << S
#!/bin/sh
# made by scripts/belenios_tool.sh: belenios-tool $version with the libraries of its own time
here=\$(dirname "\$(readlink -f "\$0")")
BELENIOS_USE_URANDOM=1 exec "\$here/$loader" --library-path "\$here/$libraries" "\$here/root/usr/bin/belenios-tool" "\$@"
S
chmod 755 "$new/belenios-tool"
got=$(version_of "$new/belenios-tool")
fits "$got" || impossible "what was fetched as $version answers '$got' to --version"

rm -rf "$dir"
mv -T "$new" "$dir" || fits "$(version_of "$dir/belenios-tool")" # or somebody else was quicker
say "version $got"
have "$dir/belenios-tool"
