#!/bin/sh
# Installs MiniStack into a virtualenv of its own: test/ministack/install.sh DIR
# Then: MINISTACK_VENV=DIR npm run jest -- test/ministack
set -eu
dir=${1:?usage: test/ministack/install.sh DIR}
here=$(cd "$(dirname "$0")" && pwd)
python3 -m venv "$dir"
"$dir/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"
"$dir/bin/python" -m pip check
