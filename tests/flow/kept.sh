#!/bin/bash
# kept.sh - figures that are kept are those that counting gives: after every kind of change, and while several programs change
# things at once; one agency's never hold another's. Prints ok and not ok lines.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
name=kept_$$
admin=${PATBRIDGE_TEST_SERVER:?}
psql -Xq "$admin" -c "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8'" || exit 1
trap 'psql -Xq "$admin" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)"; rm -rf "$work"' EXIT
export PATBRIDGE_DATABASE="${admin/dbname=postgres/dbname=$name}" PATBRIDGE_EVIDENCE=$work/evidence PATBRIDGE_SIGN_KEY=$work/sign.key
program=${PATBRIDGE_BINARY:?}
day=2026-12-31

ok() { # NAME COMMAND…: passes when the command does
    if "${@:2}" >"$work/out" 2>&1; then echo "ok - $1"; else echo "not ok - $1: $(tail -n 3 "$work/out" | tr '\n' ' ')"; fi
}
sql() { psql -XAtq "$PATBRIDGE_DATABASE" -c "$1"; }
figures() { "$program" "$@" --json 2>&1 | sed 's/"known_at": *"[^"]*"//'; }
# Of every agency, and of one; as of a day on which all that is loaded lies behind.
is_as_counted() {
    local whose
    for whose in "" "--agency JJ01" "--agency JJ02"; do
        # shellcheck disable=SC2086 # an option and its value
        [ "$(figures $whose track --as-of $day)" = "$(figures $whose track --as-of $day --anew)" ] || { echo "differs: $whose"; return 1; }
    done
}
after() { # NAME COMMAND…: the command works, changes what is kept or not, and figures are as counted
    is_as_counted >/dev/null
    if ! "${@:2}" >"$work/said" 2>&1; then echo "not ok - $1: $(tail -n 2 "$work/said" | tr '\n' ' ')"; return; fi
    ok "kept figures after: $1" is_as_counted
}
load() { "$program" --agency "$1" load "$2" "$3" --refused "$work"; }
line() { # KIND LINE: a file of that line of the sample
    sed -n "$2p" "deploy/sample/$1.jsonl" >"$work/$1-$2.jsonl"
    echo "$work/$1-$2.jsonl"
}

"$program" migrate >/dev/null
"$program" load agency deploy/sample/agencies.jsonl >/dev/null
"$program" user add 陈科 --role official >/dev/null
decide() { "$program" --agency "$1" decide "${@:2}" --by 陈科 --reason 核实 --effective 2025-06-30; }
after "an agency" "$program" agency add JJ02 --name 第二家 --settled 2023-05-01 --invented
for agency in JJ01 JJ02; do
    for kind in patent:patents enterprise:enterprises expert:experts institution:institutions need:needs declared_push:declared_pushes \
        deal:deals; do
        after "load of ${kind%%:*} by $agency" load $agency "${kind%%:*}" "deploy/sample/${kind##*:}.jsonl"
    done
done
needs=$(sql "SELECT string_agg(source_id, ' ') FROM (SELECT source_id FROM need WHERE agency_id = (SELECT agency_id FROM agency WHERE code = 'JJ01') ORDER BY 1 LIMIT 9) n")
# shellcheck disable=SC2086 # several keys
after "needs accepted" decide JJ01 accept need $needs
after "one of them rejected" decide JJ01 reject need "${needs%% *}"
push=$(sql "SELECT patent || '/' || enterprise_uscc FROM declared_push ORDER BY 1 LIMIT 1")
after "a declared push accepted" decide JJ01 accept declared_push "$push"
deal=$(sql "SELECT min(contract_number) FROM deal")
after "a deal rejected" decide JJ01 reject deal "$deal"
after "a deal rejected, of the other" decide JJ02 reject deal "$deal"
for kind in patent enterprise expert institution; do
    case $kind in
    patent) key=$(sql "SELECT min(number) FROM patent_alias") ;;
    expert) key=$(sql "SELECT min(key) FROM expert") ;;
    *) key=$(sql "SELECT min(uscc) FROM $kind") ;;
    esac
    after "a rejected $kind" decide JJ01 reject $kind "$key"
done
sed 's/"valid_to": *"[^"]*"/"valid_to": "2024-01-31"/' deploy/sample/enterprises.jsonl >"$work/changed.jsonl"
after "enterprises that changed" load JJ01 enterprise "$work/changed.jsonl"
sed -n 5,40p deploy/sample/patents.jsonl | sed 's/"legal_status": *"[^"]*"/"legal_status": "lapsed"/; s/"legal_status_date": *"[^"]*"/"legal_status_date": "2026-01-05"/' >"$work/lapsed.jsonl"
after "patents that lapsed" load JJ01 patent "$work/lapsed.jsonl"
sed 's/"affiliated": *false/"affiliated": true/' deploy/sample/deals.jsonl >"$work/affiliated.jsonl"
after "deals told anew" load JJ02 deal "$work/affiliated.jsonl"
sed 's/"source_id": *"/&again-/' deploy/sample/needs.jsonl | head -n 20 >"$work/again.jsonl"
after "needs that repeat others" load JJ02 need "$work/again.jsonl"
batch=$(sql "SELECT max(batch_id) FROM load_batch")
after "a batch taken back" "$program" --agency JJ02 load --undo "$batch" --by 陈科
after "matching" "$program" --agency JJ01 match
"$program" --agency JJ01 --json leads --limit 6 | grep -o '"lead": *"[^"]*"' | cut -d'"' -f4 >"$work/leads"
# shellcheck disable=SC2046 # several leads
after "leads accepted" "$program" --agency JJ01 lead accept $(cat "$work/leads") --by 陈科
after "pushes made" "$program" --agency JJ01 push --once --ignore-quiet
after "an answer" "$program" --agency JJ01 feedback "$(head -n 1 "$work/leads")" interested --by 陈科
after "the agency's settling" load JJ01 agency <(sed 's/"zone_settled_date": *"[^"]*"/"zone_settled_date": "2023-08-08"/' deploy/sample/agencies.jsonl | grep JJ01)
after "an expert erased" "$program" --agency JJ01 erase expert "$(sql "SELECT max(key) FROM expert")" --by 陈科 --reason 依法

# What is kept is read, and read by those alone whose it is.
is_as_counted >/dev/null
before=$(sql "SELECT count(*) FROM track_kept")
ok "nothing changed: nothing is counted again" test "$(is_as_counted; sql "SELECT count(*) FROM track_kept WHERE kept_at > clock_timestamp() - interval '0.2 seconds'")" = 0
ok "and what is kept is there" test "$before" -gt 50
last=$(sql "SELECT max(pg_snapshot_xmax(snapshot)) FROM track_kept")
sql "UPDATE track_kept SET kept_at = kept_at - interval '11 minutes'"
sql "SELECT pg_current_xact_id()" >/dev/null
ok "what was found to hold long ago is kept anew, with today's state" test "$(is_as_counted
    sql "SELECT count(*) FILTER (WHERE pg_snapshot_xmax(snapshot) > '$last'::xid8 AND kept_at > clock_timestamp() - interval '1 minute') FROM track_kept")" -gt 50
ok "verify finds kept figures as counted" "$program" verify
sql "UPDATE track_kept SET figure = jsonb_set(figure, '{0,value}', '99999') WHERE metric = 'patents' AND agency_id IS NOT NULL"
ok "what is kept is what is shown" grep -q 99999 <("$program" --agency JJ01 track --as-of $day)
ok "snapshots count" test -z "$("$program" snapshot --policy jinjiang-2023-6 --as-of $day --by 陈科 --out "$work/snapshot" >/dev/null; grep -o '"value": *99999' "$work/snapshot")"
ok "verify names a kept figure that was altered" grep -q "kept for 'patents'" <("$program" verify 2>&1)
sql "DELETE FROM track_kept"

# Two agencies' programs load, decide and answer at once while others count.
change() { # AGENCY ROUNDS
    local at
    for ((at = 1; at <= $2; at++)); do
        sed "s/\"source_id\": *\"/&r$at-/; s/\"text\": *\"/&$1 $at /" "$(line needs $((at % 90 + 1)))" >"$work/$1.jsonl"
        load "$1" need "$work/$1.jsonl"
        decide "$1" "$([ $((at % 3)) = 0 ] && echo reject || echo accept)" need "$(sed -n 's/.*"source_id": *"\([^"]*\)".*/\1/p' "$work/$1.jsonl")"
        sed "s/\"contract_number\": *\"/&$1-$at-/; s/\"registration_number\": *\"/&$at/" "$(line deals $((at % 15 + 1)))" >"$work/$1d.jsonl"
        load "$1" deal "$work/$1d.jsonl"
    done
}
count() { # WHOSE: until the changes are over; never a figure of another agency
    local own=${1#--agency }
    while [ -e "$work/changing" ]; do
        # shellcheck disable=SC2086 # an option and its value
        figures $1 track --as-of $day >"$work/of-$own"
        if [ "$(grep -o '"agency": *"[^"]*"' "$work/of-$own" | sort -u | grep -vc "\"$own\"")" != 0 ]; then echo "$own" >>"$work/mixed"; fi
    done
}
for round in 1 2; do
    touch "$work/changing"
    count "--agency JJ01" &
    count "--agency JJ02" &
    counting=$!
    change JJ01 8 >/dev/null 2>&1 &
    changing=$!
    change JJ02 8 >/dev/null 2>&1
    wait $changing
    rm "$work/changing"
    wait $counting
    wait
    ok "round $round of changes by two agencies at once: kept figures are as counted" is_as_counted
done
ok "and none showed another agency's" test ! -e "$work/mixed"
ok "verify finds nothing" "$program" verify
