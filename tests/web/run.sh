#!/bin/bash
# run.sh [FILE…] - the tests of the pages, in Chromium: the essential ways, or the files that are named.
cd "$(dirname "$0")/../.." || exit 1
[ $# -gt 0 ] || set -- tests/web/*.test.mjs
exec timeout -k 5 900 node --test --test-concurrency=1 --test-reporter=tap "$@"
