#!/bin/bash
# formats.sh [xlsx|memory]… - workbooks beside another reader of them, and the memory that a load takes, format by format.
#
#   xlsx     rows a second of build/bench/read (rows as a load reads them, and the same made records) and of Python's openpyxl in
#            read-only mode, by turns, ROUNDS times each, medians. The sheet is a real one where ../shared has it (its 200 rows
#            over and over, long texts each another), else an invented one. At least 3 times openpyxl's rows, and at least
#            60,000 cells a second of processor time with records made, are asked for.
#   memory   max RSS of `patbridge load` of LEAST and of MOST invented patents in each format, into a throw-away database (fsync
#            off). At most 200 MB are asked for.
#
# Environment: ROWS (20000), ROUNDS (3), LEAST (10000), MOST (1000000), FORMATS, PATBRIDGE_BINARY (build/patbridge)
set -euo pipefail
cd "$(dirname "$0")/../.."
for name in $(compgen -e | grep '^PG' || true); do unset "$name"; done
ROWS=${ROWS:-20000} ROUNDS=${ROUNDS:-3} LEAST=${LEAST:-10000} MOST=${MOST:-1000000}
FORMATS=${FORMATS:-csv tsv jsonl json xlsx xml dump}
binary=${PATBRIDGE_BINARY:-$PWD/build/patbridge}
export LC_ALL=C.UTF-8 TZ=UTC
work=$(mktemp -d /tmp/patbridge-formats.XXXXXX)
export PATBRIDGE_VAR=$work/var
trap 'deploy/scripts/cluster.sh remove >/dev/null 2>&1; rm -rf "$work"' EXIT
chmod 755 "$work"

# Debian's openpyxl belongs to Debian's Python.
python=python3
"$python" -c 'import openpyxl' 2>/dev/null || python=/usr/bin/python3

median() { sort -n | sed -n "$(((ROUNDS + 1) / 2))p"; }
member() { sed -n "s/.*\"$1\": \([0-9.]*\).*/\1/p"; }

openpyxl_s() { # FILE: seconds to see every cell once
    "$python" - "$1" <<'PY'
import sys
import time

import openpyxl

begun, cells = time.perf_counter(), 0
for sheet in openpyxl.load_workbook(sys.argv[1], read_only=True):
    for row in sheet.iter_rows(values_only=True):
        cells += sum(one is not None for one in row)
print(time.perf_counter() - begun)
PY
}

xlsx() {
    local file=$work/book.xlsx sheet=../shared/data/samples/cnipa_25col_export_200rows.xlsx round cells
    make -s build/bench/read
    if [ -f "$sheet" ]; then
        "$python" tests/bench/tables.py real "$sheet" "$ROWS" "$file"
    else
        sheet="an invented sheet"
        python3 tests/bench/tables.py xlsx "$ROWS" "$file"
    fi
    for ((round = 1; round <= ROUNDS; round++)); do
        build/bench/read patent "$file" >"$work/rows.$round"
        build/bench/read patent "$file" --records >"$work/records.$round"
        openpyxl_s "$file" >>"$work/openpyxl"
    done
    cells=$(member cells <"$work/rows.1")
    echo "machine: $(nproc) processors, load average $(cut -d' ' -f1-3 /proc/loadavg)"
    awk -v rows="$ROWS" -v cells="$cells" -v sheet="$sheet" -v own="$(cat "$work"/rows.* | member wall_s | median)" \
        -v records="$(cat "$work"/records.* | member cpu_s | median)" -v other="$(median <"$work/openpyxl")" 'BEGIN {
        printf "xlsx: %s, %d rows, %d cells\n", sheet, rows, cells
        printf "  openpyxl, read-only      %8.0f rows/s %9.0f cells/s\n", rows / other, cells / other
        printf "  rows as a load has them  %8.0f rows/s %9.0f cells/s   %.1f times openpyxl: %s\n", rows / own, cells / own, other / own,
            (other / own >= 3 ? "pass (3 asked for)" : "falls short of 3")
        printf "  with records, of CPU     %8.0f rows/s %9.0f cells/s   %s\n", rows / records, cells / records,
            (cells / records >= 60000 ? "pass (60,000 asked for)" : "falls short of 60,000") }'
}

server() { deploy/scripts/cluster.sh env | sed "s/ dbname=[^ ]*/ dbname=$1/"; }

# What the load of a file took at most: "MB rows/s".
load() { # FILE ROWS
    psql -XAtq "$(server postgres)" -c 'DROP DATABASE IF EXISTS loaded' -c 'CREATE DATABASE loaded TEMPLATE patbridge' 2>/dev/null
    PATBRIDGE_DATABASE=$(server loaded) python3 - "$binary" "$1" "$2" "$work" <<'PY'
import json
import resource
import subprocess
import sys
import time

binary, file, rows, folder = sys.argv[1:]
begun = time.perf_counter()
done = subprocess.run([binary, '--json', '--agency', 'JJ01', 'load', 'patent', file, '--refused', folder], capture_output=True, text=True, check=True)
took, report = time.perf_counter() - begun, json.loads(done.stdout)
assert report['read'] == report['new'] == int(rows), {name: report[name] for name in ('read', 'new', 'refused')}
print(f'{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} {int(rows) / took:.0f}')
PY
}

memory() {
    local format rows file ending said
    PATBRIDGE_TEST_FSYNC=off deploy/scripts/cluster.sh start >/dev/null
    PATBRIDGE_DATABASE=$(server patbridge) "$binary" migrate >/dev/null
    PATBRIDGE_DATABASE=$(server patbridge) "$binary" agency add JJ01 --name 试验机构 --invented >/dev/null
    echo "memory: max RSS of a load, at most 200 MB asked for"
    for format in $FORMATS; do
        for rows in "$LEAST" "$MOST"; do
            ending=$([ "$format" = dump ] && echo txt || echo "$format")
            file=$work/table.$ending
            python3 tests/bench/tables.py "$format" "$rows" "$file"
            said=$(load "$file" "$rows")
            rm "$file"
            printf '  %-6s %8d rows %4d MB %7d rows/s  %s\n' "$format" "$rows" "${said% *}" "${said#* }" \
                "$([ "${said% *}" -le 200 ] && echo pass || echo 'above 200 MB')"
        done
    done
}

for part in "${@:-xlsx memory}"; do
    for one in $part; do "$one"; done
done
