#!/bin/bash
# install-packages.sh GROUP… - installs what is missing of the Debian packages that a group of targets needs, says which
# and why, and leaves everything else on the machine as it is: nothing is upgraded or removed, what is there from
# elsewhere (a compiler, a PostgreSQL, a library that pkg-config finds) is used, and no database server is started.
# Groups: build, run, test, bench, deb. Nothing missing: silent, and done in a tenth of a second.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
. "$here/postgres.sh"

# group | package | a sign that it is there from elsewhere | why it is needed
#   signs: cmd:PROGRAM  pc:PKG-CONFIG MODULE  hdr:HEADER  file:PATH  py:PYTHON MODULE  postgres (a server that we can use)
table() {
    grep -v '^#' <<'TABLE'
build|gcc|cmd:gcc|to compile
build|libc6-dev|hdr:stdio.h|the C library's headers
build|pkg-config|cmd:pkg-config|to find the libraries
build|libglib2.0-dev|pc:gio-2.0|strings, tables, errors, options
build|libpq-dev|pc:libpq|to talk to PostgreSQL
build|libcurl4-openssl-dev|pc:libcurl|to fetch feeds, push leads and send mail
build|libjansson-dev|pc:jansson|to read and write JSON
build|libxxhash-dev|pc:libxxhash|patent ids and fingerprints
build|libmicrohttpd-dev|pc:libmicrohttpd|to answer HTTP
build|libuchardet-dev|pc:uchardet|to recognise text encodings
build|libsodium-dev|pc:libsodium|passwords, sealed fields, digests
build|libssl-dev|pc:libcrypto|digests of every row that is loaded, at the processor's speed
build|libxlsxwriter-dev|pc:xlsxwriter|to write workbooks: the application file, lists, refused rows
build|libqrencode-dev|pc:libqrencode|QR codes of digests
build|libcsv-dev|hdr:csv.h|to read CSV files
build|libzip-dev|pc:libzip|to unpack workbooks (XLSX)
build|libxml2-dev|pc:libxml-2.0|to read what is inside them, and patent offices' XML
build|zlib1g-dev|pc:zlib|to compress answers
build|libzstd-dev|pc:libzstd|to unpack feeds that come as zstd
build|libyaml-dev|pc:yaml-0.1|to read the description of the HTTP interface
build|libgmime-3.0-dev|pc:gmime-3.0|to read reports about mails
build|libstemmer-dev|hdr:libstemmer.h|the stems of English words
build|python3-jieba|file:/usr/lib/python3/dist-packages/jieba/dict.txt|the Chinese dictionary
build|nodejs|cmd:node|to build the pages
build|npm|cmd:npm|to fetch what the pages are made of
run|postgresql|postgres|the database server; a private one is run under var/
test|postgresql|postgres|the database server; the tests run a throw-away one
test|clang|cmd:clang|the second compiler, sanitizers, fuzzers
test|libclang-rt-dev|rt|the sanitizers' and fuzzers' run-time libraries
test|llvm|cmd:llvm-symbolizer|names in the sanitizers' reports
test|clang-format|cmd:clang-format|to check the layout of the code
test|clang-tidy|cmd:clang-tidy|to look for mistakes in the code
test|libcriterion-dev|pc:criterion|the unit tests' library
test|python3|cmd:python3|the SQL lint and helpers of the tests
test|python3-yaml|py:yaml|to hold the interface against its description
test|python3-jsonschema|py:jsonschema|to hold answers against the description
test|openssl|cmd:openssl|certificates of the stand-ins
test|faketime|cmd:faketime|to set the clock back
test|systemd|cmd:systemd-analyze|to judge the service's unit file
test|curl|cmd:curl|to run the examples of the guide
test|nginx|cmd:nginx|the web server that feeds are fetched from; the tests run one of their own, no service
test|zstd|cmd:zstd|to pack what it serves
test|chromium|cmd:chromium|to try the pages
test|fonts-noto-cjk|file:/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc|Chinese letters for it
test|shellcheck|cmd:shellcheck|to look for mistakes in the scripts
deb|debhelper|cmd:dh|to build the Debian package
deb|dpkg-dev|cmd:dpkg-buildpackage|to build it
deb|debootstrap|cmd:debootstrap|a Debian of its own to try it in
deb|buildah|cmd:buildah|to build the container's image
bench|wrk|cmd:wrk|to ask the HTTP interface many times
bench|python3-openpyxl|file:/usr/lib/python3/dist-packages/openpyxl/__init__.py|the reader of workbooks that ours is compared with
bench|python3|cmd:python3|to make up inputs and sum up measurements
TABLE
}

is_there() {
    case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null ;;
    pc:*) command -v pkg-config >/dev/null && pkg-config --exists "${1#pc:}" ;;
    py:*) python3 -c "import ${1#py:}" 2>/dev/null ;;
    file:*) [ -f "${1#file:}" ] ;;
    hdr:*) command -v gcc >/dev/null && echo "#include <${1#hdr:}>" | gcc -E -x c - >/dev/null 2>&1 ;;
    postgres) postgres_find "$(postgres_user)" >/dev/null ;;
    rt) command -v clang >/dev/null && [ -f "$(clang --print-file-name="libclang_rt.asan-$(uname -m).a")" ] ;;
    esac
}

# The missing ones as "package|why". dpkg is asked once for all; the signs are looked for only where it says no.
missing() {
    local group package sign why installed seen=' '
    installed=" $(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | tr '\n' ' ') "
    while IFS='|' read -r group package sign why; do
        if [[ $groups != *" $group "* || $seen == *" $package "* ]]; then continue; fi
        seen+="$package "
        # The package "postgresql" only leads to a server: what counts is whether there is one.
        if [[ $sign != postgres && $installed == *" $package "* ]]; then continue; fi
        is_there "$sign" || echo "$package|$why"
    done < <(table)
}

fail() {
    printf 'install-packages: %s\n' "$@" >&2
    exit 1
}

# Ourselves, or through sudo, which asks for a password only where a person can answer.
find_root() {
    if [ "$(id -u)" = 0 ]; then
        sudo=()
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        sudo=(sudo)
    else
        fail "installing these needs root, and sudo is not to be had here. Ask an administrator for" \
            "    apt-get install --no-install-recommends ${packages[*]}"
    fi
}

as_root() { "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 "$@"; }

have_candidate() {
    local policy
    policy=$(LC_ALL=C apt-cache policy "$@" 2>/dev/null)
    [ "$(grep -c '^  Candidate: [^(]' <<<"$policy")" = $# ]
}

apt_install() { # waits for another apt to end; never takes anything away
    as_root apt-get install -y -q --no-install-recommends --no-remove --no-upgrade -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 "$@" </dev/null >"$log" 2>&1
}

# Debian's server package makes and starts a cluster of its own ("main"), with a TCP port. This project has no use for it,
# and it could take the port of another server: it is told not to, for as long as the installation takes.
quiet_postgresql() {
    local conf=/etc/postgresql-common/createcluster.conf
    apt_install postgresql-common || return 1
    if ! grep -q '^[[:space:]]*create_main_cluster' $conf; then
        trap put_back EXIT
        as_root sed -i "\$ a create_main_cluster = false # patbridge, while it installs" $conf
    fi
}

# Debian's nginx is started when it is installed, and at every boot. The tests run one of their own: that one stays down.
quiet_nginx() {
    local policy=/usr/sbin/policy-rc.d
    [ -e $policy ] && return
    trap put_back EXIT
    as_root tee $policy >/dev/null <<'END'
#!/bin/sh
# patbridge, while it installs
[ "$1" != nginx ] || exit 101
END
    as_root chmod 755 $policy
}

put_back() {
    local policy=/usr/sbin/policy-rc.d
    as_root sed -i '/# patbridge, while it installs/d' /etc/postgresql-common/createcluster.conf 2>/dev/null
    if grep -qs '# patbridge, while it installs' $policy; then as_root rm -f $policy; fi
}

wants() { [[ " ${packages[*]} " == *" $1 "* ]]; }

install_all() {
    if wants postgresql; then quiet_postgresql || return 1; fi
    if wants nginx; then quiet_nginx; fi
    apt_install "${packages[@]}" || return 1
    if wants nginx && [ -d /run/systemd/system ]; then as_root systemctl disable nginx >/dev/null 2>&1 || true; fi
}

say() {
    local package why
    while IFS='|' read -r package why; do echo "installing: $package ($why)"; done <<<"$list"
}

explain_failure() {
    local package
    tail -n 8 "$log" >&2
    for package in "${packages[@]}"; do
        have_candidate "$package" || echo "install-packages: apt knows no package $package" >&2
    done
    fail "could not install ${packages[*]}: see above, or $log. Is the network there, and does /etc/apt/sources.list name" \
        "Debian's main archive? Where apt would have to remove or downgrade something, it was stopped: install these by hand," \
        "or anything that serves in their place, and run make again."
}

[ $# -gt 0 ] || fail "usage: install-packages.sh build|run|test|bench …"
groups=" $* "
list=$(missing)
[ -n "$list" ] || exit 0
if ! command -v apt-get >/dev/null; then
    fail "this is no Debian: please install by hand what these packages have in it:" "$list"
fi
say
mapfile -t packages < <(cut -d'|' -f1 <<<"$list")
find_root
log=$(mktemp /tmp/patbridge-apt.XXXXXX)
have_candidate "${packages[@]}" || as_root apt-get update -q >/dev/null || true
install_all || { as_root apt-get update -q >/dev/null && install_all; } || explain_failure
rm -f "$log"
list=$(missing)
[ -z "$list" ] || fail "still missing after the installation: $(cut -d'|' -f1 <<<"$list" | xargs)"
