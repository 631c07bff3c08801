#!/usr/bin/env bash
# The browser tests drive Debian's Chromium: install it where it is missing, or say so and fail.
set -euo pipefail

if command -v chromium >/dev/null; then
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "The browser tests need chromium. Install it (apt-get install chromium) and run again." >&2
        exit 1
    fi
    as_root=(sudo -n)
fi

if ! command -v apt-get >/dev/null; then
    echo "The browser tests need a browser named chromium on the PATH." >&2
    exit 1
fi

echo "Installing chromium for the browser tests"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
command -v chromium >/dev/null
