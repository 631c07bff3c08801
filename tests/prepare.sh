#!/usr/bin/env bash
# The browser tests drive Debian's Chromium: install it where it is missing, or say so and fail.
set -euo pipefail

give_up() {
    echo "The browser tests need a browser named chromium on the PATH: $1" >&2
    exit 1
}

command -v chromium >/dev/null && exit 0
command -v apt-get >/dev/null || give_up "it is missing, and there is no apt-get to install it."

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || give_up "it is missing; install it (apt-get install chromium)."
    as_root=(sudo -n)
fi

echo "Installing chromium for the browser tests"
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@"; }
apt update && apt install -y --no-install-recommends chromium || give_up "apt-get could not install it."
command -v chromium >/dev/null || give_up "apt-get installed it under another name."
