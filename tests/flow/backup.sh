#!/bin/bash
# backup.sh - a backup made while records are loaded, restored elsewhere: every count and the ledger's head are those of its moment,
# papers and keys are there, and what is damaged or in the way is refused.
# shellcheck disable=SC2001,SC2317 # a pattern of sed; functions that check calls
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
binary=${PATBRIDGE_BINARY:-$PWD/build/patbridge}
work=$(mktemp -d /tmp/patbridge-backup-XXXXXX)
id=$$
one=backup_one_$id two=backup_two_$id
server() { sed "s/ dbname=[^ ]*/ dbname=$1/" <<<"$PATBRIDGE_TEST_SERVER"; }
sql() { psql -XAtq -v ON_ERROR_STOP=1 "$(server "$1")" -c "$2"; }
finish() {
    sql postgres "DROP DATABASE IF EXISTS $one WITH (FORCE)"
    sql postgres "DROP DATABASE IF EXISTS $two WITH (FORCE)"
    rm -rf "$work"
}
trap finish EXIT
at() { # one|two ARGUMENTS…
    local place=$1
    shift
    PATBRIDGE_DATABASE=$(server "backup_${place}_$id") PATBRIDGE_EVIDENCE=$work/$place/evidence PATBRIDGE_KEY_FILE=$work/$place/secret.key \
        PATBRIDGE_SIGN_KEY=$work/$place/sign.key "$binary" "$@"
}
check() {
    local sentence=$1
    shift
    if "$@" >"$work/out" 2>&1; then echo "ok - $sentence"; else
        echo "not ok - $sentence"
        head -n 10 "$work/out" | cut -c 1-300 | sed 's/^/# /'
    fi
}
fails() { ! "$@"; }
names_the_table() {
    at two restore "$work/backup" >"$work/said" 2>&1
    grep "the table need has" "$work/said"
}

mkdir "$work/one" "$work/two"
sql postgres "CREATE DATABASE $one TEMPLATE template0 ENCODING 'UTF8'"
sql postgres "CREATE DATABASE $two TEMPLATE template0 ENCODING 'UTF8'"
at one migrate >/dev/null
at one load agency deploy/sample/agencies.jsonl >/dev/null
for kind in enterprise:enterprises need:needs deal:deals; do
    at one --agency JJ01 load "${kind%%:*}" "deploy/sample/${kind##*:}.jsonl" --refused "$work" >/dev/null
done
echo '%PDF 合同' >"$work/contract.pdf"
at one --agency JJ01 attach need "$(sql "$one" "SELECT source_id FROM need JOIN agency USING (agency_id) WHERE code = 'JJ01' LIMIT 1")" "$work/contract.pdf" >/dev/null
at one snapshot --policy successor-template --by tester --out "$work/snapshot" >/dev/null 2>&1 || true # a key to sign with
at one --agency JJ01 load patent deploy/sample/patents.jsonl --refused "$work" >/dev/null &
check "a backup is made while records are loaded" at one backup "$work/backup"
wait
check "nobody else can read it" test "$(stat -c %a "$work/backup")-$(stat -c %a "$work/backup/database.dump")" = 700-600
check "it is restored into an empty database, and every count and the ledger's head are compared" at two restore "$work/backup"
check "verify finds nothing altered there" at two verify
check "the paper is there" cmp "$work/contract.pdf" "$(find "$work/two/evidence" -type f | head -n 1)"
check "and so are the keys" cmp "$work/one/sign.key" "$work/two/sign.key"
check "what was not loaded yet can be loaded there" at two --agency JJ01 load patent deploy/sample/patents.jsonl --refused "$work"
check "then both have the same patents" test "$(sql "$one" 'SELECT count(*) FROM patent')" = "$(sql "$two" 'SELECT count(*) FROM patent')"
check "a database that has tables is left alone" fails at two restore "$work/backup"
check "a folder that is there is left alone" fails at one backup "$work/backup"
sql postgres "DROP DATABASE $two WITH (FORCE)"
sql postgres "CREATE DATABASE $two TEMPLATE template0 ENCODING 'UTF8'"
sed -i 's/"need": \([0-9]*\)/"need": 1\1/' "$work/backup/manifest.json"
check "a count that differs is named" names_the_table
exit 0
