#!/bin/bash
# channels.sh - the tests of what is pushed by robots of groups and by mail, against stand-ins that check what the real ones check.
# beside the others: it waits more than it works
cd "$(dirname "$0")/../.." || exit 1
exec timeout -k 5 600 python3 tests/http/channels.py
