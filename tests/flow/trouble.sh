#!/bin/bash
# trouble.sh - the daemon while its database goes, its disk is full, its clock is set back; and behind the proxy of the sample.
# beside the others: it waits more than it works
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
code=0
for test in trouble proxy; do
    timeout -k 5 600 python3 "tests/http/$test.py" || code=$?
done
exit $code
