#!/bin/bash
# doctor.sh - forty faults, each made and mended in a cluster of its own, and what `patbridge doctor` says of them.
# beside the others: it has a cluster of its own
cd "$(dirname "$0")/../.." || exit 1
exec timeout -k 5 600 python3 tests/http/doctor.py
