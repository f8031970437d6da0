#!/bin/bash
# track.sh - how long figures, evidence and a snapshot take with 1,000,000 patents, 100,000 enterprises, 100,000 needs, 1,000,000 pushes
# and 50,000 deals of 20 agencies (track_world.sql), beside the same counts as one plain count(*) each. Of each: seconds by the clock, and of
# CPU that the program and the server's processes took, which other jobs of the machine do not lengthen as much.
#
# Environment: SCALE (1; .02 is enough to try it), AGENCY (A01), PATBRIDGE_BINARY (build/patbridge); KEEP: an absolute folder in which the
# world is made once, stays, and is measured the next time; WORLD: a database that holds such a world already. STEPS: what is measured,
# of "figures pages snapshot" (all). Of what is short the quickest of three is told.
set -euo pipefail
cd "$(dirname "$0")/../.."
for name in $(compgen -e | grep '^PG' || true); do unset "$name"; done
scale=${SCALE:-1} agency=${AGENCY:-A01}
binary=${PATBRIDGE_BINARY:-$PWD/build/patbridge}
export LC_ALL=C.UTF-8 TZ=UTC
steps=" ${STEPS:-figures pages snapshot} "
work=$(mktemp -d /tmp/patbridge-bench.XXXXXX)
chmod 755 "$work"
export PATBRIDGE_SIGN_KEY=$work/sign.key PATBRIDGE_EVIDENCE=$work/evidence
finish() {
    if [ -n "${KEEP:-}" ]; then
        deploy/scripts/cluster.sh stop >/dev/null 2>&1 || true
    elif [ -z "${WORLD:-}" ]; then
        deploy/scripts/cluster.sh remove >/dev/null 2>&1 || true
    fi
    rm -rf "$work"
}
trap finish EXIT
times() { awk -v n="$1" -v scale="$scale" 'BEGIN { printf "%d", n * scale }'; }
kept_world() { # a kept world is there whole, or is made anew
    mkdir -p "$KEEP" && chmod 755 "$KEEP"
    export PATBRIDGE_VAR=$KEEP PATBRIDGE_TEST_FSYNC=off
    if [ ! -e "$KEEP/whole" ]; then
        deploy/scripts/cluster.sh remove >/dev/null 2>&1 || true
        make_world
        touch "$KEEP/whole"
    fi
    deploy/scripts/cluster.sh start >/dev/null
    PATBRIDGE_DATABASE=$(deploy/scripts/cluster.sh env)
    export PATBRIDGE_DATABASE
    "$binary" migrate >/dev/null
}
make_world() {
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
server=""
# Hundredths of a second of CPU of every process that ended below the server, and of this script's own.
spent() {
    if [ -z "$server" ]; then
        server=$(awk '{ print $4 }' "/proc/$(sql "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")/stat")
    fi
    awk '{ sum += $16 + $17 } END { print sum }' "/proc/$server/stat" /proc/$$/stat
}
timed() { # COMMAND…: milliseconds and hundredths of a second of CPU
    local begun cpu
    cpu=$(spent)
    begun=$(now_ms)
    "$@" >"$work/said" 2>&1 || { tail -n 3 "$work/said" >&2; return 1; }
    begun=$(($(now_ms) - begun))
    sleep .2 # until the server has heard that its process ended
    echo "$begun $(($(spent) - cpu))"
}
report() { # NAME "MILLISECONDS CPU" [MOST]
    awk -v name="$1" -v said="$2" -v most="${3:-}" 'BEGIN { split(said, n, " ");
        printf "%-58s %8.3f s   %6.2f s of CPU   %s\n", name, n[1] / 1000, n[2] / 100,
               most == "" ? "" : n[1] <= most * 1000 ? "within " most " s" : "beyond " most " s" }'
}
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
quickest() { sort -n | head -n 1; } # of "MILLISECONDS CPU" a line
thrice() { for _ in 1 2 3; do timed "$@"; done | quickest; }
change_little() { # NAME COMMAND…
    for _ in 1 2 3; do
        track --brief >/dev/null
        "${@:2}" >/dev/null 2>&1
        timed track --brief
    done >"$work/times"
    report "all clauses, after $1" "$(quickest <"$work/times")" .2
}
decide() { # KIND QUERY: on one of the keys that it gives
    "$binary" --agency "$agency" decide reject "$1" "$(sql "$2")" --by 陈科 --reason 试验
}
# A push and what happens to one, written as the programs write them: there are no leads in this world.
new_push() { # a kept world has those of earlier runs
    sql "INSERT INTO push SELECT (jsonb_populate_record(p, jsonb_build_object('push_id', gen_random_uuid(), 'origin_patent_id', -p.patent_id,
             'created_at', clock_timestamp()))).* FROM push p JOIN agency a USING (agency_id) WHERE a.code = '$agency' AND p.origin_patent_id > 0
             AND NOT EXISTS (SELECT FROM push o WHERE o.patent_id = p.patent_id AND o.enterprise_id = p.enterprise_id AND o.origin_patent_id < 0)
             LIMIT 1;
         INSERT INTO push_event (patent_id, push_id, agency_id, channel, event, at)
             SELECT patent_id, push_id, agency_id, 'inbox', 'sent', created_at FROM push WHERE origin_patent_id < 0 AND created_at >= now();
         INSERT INTO track_change (xid, source, agency_id, ids, noted_at) SELECT pg_current_xact_id(), s, min(p.agency_id),
             array_agg(p.push_id::text), now() FROM push p, unnest('{push,push_event}'::text[]) s
             WHERE p.origin_patent_id < 0 AND p.created_at >= now() GROUP BY s"
}
new_answer() {
    sql "WITH one AS (SELECT p.* FROM push p JOIN agency a USING (agency_id) WHERE a.code = '$agency' AND NOT EXISTS (
                 SELECT FROM push_event e WHERE e.patent_id = p.patent_id AND e.push_id = p.push_id AND e.event = 'answered') LIMIT 1), told AS (
             INSERT INTO push_event (patent_id, push_id, agency_id, channel, event, at)
             SELECT patent_id, push_id, agency_id, 'inbox', 'answered', clock_timestamp() FROM one)
         INSERT INTO track_change (xid, source, agency_id, ids, noted_at)
             SELECT pg_current_xact_id(), 'push_event', agency_id, ARRAY[push_id::text], now() FROM one"
}
new_deal() {
    head -n 1 deploy/sample/deals.jsonl | sed "s/\"contract_number\": *\"/&$$-$RANDOM-/" >"$work/deal.jsonl"
    "$binary" --agency "$agency" load deal "$work/deal.jsonl" --refused "$work"
}

measure_figures() {
    local plain cold
    sql "DELETE FROM track_kept"
    track --brief >/dev/null # compares needs once, and warms the server's memory up
    plain=$(thrice plain)
    cold=$(thrice track --anew)
    report "the same counts, one plain query each" "$plain"
    report "all clauses of one agency, nothing kept" "$cold" 2
    awk -v a="$cold" -v b="$plain" 'BEGIN { split(a, one, " "); split(b, other, " ");
        printf "%-58s %8.1f     %6.1f of CPU\n", "ratio", one[1] / other[1], one[2] / other[2] }'
    track --brief >/dev/null
    report "all clauses, nothing changed" "$(thrice track --brief)" .2
    change_little "a decision on a need" decide need "SELECT source_id FROM need n JOIN agency a USING (agency_id) WHERE a.code = '$agency' ORDER BY random() LIMIT 1"
    change_little "a decision on a deal" decide deal "SELECT contract_number FROM deal d JOIN agency a USING (agency_id) WHERE a.code = '$agency' ORDER BY random() LIMIT 1"
    change_little "a decision on a push" decide push "SELECT push_id FROM push d JOIN agency a USING (agency_id) WHERE a.code = '$agency' ORDER BY random() LIMIT 1"
    change_little "a decision on a patent" decide patent "SELECT l.number FROM patent_alias l JOIN patent_holding h USING (patent_id) JOIN agency a USING (agency_id) WHERE a.code = '$agency' ORDER BY random() LIMIT 1"
    change_little "a new push" new_push
    change_little "an answer" new_answer
    change_little "a new deal" new_deal
}
measure_pages() {
    tests/bench/pages.py "$agency" patents pushes needs enterprises experts institutions deals purchases transactions introductions licences loans sales open_licences attorneys
}
forget_snapshots() { # a kept world does not grow with every run
    sql "ALTER TABLE snapshot_line DISABLE TRIGGER ALL; TRUNCATE snapshot_line, snapshot_block; DELETE FROM snapshot"
}
measure_snapshot() {
    local before seconds kilobytes
    before=$(spent)
    /usr/bin/time -f '%e %M' -o "$work/time" "$binary" snapshot --policy jinjiang-2023-6 --by 陈科 --out "$work/snapshot" >/dev/null
    sleep .2
    read -r seconds kilobytes <"$work/time"
    [ -z "${KEEP:-}" ] || forget_snapshots
    awk -v s="$seconds" -v kb="$kilobytes" -v lines="$(wc -l <"$work/snapshot")" -v cpu=$(($(spent) - before)) 'BEGIN {
        printf "%-58s %8.1f s   %6.2f s of CPU   %s, %.0f MB of memory: %s\n", "snapshot of every agency, " lines " lines", s, cpu / 100,
               s <= 60 ? "within 60 s" : "beyond 60 s", kb / 1024, kb <= 300 * 1024 ? "within 300 MB" : "beyond 300 MB" }'
}

if [ -n "${WORLD:-}" ]; then
    export PATBRIDGE_DATABASE=$WORLD
elif [ -n "${KEEP:-}" ]; then
    kept_world
else
    export PATBRIDGE_VAR=$work PATBRIDGE_TEST_FSYNC=off
    make_world
fi
echo "machine: $(nproc) processors, load average $(cut -d' ' -f1-3 /proc/loadavg)"
for step in figures pages snapshot; do
    [[ $steps != *" $step "* ]] || "measure_$step"
done
