#!/bin/bash
# cluster.sh start|stop [fast|immediate]|status|remove|env - the project's own PostgreSQL, under var/.
#
# It listens on a unix socket only, in a folder that nobody else may enter, and is never run as root. It lives in
#     var/cluster/                  made by us: says so in the file "of-patbridge", without which nothing is touched
#         data/  socket/  log       the cluster, its socket, what it had to say
#     var/cluster.env               how to connect: one line, a libpq connection string
# Where the server's user can't enter a folder above, or the socket's path would be longer than the kernel takes
# (107 bytes), one folder /var/tmp/patbridge-UID-HASH holds all of it instead, and a line says so.
#
# Environment: PATBRIDGE_VAR             another folder in place of var/ (tests have a throw-away cluster of their own)
#              PATBRIDGE_TEST_FSYNC=off  for throw-away clusters: faster, lost with the machine
#              PATBRIDGE_POSTGRES_BIN    the folder of the PostgreSQL programs to use
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
. "$here/postgres.sh"
for name in $(compgen -e | grep '^PG' || true); do unset "$name"; done # the caller's own server is none of ours

MARK=of-patbridge
SOCKET_LONGEST=107
SUPERUSER=postgres
DATABASE=patbridge

fail() {
    echo "cluster.sh: $*" >&2
    exit 1
}

# ---- where, and as whom

[ -d "${PATBRIDGE_VAR:-$root/var}" ] || install -d -m 0755 "${PATBRIDGE_VAR:-$root/var}"
var=$(cd "${PATBRIDGE_VAR:-$root/var}" && pwd -P)
cd / # the server's user may not be able to enter the caller's folder

# A cluster that exists is run by its owner, whoever calls.
owner_of() { stat -c %U "$1/$MARK" 2>/dev/null || true; }

is_ours() { [ -f "$1/$MARK" ] && [ "$(head -n 1 "$1/$MARK")" = "PatBridge cluster" ]; }

socket_fits() {
    local LC_ALL=C path=$1/socket/.s.PGSQL.5432
    [ ${#path} -le $SOCKET_LONGEST ]
}

# Why the cluster can't live in a folder; nothing when it can. A comma would divide a libpq host list.
why_not() {
    local folder=$1 user=$2
    if ! socket_fits "$folder"; then
        echo "the socket's path there is over $SOCKET_LONGEST bytes"
    elif ! as_user "$user" test -x "$(dirname "$folder")"; then
        echo "the user $user can't enter $(dirname "$folder")"
    elif [[ $folder == *[,\"\'\\]* ]]; then
        echo "a comma, quote or backslash in the path can't be used by PostgreSQL"
    fi
}

# Sets user, home and why (not in var).
locate() {
    local base=/var/tmp
    user=$(owner_of "$var/cluster")
    [ -n "$user" ] && [ "$(id -u)" = 0 ] && [ "$user" != root ] || user=$(postgres_user)
    home=$var/cluster
    why=$(why_not "$home" "$user")
    if [ -n "$why" ]; then
        home=$base/patbridge-$(id -u "$user")-$(printf %s "$var" | sha256sum | cut -c1-12)
        if is_ours "$var/cluster"; then
            fail "the cluster in $var/cluster can't be used where it is: $why." \
                "Move the project back, or drop that data: rm -r $var/cluster"
        fi
    fi
    data=$home/data
}

# Not ours, somebody else's, or a link laid out for us: leave it alone.
check_home() {
    [ -e "$home" ] || [ -L "$home" ] || return 0
    if [ -L "$home" ] || ! [ -d "$home" ]; then fail "$home is not a folder; it is left alone"; fi
    [ "$(stat -c %U "$home")" = "$user" ] ||
        fail "$home belongs to $(stat -c %U "$home"), not to $user: it is left alone." \
            "Run this as its owner, or set PATBRIDGE_DATABASE to a server of yours"
    as_user "$user" test -x "$home" || fail "$user can't enter $home"
    is_ours "$home" || [ -z "$(ls -A "$home")" ] ||
        fail "$home was not made by this project (it has no file '$MARK'); it is left alone"
}

quote() { # for libpq: 'it''s' style, only where needed
    if [[ $1 =~ ^[A-Za-z0-9/._+@%-]+$ ]]; then echo "$1"; else echo "'$1'"; fi
}

connection() { echo "host=$(quote "$home/socket") port=5432 dbname=${1:-$DATABASE} user=$SUPERUSER"; }

# ---- the server

find_programs() {
    local major=
    [ ! -f "$data/PG_VERSION" ] || major=$(cat "$data/PG_VERSION")
    bin=$(postgres_find "$user" "$major") ||
        fail "found no PostgreSQL ${major:-$POSTGRES_LEAST or newer} that $user can run: make installs one," \
            "or set PATBRIDGE_POSTGRES_BIN to the folder of initdb"
}

pg() { # a PostgreSQL program, as the server's user
    local program=$1
    shift
    as_user "$user" env LC_ALL=C.UTF-8 TZ=UTC "$bin/$program" "$@"
}

is_running() { [ -S "$home/socket/.s.PGSQL.5432" ] && pg pg_isready -q -h "$home/socket" -p 5432; }

# Processes whose working folder is the data folder: the server and its children.
server_processes() {
    # shellcheck disable=SC2016 # it is the inner shell that expands
    as_user "$user" bash -c 'for p in /proc/[0-9]*; do
        [ "$(readlink "$p/cwd" 2>/dev/null)" != "$1" ] || echo "${p#/proc/}"; done' - "$data"
}

# A postmaster is at work but takes no connections yet: it repairs what a crash left.
is_starting() {
    local pid
    pid=$(as_user "$user" head -n 1 "$data/postmaster.pid" 2>/dev/null) || return 1
    server_processes | grep -qx "$pid"
}

wait_ready() {
    local _
    for _ in {1..600}; do # two minutes
        if is_running; then return 0; fi
        is_starting || break
        sleep .2
    done
    fail "PostgreSQL in $home takes no connections; its log is $home/log"
}

# After kill -9 or a reboot a postmaster.pid is left whose number may by now be some other program's: PostgreSQL would
# refuse to start. It is ours to remove once no process works in the data folder any more.
clear_stale() {
    local i
    [ -f "$data/postmaster.pid" ] || return 0
    for i in {1..50}; do
        [ -n "$(server_processes)" ] || break
        [ "$i" -lt 50 ] || fail "processes of a broken server still run in $data: $(server_processes | xargs)"
        sleep .2
    done
    as_user "$user" rm -f "$data/postmaster.pid" "$home/socket/.s.PGSQL.5432" "$home/socket/.s.PGSQL.5432.lock"
}

settings() {
    cat <<CONF
# Written by cluster.sh at every start.
listen_addresses = ''
port = 5432
unix_socket_directories = '$home/socket'
unix_socket_permissions = 0700
timezone = 'UTC'
log_timezone = 'UTC'
shared_buffers = 256MB
max_wal_size = 2GB
checkpoint_completion_target = 0.9
jit = off # our queries are many and short
CONF
    if [ "${PATBRIDGE_TEST_FSYNC:-on}" = off ]; then
        printf '%s\n' 'fsync = off' 'synchronous_commit = off' 'full_page_writes = off'
    fi
}

# Made beside its place and moved there when complete: killed at any moment, the next start makes it anew.
make_cluster() {
    local output
    if [ "$(id -u)" = 0 ]; then
        install -d -m 0700 -o "$user" -g "$(id -g "$user")" "$home"
    else
        install -d -m 0700 "$home"
    fi
    printf '%s\n' "PatBridge cluster" "of the project's folder $var" | as_user "$user" tee "$home/$MARK" >/dev/null
    as_user "$user" install -d -m 0700 "$home/socket"
    [ ! -d "$data" ] || return 0
    as_user "$user" rm -rf "$home/data.new"
    output=$(pg initdb -D "$home/data.new" -U $SUPERUSER -E UTF8 --locale=C.UTF-8 -k \
        --auth-local=trust --auth-host=reject 2>&1) || fail "could not make a cluster in $home: $output"
    echo "include 'patbridge.conf'" | as_user "$user" tee -a "$home/data.new/postgresql.conf" >/dev/null
    as_user "$user" mv "$home/data.new" "$data"
}

start_server() {
    clear_stale
    settings | as_user "$user" tee "$data/patbridge.conf" >/dev/null
    # A session of its own: Ctrl-C on "make run" is not meant for the database.
    if ! pg pg_ctl start -s -w -t 120 -D "$data" -l "$home/log" </dev/null >/dev/null 9>&-; then
        as_user "$user" tail -n 15 "$home/log" >&2 || true
        fail "PostgreSQL did not start; its log is $home/log"
    fi
}

make_database() {
    local found
    found=$(pg psql -XAtq -d "$(connection postgres)" -c "SELECT 1 FROM pg_database WHERE datname = '$DATABASE'")
    [ -n "$found" ] || pg psql -Xq -d "$(connection postgres)" -c "CREATE DATABASE $DATABASE"
}

write_env() {
    connection >"$var/cluster.env.new"
    mv "$var/cluster.env.new" "$var/cluster.env"
}

# ---- commands

command_start() {
    if [ -n "$why" ] && [ ! -d "$data" ]; then
        echo "cluster.sh: PostgreSQL's data and socket go to $home, not $var/cluster: $why" >&2
    fi
    if ! is_ours "$home" || ! is_running; then
        make_cluster
        if is_starting; then wait_ready; else start_server; fi
    fi
    make_database
    write_env
}

command_stop() {
    [ -d "$data" ] || return 0
    if [ -n "$(server_processes)" ]; then
        pg pg_ctl stop -s -w -t 120 -D "$data" -m "${1:-fast}" 9>&- || fail "PostgreSQL in $home did not stop"
    fi
}

command_status() {
    if [ -d "$data" ] && is_running; then
        echo "running: PostgreSQL $(cat "$data/PG_VERSION") as $user, $(connection)"
    else
        echo "not running: $home"
        return 3
    fi
}

command_remove() {
    command_stop immediate
    if is_ours "$home"; then rm -rf "${home:?}"; fi
    rm -f "$var/cluster.env"
}

action=${1:-}
case $action in
start | stop | status | remove | env) ;;
*)
    echo "usage: cluster.sh start | stop [fast|immediate] | status | remove | env" >&2
    exit 2
    ;;
esac
exec 9>"$var/cluster.lock" || fail "can't write in $var"
flock 9 # two starts at once: the second finds the work done
locate
check_home
if [ "$action" != remove ] || [ -d "$data" ]; then find_programs; fi
case $action in
start) command_start ;;
stop) command_stop "${2:-fast}" ;;
status) command_status ;;
remove) command_remove ;;
env)
    write_env
    connection
    ;;
esac
