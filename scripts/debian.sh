#!/usr/bin/env bash
# Installs a package of Debian if it can: as root, with apt-get. Says on standard error what it is doing; fails if it could not.
#
#   usage: scripts/debian.sh PACKAGE "why it is needed"
set -euo pipefail
package=$1

[ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || exit 1
echo "==> installing $package ($2)" >&2
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -qq -y --no-install-recommends "$package" > /dev/null 2>&1; }
install || { apt-get -qq update > /dev/null 2>&1 && install; }
