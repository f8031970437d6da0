#!/bin/bash
# container.sh - the container's image, built from a base of its own (debootstrap: no registry of images is asked): what is in it, as whom
# it runs, and what it says without a database. As root.
# shellcheck disable=SC2317 # functions that check calls
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d /var/tmp/patbridge-container-XXXXXX)
finish() {
    builder unmount --all >/dev/null 2>&1
    rm -rf --one-file-system "$work"
}
trap finish EXIT
builder() { buildah --root "$work/images" --runroot "$work/run" --storage-driver vfs "$@"; }
check() {
    local sentence=$1
    shift
    if "$@" >"$work/out" 2>&1; then echo "ok - $sentence"; else
        echo "not ok - $sentence"
        tail -n 12 "$work/out" | cut -c 1-300 | sed 's/^/# /'
    fi
}
mirror() { sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1; }
# What this machine trusts and how its npm reaches a registry: a network may have an authority of its own.
trusted() {
    local file
    for file in /etc/ssl/certs/ca-certificates.crt /usr/local/share/ca-certificates/*.crt /etc/npmrc; do
        if [ -f "$file" ]; then install -D -m 0644 "$file" "$work/root$file"; fi
    done
}
base() {
    local container
    debootstrap --variant=minbase bookworm "$work/root" "$(mirror)" && cp -r /etc/apt/sources.list* "$work/root/etc/apt/" &&
        cp -r /etc/apt/apt.conf.d/* "$work/root/etc/apt/apt.conf.d/" && trusted && container=$(builder from scratch) &&
        tar -C "$work/root" -cf "$work/root.tar" . && builder add "$container" "$work/root.tar" / && builder commit "$container" localhost/base &&
        rm -rf "$work/root" "$work/root.tar"
}
image() { builder build --isolation chroot --build-arg BASE=localhost/base -f deploy/container/Containerfile -t localhost/patbridge .; }
run() { builder run --isolation chroot --env PATBRIDGE_DATABASE=host=/nowhere "$container" -- "$@"; }
has_no_compiler() { ! run sh -c 'command -v gcc make'; }
runs_as_its_own_user() { [ "$(run id -u)" = 10001 ]; }
keeps_to_its_folder() { run sh -c 'touch /var/lib/patbridge/x && ! touch /usr/bin/x 2>/dev/null && ! touch /etc/x 2>/dev/null'; }
says_what_is_wrong() { ! run patbridge doctor >"$work/said" && grep -q database_away "$work/said"; }

check "a base image" base
check "the image is built" image
container=$(builder from localhost/patbridge)
check "the program runs in it" run patbridge --help
check "it has no compiler" has_no_compiler
check "it runs as a user of its own" runs_as_its_own_user
check "it may write to its folder and nowhere else" keeps_to_its_folder
check "without a database it says so" says_what_is_wrong
exit 0
