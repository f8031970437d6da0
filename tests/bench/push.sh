#!/bin/bash
# push.sh - 10,000 pushes to 50 receivers of which a third are slow, dead, lying or cut the line: how long the healthy ones take, and
# that nothing is lost. PUSHES says how many.
set -euo pipefail
cd "$(dirname "$0")/../.." || exit 1
export PATBRIDGE_VAR=$PWD/var/bench.$$ PUSHES=${PUSHES:-10000}
trap 'deploy/scripts/cluster.sh remove >/dev/null 2>&1; rm -rf "$PATBRIDGE_VAR"' EXIT
deploy/scripts/cluster.sh start >/dev/null
PATBRIDGE_TEST_SERVER=$(deploy/scripts/cluster.sh env | sed 's/ dbname=[^ ]*/ dbname=postgres/')
export PATBRIDGE_TEST_SERVER
python3 tests/http/strength.py | tee /dev/stderr | grep -q '^ok'
