#!/bin/bash
# load_copy.sh - how fast `patbridge load patent` is, beside a plain COPY of the very same rows into the same indexed tables.
#
# One run on one private cluster with PostgreSQL's usual care (fsync on). By turns, ROUNDS times each: the load of a file of
# ROWS invented patents into an empty schema (JSON Lines, and CSV), and COPY of everything that it put there (patent,
# patent_alias, patent_status, patent_holding), in transactions of as many patents as the loader's: once in the order of the file,
# which is how somebody who has no loader would copy it, and once in the order of ids within each transaction, into which the
# loader brings the rows because the indexes grow faster so. Printed are medians, and the ratio of the rates: at least .6 is asked for.
#
# Environment: ROWS (50000), ROUNDS (3), PATBRIDGE_BINARY (build/patbridge)
set -euo pipefail
cd "$(dirname "$0")/../.."
for name in $(compgen -e | grep '^PG' || true); do unset "$name"; done
ROWS=${ROWS:-50000} ROUNDS=${ROUNDS:-3}
CHUNK=$(grep -oP 'LOAD_CHUNK_ROWS = \K\d+' loader/feed.h)
TABLES=(patent patent_alias patent_status patent_holding)
binary=${PATBRIDGE_BINARY:-$PWD/build/patbridge}
PATBRIDGE_VAR=$(mktemp -d /tmp/patbridge-bench.XXXXXX)
export PATBRIDGE_VAR LC_ALL=C.UTF-8 TZ=UTC
unset PATBRIDGE_TEST_FSYNC
chmod 755 "$PATBRIDGE_VAR"
trap 'deploy/scripts/cluster.sh remove >/dev/null 2>&1; rm -rf "$PATBRIDGE_VAR"' EXIT
deploy/scripts/cluster.sh start
work=$PATBRIDGE_VAR/work
mkdir "$work"

server() { deploy/scripts/cluster.sh env | sed "s/ dbname=[^ ]*/ dbname=$1/"; }
sql() { psql -XAtq -v ON_ERROR_STOP=1 "$(server "$1")" -c "$2"; }
run() { PATBRIDGE_DATABASE=$(server "$1") "$binary" "${@:2}"; }
now_us() { echo "${EPOCHREALTIME/./}"; }
median() { sort -n | sed -n "$(((ROUNDS + 1) / 2))p"; }

# An empty schema with one agency; nothing left to be written to disk.
fresh() {
    sql postgres "DROP DATABASE IF EXISTS $1" 2>/dev/null
    sql postgres "CREATE DATABASE $1 TEMPLATE patbridge"
    sql postgres CHECKPOINT
}

prepare() {
    run patbridge migrate >/dev/null
    run patbridge agency add JJ01 --name 试验机构 --settled 2023-03-15 --invented >/dev/null
    python3 tests/fault/invent.py patent "$ROWS" >"$work/patents.jsonl"
    python3 tests/fault/invent.py patent "$ROWS" --csv >"$work/patents.csv"
}

load() { # FILE: microseconds
    local start
    fresh loaded
    start=$(now_us)
    run loaded --agency JJ01 load patent "$1" --held-since 2025-01-01 --refused "$work" >"$work/said"
    echo $(($(now_us) - start))
    [ "$(sql loaded 'SELECT count(*) FROM patent')" = "$ROWS" ] || { cat "$work/said" >&2; return 1; }
}

# What was loaded, as files of one transaction each, and psql's script that copies them in.
dump() { # NAME ORDER
    local dir=$work/$1 table count parts part
    parts=$(((ROWS + CHUNK - 1) / CHUNK))
    mkdir "$dir"
    for table in "${TABLES[@]}"; do
        psql -XAtq "$(server loaded)" -c "\\copy (SELECT t.* FROM $table t JOIN patent p USING (patent_id) ORDER BY $2) TO '$dir/$table.copy'"
        count=$(wc -l <"$dir/$table.copy")
        split -d -a 4 -l $(((count + parts - 1) / parts)) "$dir/$table.copy" "$dir/$table."
        rm "$dir/$table.copy"
    done
    for ((part = 0; part < parts; part++)); do
        echo 'BEGIN;'
        for table in "${TABLES[@]}"; do printf "\\\\copy %s FROM '%s/%s.%04d'\n" "$table" "$dir" "$table" "$part"; done
        echo 'COMMIT;'
    done >"$dir/copy.sql"
}

copy() { # NAME: microseconds
    local start
    fresh copied
    start=$(now_us)
    psql -Xq -v ON_ERROR_STOP=1 "$(server copied)" -f "$work/$1/copy.sql"
    echo $(($(now_us) - start))
    [ "$(sql copied 'SELECT count(*) FROM patent')" = "$ROWS" ]
}

report() { # NAME MICROSECONDS
    awk -v name="$1" -v us="$2" -v rows="$ROWS" -v copy="$copy_us" -v ordered="$ordered_us" 'BEGIN {
        printf "%-24s %7.2f s %8.0f patents/s", name, us / 1e6, rows / us * 1e6
        if (name ~ /^load/) printf "   %.2f of COPY: %s; %.2f of COPY in the order of ids", copy / us,
            (copy / us >= .6 ? "pass (.6 asked for)" : "falls short of .6"), ordered / us
        print "" }'
}

prepare
load "$work/patents.jsonl" >/dev/null # warms everything up
dump file p.publication_number # the invented numbers count up as the file does
dump ids "p.change_seq, p.patent_id"
for ((round = 1; round <= ROUNDS; round++)); do
    load "$work/patents.jsonl" >>"$work/jsonl.us"
    copy file >>"$work/copy.us"
    load "$work/patents.csv" >>"$work/csv.us"
    copy ids >>"$work/ordered.us"
done
copy_us=$(median <"$work/copy.us") ordered_us=$(median <"$work/ordered.us")
echo "machine: $(nproc) processors, load average $(cut -d' ' -f1-3 /proc/loadavg)"
echo "load_copy: $ROWS invented patents, $(($(wc -c <"$work/patents.jsonl") / ROWS)) bytes each as JSON, medians of $ROUNDS"
report COPY "$copy_us"
report "COPY, in order of ids" "$ordered_us"
report "load, JSON Lines" "$(median <"$work/jsonl.us")"
report "load, CSV" "$(median <"$work/csv.us")"
