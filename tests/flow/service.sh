#!/bin/bash
# service.sh - the tests of tests/http that are about what the daemon does by itself, by the clock: steps, many pushes.
# beside the others: it waits for the clock
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
code=0
for test in steps strength; do
    timeout -k 5 600 python3 "tests/http/$test.py" || code=$?
done
exit $code
