#!/bin/bash
# registers.sh - how long the agency's desk waits for what somebody types into its registers: 100,000 patents, enterprises and needs of one
# agency (track_world.sql), through HTTP, one asker (registers.py).
#
# Environment: ROWS (100000), TIMES (200: requests for each kind of words), PATBRIDGE_BINARY (build/patbridge); KEEP: an absolute folder in
# which the world is made once, stays, and is asked the next time.
set -euo pipefail
cd "$(dirname "$0")/../.."
for name in $(compgen -e | grep '^PG' || true); do unset "$name"; done
rows=${ROWS:-100000} binary=${PATBRIDGE_BINARY:-$PWD/build/patbridge}
work=${KEEP:-$(mktemp -d /tmp/patbridge-bench.XXXXXX)}
mkdir -p "$work" && chmod 755 "$work"
export LC_ALL=C.UTF-8 TZ=UTC PATBRIDGE_VAR=$work PATBRIDGE_TEST_FSYNC=off
finish() {
    if [ -n "${KEEP:-}" ]; then
        deploy/scripts/cluster.sh stop >/dev/null 2>&1 || true
    else
        deploy/scripts/cluster.sh remove >/dev/null 2>&1 || true
        rm -rf "$work"
    fi
}
trap finish EXIT
deploy/scripts/cluster.sh start >/dev/null 2>&1
PATBRIDGE_DATABASE=$(deploy/scripts/cluster.sh env)
export PATBRIDGE_DATABASE
"$binary" migrate >/dev/null
if [ ! -e "$work/whole" ]; then
    psql -Xq -v ON_ERROR_STOP=1 "$PATBRIDGE_DATABASE" -v agencies=1 -v patents="$rows" -v enterprises="$rows" -v needs="$rows" -v pushes=10 \
        -v deals=10 -f tests/bench/track_world.sql
    psql -XAtq "$PATBRIDGE_DATABASE" -c "VACUUM ANALYZE"
    touch "$work/whole"
fi
echo "machine: $(nproc) processors, load average $(cut -d' ' -f1-3 /proc/loadavg)"
PATBRIDGE_BINARY=$binary tests/bench/registers.py A01 "$rows"
