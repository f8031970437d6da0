#!/bin/bash
# package.sh - the Debian package, installed, used, upgraded, removed and purged in a Debian of its own (debootstrap): what an
# administrator does, and what must be there before and after. As root; a mirror is that of this machine's apt.
# shellcheck disable=SC2317 # functions that check calls
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d /var/tmp/patbridge-deb-XXXXXX)
root=$work/root
chmod 755 "$work"
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
finish() {
    inside pg_ctlcluster 15 main stop -m immediate >/dev/null 2>&1
    umount "$root/proc" "$root/dev" 2>/dev/null
    rm -rf --one-file-system "$work"
}
trap finish EXIT
check() {
    local sentence=$1
    shift
    if "$@" >"$work/out" 2>&1; then echo "ok - $sentence"; else
        echo "not ok - $sentence"
        tail -n 12 "$work/out" | cut -c 1-300 | sed 's/^/# /'
    fi
}
fails() { ! "$@"; }

# Two packages of one program: the second has a higher version.
build_packages() {
    deploy/scripts/make-deb.sh "$work/first" && mkdir "$work/second" &&
        dpkg-deb -R "$work"/first/patbridge_*.deb "$work/open" && sed -i 's/^\(Version: .*\)/\1+next/' "$work/open/DEBIAN/control" &&
        dpkg-deb --root-owner-group -b "$work/open" "$work/second/patbridge_next.deb"
}
bootstrap() {
    local mirror
    mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1)
    debootstrap --variant=minbase bookworm "$root" "$mirror" && mount -t proc proc "$root/proc" && mount --bind /dev "$root/dev" &&
        cp -r /etc/apt/sources.list* "$root/etc/apt/" && cp -r /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # nothing is started in a chroot
    chmod 755 "$root/usr/sbin/policy-rc.d"
    cp "$work"/first/patbridge_*.deb "$root/first.deb" && cp "$work/second/patbridge_next.deb" "$root/second.deb" && inside apt-get -q update
}
files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./sys -o -path ./tmp -o -path ./var/cache -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/log \) -prune -o -print | LC_ALL=C sort); }
install_it() { inside apt-get -q -y install --no-install-recommends /first.deb postgresql; }
as_service() { inside runuser -u patbridge -- patbridge --config /etc/patbridge/patbridge.conf "$@"; }
as_postgres() { inside runuser -u postgres -- "$@"; }
database() {
    inside pg_ctlcluster 15 main start
    as_postgres createuser --createrole patbridge &&
        as_postgres createdb --owner patbridge --encoding UTF8 --template template0 patbridge
}
works() {
    cp deploy/sample/agencies.jsonl deploy/sample/patents.jsonl "$root/tmp/" && as_service migrate && as_service load agency /tmp/agencies.jsonl &&
        as_service --agency JJ01 load patent /tmp/patents.jsonl && as_service user add 官员 --role official && as_service doctor
}
patents() { as_service --json track --policy jinjiang-2023-6 | grep -A3 '"metric": "patents"'; }
serves() {
    inside timeout 20 runuser -u patbridge -- patbridge --config /etc/patbridge/patbridge.conf serve --port 0 --port-file /var/lib/patbridge/address &
    for _ in {1..50}; do [ -s "$root/var/lib/patbridge/address" ] && break; sleep .1; done
    curl -sf "$(cat "$root/var/lib/patbridge/address")/healthz" || return 1
    wait # timeout ends all of it
    [ ! -e "$root/var/lib/patbridge/address" ]
}
configuration_is_guarded() { [ "$(inside stat -c '%a %U %G' /etc/patbridge/patbridge.conf)" = '640 root patbridge' ]; }
upgrade() {
    echo '# of the administrator' >>"$root/etc/patbridge/patbridge.conf"
    inside apt-get -q -y install /second.deb && grep -q 'of the administrator' "$root/etc/patbridge/patbridge.conf" &&
        inside dpkg-query -s patbridge | grep "^Version: .*next" && configuration_is_guarded
}
removed() {
    inside apt-get -q -y remove patbridge && [ ! -e "$root/usr/bin/patbridge" ] && [ -e "$root/etc/patbridge/patbridge.conf" ]
}
purged() { inside apt-get -q -y purge patbridge && [ ! -e "$root/etc/patbridge" ] && [ -d "$root/var/lib/patbridge" ]; }
leaves_nothing_else() {
    files >"$work/after"
    LC_ALL=C comm -13 "$work/before" "$work/after" | grep -i patbridge | grep -vE '^\./(var/lib/patbridge|var/lib/postgresql)(/|$)|\.deb$' >"$work/left"
    cat "$work/left"
    [ ! -s "$work/left" ]
}

check "make deb builds it" build_packages
check "it has what it should: program, unit, configuration, documentation" \
    bash -c "dpkg-deb -c '$work'/first/patbridge_*.deb >'$work/list' && for path in ./usr/bin/patbridge ./lib/systemd/system/patbridge.service ./etc/patbridge/patbridge.conf ./usr/share/doc/patbridge/operations.md; do grep -q \" \$path\\(.gz\\)\\?\$\" '$work/list' || { echo \"\$path is missing\"; exit 1; }; done"
check "a Debian of its own" bootstrap
files >"$work/before"
check "it installs" install_it
check "its unit is one that systemd takes" inside test -f /lib/systemd/system/patbridge.service
check "its configuration is read by root and the service alone" configuration_is_guarded
check "a database is made as README.Debian says" database
check "the program works as the service's user, and doctor finds nothing wrong" works
check "it serves" serves
patents >"$work/patents.before"
check "it upgrades, and the administrator's configuration stays" upgrade
patents >"$work/patents.after"
check "what was counted is counted still" cmp "$work/patents.before" "$work/patents.after"
check "removed, its configuration stays" removed
check "purged, the configuration is gone and what it kept is there" purged
check "nothing else of it is left" leaves_nothing_else
exit 0
