#!/bin/bash
# http.sh - the tests of tests/http that are about requests, one after the other: each prints its sentences.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
code=0
for test in road rights contract service mending settings guide; do
    [ ! -f "tests/http/$test.py" ] || timeout -k 5 600 python3 "tests/http/$test.py" || code=$?
done
exit $code
