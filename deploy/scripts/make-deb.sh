#!/bin/bash
# make-deb.sh FOLDER - builds the Debian package from what is committed, into FOLDER.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(mkdir -p "${1:?FOLDER}" && cd "$1" && pwd -P)
tree=$target/source/patbridge
rm -rf "$target/source"
mkdir -p "$tree"
git archive HEAD | tar -x -C "$tree"
mv "$tree/deploy/debian" "$tree/debian"
cp deploy/systemd/patbridge.service "$tree/debian/patbridge.service"
cd "$tree"
dpkg-buildpackage --build=binary --no-sign --jobs="$(nproc)" >"$target/log" 2>&1 || {
    tail -n 20 "$target/log"
    exit 1
}
mv ../patbridge_*.deb "$target/"
rm -rf "$target/source"
find "$target" -name '*.deb'
