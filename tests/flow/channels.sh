#!/bin/bash
# channels.sh - the tests of what is pushed by robots of groups and by mail, against stand-ins that check what the real ones check, and of what mail servers say later.
# beside the others: it waits more than it works
cd "$(dirname "$0")/../.." || exit 1
code=0
for test in channels bounces; do
    timeout -k 5 600 python3 "tests/http/$test.py" || code=$?
done
exit $code
