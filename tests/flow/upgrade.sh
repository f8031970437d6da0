#!/bin/bash
# upgrade.sh - databases that programs of earlier schemas left behind (tests/cases/upgrade, made by tests/tools/make_upgrade_case.sh from
# invented records): brought to this schema nothing is lost, every figure is what it was, the ledger and the head that was handed out
# still hold, and work goes on.
# beside the others: each case has a database of its own
# shellcheck disable=SC2001,SC2317 # a pattern of sed; functions that check calls
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
binary=${PATBRIDGE_BINARY:-$PWD/build/patbridge}
work=$(mktemp -d /tmp/patbridge-upgrade-XXXXXX)
name=upgrade_$$
server() { sed "s/ dbname=[^ ]*/ dbname=$1/" <<<"$PATBRIDGE_TEST_SERVER"; }
sql() { psql -XAtq -v ON_ERROR_STOP=1 -F $'\t' "$(server "$1")" -c "$2"; }
new_database() {
    sql postgres "DROP DATABASE IF EXISTS $name WITH (FORCE)"
    sql postgres "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8'"
}
finish() {
    sql postgres "DROP DATABASE IF EXISTS $name WITH (FORCE)"
    rm -rf "$work"
}
trap finish EXIT
PATBRIDGE_DATABASE=$(server "$name")
export PATBRIDGE_DATABASE PATBRIDGE_EVIDENCE=$work/evidence PATBRIDGE_KEY_FILE=$work/secret.key PATBRIDGE_SIGN_KEY=$work/sign.key
check() {
    local sentence=$1
    shift
    if "$@" >"$work/out" 2>&1; then echo "ok - $case: $sentence"; else
        echo "not ok - $case: $sentence"
        head -n 10 "$work/out" | cut -c 1-300 | sed 's/^/# /'
    fi
}

is_told_to_migrate() { ! "$binary" track 2>"$work/said" && grep 'patbridge migrate' "$work/said"; }

# Only lists that a migration fills or empties by its nature differ: what ran, what is kept to be faster, what the ledger is told.
same_rows() {
    sql "$name" "SELECT relname, (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I', relname), false, true, '')))[1]
        FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 1" >"$work/rows"
    LC_ALL=C join -t $'\t' <(LC_ALL=C sort "$folder/rows.tsv") <(LC_ALL=C sort "$work/rows") >"$work/both"
    [ "$(wc -l <"$work/both")" = "$(wc -l <"$folder/rows.tsv")" ] &&
        ! awk -F '\t' '$2 != $3' "$work/both" | grep -vE '^(schema_migration|track_kept|track_change)'$'\t'
}

same_figures() {
    "$binary" --json --agency JJ01 track --policy jinjiang-2023-6 --as-of 2025-12-31 >"$work/track.json" &&
        python3 - "$work/track.json" "$folder/figures.tsv" <<'PY'
import json, sys


def walk(node, found):
    if isinstance(node, dict) and 'metric' in node and 'value' in node:
        found.add((node['metric'], str(node['value'])))
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        walk(child, found)
    return found


now = walk(json.load(open(sys.argv[1], encoding='utf-8')), set())
before = {tuple(line.rstrip('\n').split('\t')) for line in open(sys.argv[2], encoding='utf-8')}
print('before:', sorted(before - now), 'now:', sorted(pair for pair in now if pair[0] in {name for name, _ in before} and pair not in before))
sys.exit(bool(before - now) or not before)
PY
}

head_holds() {
    [ ! -f "$folder/head.txt" ] || "$binary" verify --head <(sed -n '/^patbridge-head/,$p' "$folder/head.txt")
}

schema_is_good() { # the key that its secrets were sealed with is not here: doctor says so, and exits with 1
    "$binary" doctor >"$work/doctor"
    grep -x 'schema: good' "$work/doctor"
}

goes_on() {
    local patent='{"publication_number":"CN106999999A","title":"一种轻质发泡鞋底材料","abstract":"轻质发泡鞋底","applicants":["某所"],"ipc":["A43B13/04"]}'
    echo "$patent" >"$work/more.jsonl"
    "$binary" --agency JJ01 load patent "$work/more.jsonl" && "$binary" --agency JJ01 match && "$binary" verify
}

new_database
case=roles
check "a first migration makes them" "$binary" migrate
for folder in tests/cases/upgrade/*/; do
    folder=${folder%/}
    case="from schema ${folder##*/}"
    new_database
    xz -dc "$folder/database.sql.xz" | psql -Xq -v ON_ERROR_STOP=1 "$PATBRIDGE_DATABASE" >"$work/restored" 2>&1 || sed 's/^/# /' "$work/restored"
    check "a command says to migrate first" is_told_to_migrate
    check "it migrates" "$binary" migrate
    check "the schema is this program's in every part" schema_is_good
    check "no table has lost or won a row" same_rows
    check "every figure is what it was" same_figures
    check "nothing was altered by it" "$binary" verify
    check "the head that was handed out then holds" head_holds
    check "work goes on" goes_on
done
exit 0
