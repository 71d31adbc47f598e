#!/bin/sh
# Unpacks Debian's Prometheus into a folder of its own: test/prometheus/install.sh DIR
# Then: PROMETHEUS_BIN=DIR/usr/bin/prometheus make prometheus
# Unpacked, not installed: that needs no root, and an installed package would start a daemon.
set -eu
dir=${1:?usage: test/prometheus/install.sh DIR}
for tool in apt-get dpkg-deb; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: this unpacks a Debian package" >&2; exit 1; }
done
mkdir -p "$dir"
cd "$dir"
rm -f prometheus_*.deb
# A machine that was never asked has no list of packages yet.
if ! apt-get download prometheus; then
  if [ "$(id -u)" = 0 ]; then apt-get update; else sudo -n apt-get update; fi
  apt-get download prometheus
fi
dpkg-deb -x prometheus_*.deb .
usr/bin/prometheus --version
