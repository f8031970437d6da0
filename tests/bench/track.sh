#!/bin/bash
# track.sh - how long figures, evidence and a snapshot take with 1,000,000 patents, 100,000 enterprises, 100,000 needs, 1,000,000 pushes
# and 50,000 deals of 20 agencies (track_world.sql), beside the same counts as one plain count(*) each.
#
# Environment: SCALE (1; .02 is enough to try it), AGENCY (A01), PATBRIDGE_BINARY (build/patbridge); WORLD: a database that holds such
# a world already, in place of a new cluster.
set -euo pipefail
cd "$(dirname "$0")/../.."
for name in $(compgen -e | grep '^PG' || true); do unset "$name"; done
scale=${SCALE:-1} agency=${AGENCY:-A01}
binary=${PATBRIDGE_BINARY:-$PWD/build/patbridge}
export LC_ALL=C.UTF-8 TZ=UTC
work=$(mktemp -d /tmp/patbridge-bench.XXXXXX)
chmod 755 "$work"
export PATBRIDGE_SIGN_KEY=$work/sign.key PATBRIDGE_EVIDENCE=$work/evidence
finish() {
    [ -n "${WORLD:-}" ] || deploy/scripts/cluster.sh remove >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
times() { awk -v n="$1" -v scale="$scale" 'BEGIN { printf "%d", n * scale }'; }
make_world() {
    export PATBRIDGE_VAR=$work PATBRIDGE_TEST_FSYNC=off
    deploy/scripts/cluster.sh start >/dev/null
    psql -XAtq "$(deploy/scripts/cluster.sh env)" -c "ALTER SYSTEM SET shared_buffers = '1GB'"
    deploy/scripts/cluster.sh stop >/dev/null && deploy/scripts/cluster.sh start >/dev/null
    PATBRIDGE_DATABASE=$(deploy/scripts/cluster.sh env)
    export PATBRIDGE_DATABASE
    "$binary" migrate >/dev/null
    psql -Xq -v ON_ERROR_STOP=1 "$PATBRIDGE_DATABASE" -v agencies=20 -v patents="$(times 1000000)" -v enterprises="$(times 100000)" \
        -v needs="$(times 100000)" -v pushes="$(times 1000000)" -v deals="$(times 50000)" -f tests/bench/track_world.sql
    sql "VACUUM"
    "$binary" user add 陈科 --role official >/dev/null
}
sql() { psql -XAtq "$PATBRIDGE_DATABASE" -c "$1"; }
now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }
timed() { # COMMAND…: milliseconds
    local begun
    begun=$(now_ms)
    "$@" >"$work/said" 2>&1 || { tail -n 3 "$work/said" >&2; return 1; }
    echo $(($(now_ms) - begun))
}
report() { awk -v name="$1" -v ms="$2" -v most="$3" 'BEGIN { printf "%-58s %8.3f s   %s\n", name, ms / 1000, most == "" ? "" : ms <= most * 1000 ? "within " most " s" : "beyond " most " s" }'; }
track() { "$binary" --agency "$agency" track --json "$@"; }

# The counts that a figure rests on, each as somebody would write it who asks for nothing else.
plain() {
    local id
    id=$(sql "SELECT agency_id FROM agency WHERE code = '$agency'")
    sql "SELECT count(*) FROM patent_holding WHERE agency_id = $id AND superseded_at IS NULL;
         SELECT count(*) FROM record_holding WHERE agency_id = $id AND kind = 'enterprise';
         SELECT count(*) FROM record_holding WHERE agency_id = $id AND kind = 'expert';
         SELECT count(*) FROM record_holding WHERE agency_id = $id AND kind = 'institution';
         SELECT count(*) FROM need n JOIN decision d ON d.agency_id = n.agency_id AND d.kind = 'need' AND d.key = n.source_id
             WHERE n.agency_id = $id AND d.verdict = 'accept';
         SELECT count(*) FROM push p WHERE p.agency_id = $id AND EXISTS (SELECT FROM push_event e
             WHERE e.patent_id = p.patent_id AND e.push_id = p.push_id AND (e.event = 'opened' OR e.event = 'accepted' AND e.channel = 'webhook'));
         SELECT count(*) FROM deal WHERE agency_id = $id AND registration_number IS NOT NULL;
         SELECT sum(amount_fen) FROM sale WHERE agency_id = $id; SELECT sum(granted_fen) FROM loan WHERE agency_id = $id;
         SELECT count(*) FROM open_licence WHERE agency_id = $id; SELECT count(*) FROM attorney WHERE agency_id = $id;
         SELECT sum((p.item ->> 'amount_fen')::bigint) FROM deal CROSS JOIN jsonb_array_elements(payments) p (item) WHERE agency_id = $id" >/dev/null
}
change_little() { # NAME COMMAND…
    track --brief >/dev/null
    "${@:2}" >/dev/null 2>&1
    report "all clauses, after $1" "$(timed track --brief)" .2
}
decide() { "$binary" --agency "$agency" decide reject "$1" "$2" --by 陈科 --reason 试验; }
evidence() { "$binary" --agency "$agency" track --json --evidence "$1" --limit "$2" >"$work/rows"; }
# METRIC: the first page of a thousand rows, and a later one, by a cursor
pages() {
    local first all rows
    first=$(timed evidence "$1" 1000)
    all=$(timed evidence "$1" 1000000)
    rows=$(grep -o '"counted":' "$work/rows" | wc -l)
    report "$1: the first 1,000 of $rows rows" "$first" ""
    if [ "$rows" -gt 2000 ]; then report "$1: each 1,000 behind" $(((all - first) * 1000 / (rows - 1000))) .1; fi
}

if [ -n "${WORLD:-}" ]; then export PATBRIDGE_DATABASE=$WORLD; else make_world; fi
echo "machine: $(nproc) processors, load average $(cut -d' ' -f1-3 /proc/loadavg)"
sql "DELETE FROM track_kept"
track --brief >/dev/null # compares needs once, and warms the server's memory up
plain_ms=$(timed plain)
plain_ms=$(timed plain)
cold=$(timed track --anew)
report "the same counts, one plain query each" "$plain_ms" ""
report "all clauses of one agency, nothing kept" "$cold" 2
awk -v a="$cold" -v b="$plain_ms" 'BEGIN { printf "%-58s %8.1f\n", "ratio", a / b }'
track --brief >/dev/null
report "all clauses, nothing changed" "$(timed track --brief)" .2
change_little "a decision on a need" decide need "$(sql "SELECT source_id FROM need n JOIN agency a USING (agency_id) WHERE a.code = '$agency' ORDER BY random() LIMIT 1")"
change_little "a decision on a deal" decide deal "$(sql "SELECT contract_number FROM deal d JOIN agency a USING (agency_id) WHERE a.code = '$agency' ORDER BY random() LIMIT 1")"
change_little "a decision on a push" decide push "$(sql "SELECT push_id FROM push d JOIN agency a USING (agency_id) WHERE a.code = '$agency' LIMIT 1")"
change_little "a decision on a patent" decide patent "$(sql "SELECT l.number FROM patent_alias l JOIN patent_holding h USING (patent_id) JOIN agency a USING (agency_id) WHERE a.code = '$agency' LIMIT 1")"
for metric in patents pushes needs deals purchases; do pages $metric; done
/usr/bin/time -f '%e %M' -o "$work/time" "$binary" snapshot --policy jinjiang-2023-6 --by 陈科 --out "$work/snapshot" >/dev/null
read -r seconds kilobytes <"$work/time"
awk -v s="$seconds" -v kb="$kilobytes" -v lines="$(wc -l <"$work/snapshot")" 'BEGIN {
    printf "%-58s %8.1f s   %s, %.0f MB of memory: %s\n", "snapshot of every agency, " lines " lines", s, s <= 60 ? "within 60 s" : "beyond 60 s",
           kb / 1024, kb <= 300 * 1024 ? "within 300 MB" : "beyond 300 MB" }'
