#!/bin/bash
# make_upgrade_case.sh COMMIT FOLDER - a database as the program of an earlier commit leaves it behind: `make run` with its own sample
# (invented), and an official snapshot where it has them. FOLDER, of tests/cases/upgrade, then holds
#     database.sql.xz   pg_dump without owners
#     rows.tsv          table, tab, how many rows: of every table
#     figures.tsv       metric, tab, what `track` counted of it on a day before the sample's end
#     head.txt          the ledger's head, where that program had a ledger
set -euo pipefail
commit=${1:?COMMIT} folder=$(mkdir -p "${2:?FOLDER}" && cd "$2" && pwd -P)
work=$(mktemp -d /var/tmp/patbridge-upgrade-XXXXXX)
chmod 755 "$work"
finish() {
    (cd "$work/tree" && deploy/scripts/cluster.sh remove) || true
    git worktree remove --force "$work/tree"
    rm -rf "$work"
}
git worktree add -q --detach "$work/tree" "$commit"
trap finish EXIT
cd "$work/tree"
for file in deploy/sample/*.jsonl; do sed -i '81,$d' "$file"; done # enough of everything, and small
make run SERVE=no >"$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
database=$(deploy/scripts/cluster.sh env)
build/patbridge snapshot --policy jinjiang-2023-6 --by "$(psql -XAtq "$database" -c "SELECT name FROM account WHERE role = 'official' LIMIT 1")" \
    >"$folder/head.txt" 2>"$work/snapshot" || { rm -f "$folder/head.txt"; echo "no snapshot: $(head -n 1 "$work/snapshot")"; }
build/patbridge --json --agency JJ01 track --policy jinjiang-2023-6 --as-of 2025-12-31 >"$work/track.json"
python3 - "$work/track.json" >"$folder/figures.tsv" <<'PY'
import json, sys


def walk(node):
    if isinstance(node, dict) and 'metric' in node and 'value' in node:
        print(node['metric'], node['value'], sep='\t')
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        walk(child)


walk(json.load(open(sys.argv[1], encoding='utf-8')))
PY
psql -XAtq -F $'\t' "$database" -c "SELECT relname, (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I', relname), false, true, '')))[1]
    FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 1" >"$folder/rows.tsv"
pg_dump --no-owner "$database" | xz -9 >"$folder/database.sql.xz"
wc -c "$folder"/*
