#!/bin/bash
# signin.sh - the tests of who comes in: by name and password, with one-time codes, by links; sessions, and their end.
# beside the others: passwords take their time, as they shall
cd "$(dirname "$0")/../.." || exit 1
exec timeout -k 5 600 python3 tests/http/signin.py
