#!/bin/bash
# inbox.sh - what an enterprise does by itself: links that lead to the inbox, openings, needs of its own, wishes.
# beside the others: it waits for nobody
cd "$(dirname "$0")/../.." || exit 1
exec timeout -k 5 300 python3 tests/http/inbox.py
