#!/bin/bash
# mixed.sh - everything at once: two daemons that do all steps, a push worker beside them, and people who load, review, answer and
# look, while daemons, the worker and PostgreSQL are killed at random moments. Then all of it again, undisturbed, for MIXED_SECONDS
# (CI: 8, soak: 1200), and the daemons' memory stays flat. SEED, KILLS: all of them where there are a hundred or more, else a fifth.
# beside the others: it has a cluster of its own, and waits while that starts again
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/fault/mixed.py
