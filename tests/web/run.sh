#!/bin/bash
# run.sh [FILE…] - the tests of the pages, in Chromium: the essential ways, with PAGES=all the long ones too, or the files that
# are named. Two at a time, each with a database and a service of its own.
cd "$(dirname "$0")/../.." || exit 1
[ $# -gt 0 ] || set -- tests/web/*.test.mjs
[ "${PAGES:-}" != all ] || set -- "$@" tests/web/more/*.test.mjs
exec timeout -k 5 850 node --test --test-concurrency=2 --test-reporter=tap "$@"
