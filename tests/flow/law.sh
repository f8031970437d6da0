#!/bin/bash
# law.sh - the law of accounting over random tables in every format (SEED, TABLES).
cd "$(dirname "$0")/../.." || exit 1
exec timeout -k 5 900 python3 tests/http/law.py
