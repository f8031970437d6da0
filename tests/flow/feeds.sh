#!/bin/bash
# feeds.sh - the tests of feeds, with a web server of their own.
# beside the others: it waits more than it works
cd "$(dirname "$0")/../.." || exit 1
exec timeout -k 5 600 python3 tests/http/feeds.py
