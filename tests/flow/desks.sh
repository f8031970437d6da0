#!/bin/bash
# desks.sh - what the pages of agencies and officials ask: leads under review, registers, follow-up, applications, snapshots, oddities.
# beside the others: it waits for nobody
cd "$(dirname "$0")/../.." || exit 1
for script in reviewing registers official; do timeout -k 5 300 python3 "tests/http/$script.py" || exit; done
