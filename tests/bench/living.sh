#!/bin/bash
# living.sh - the living index in front of many patents: the first matching, a start from its files, one new patent, one changed, a thousand new ones,
# a merge beside searches. Prints a line each, with the time of the whole command.
#
# Texts are put together from sentences of real abstracts. Environment: PATENTS (200000), TEXTS (cn_abstracts.jsonl of ../shared/data, else
# the sample's patents), PATBRIDGE_BINARY (build/patbridge), MEMORY_MB (none).
set -euo pipefail
cd "$(dirname "$0")/../.."
for name in $(compgen -e | grep -E '^(PG|PATBRIDGE_)' | grep -v '^PATBRIDGE_BINARY$' || true); do unset "$name"; done
patents=${PATENTS:-200000}
texts=${TEXTS:-../shared/data/patents/cn_abstracts.jsonl}
[ -e "$texts" ] || texts=deploy/sample/patents.jsonl
binary=${PATBRIDGE_BINARY:-$PWD/build/patbridge}
export LC_ALL=C.UTF-8 TZ=UTC
work=$(mktemp -d /tmp/patbridge-bench.XXXXXX)
chmod 755 "$work"
daemon=
finish() {
    [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
    [ -z "$daemon" ] || wait "$daemon" || true
    deploy/scripts/cluster.sh remove >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
export PATBRIDGE_VAR=$work PATBRIDGE_TEST_FSYNC=off
[ -z "${MEMORY_MB:-}" ] || export PATBRIDGE_INDEX_MEMORY_MB=$MEMORY_MB
deploy/scripts/cluster.sh start >/dev/null
PATBRIDGE_DATABASE=$(deploy/scripts/cluster.sh env)
export PATBRIDGE_DATABASE
sql() { psql -XAtq -v ON_ERROR_STOP=1 "$PATBRIDGE_DATABASE" -c "$1"; }
"$binary" migrate >/dev/null
"$binary" agency add JJ01 --name 甲 >/dev/null
echo '{"uscc":"91350582MA0077119D","name":"甲鞋业有限公司","division_code":"350582"}' >"$work/firm.jsonl"
"$binary" load enterprise "$work/firm.jsonl" >/dev/null
python3 - "$texts" "$work" <<'PY'
import json, re, sys
sentences, needs = [], []
for line in open(sys.argv[1], encoding='utf-8'):
    abstract = json.loads(line).get('abstract') or ''
    for sentence in re.split('[。；]', abstract):
        if 12 <= len(sentence) <= 120:
            sentences.append(sentence.replace('\t', ' ').replace('\\', ' ').replace('\n', ' '))
with open(sys.argv[2] + '/sentences', 'w', encoding='utf-8') as out:
    for i, sentence in enumerate(sentences):
        out.write(f'{i}\t{sentence}\n')
with open(sys.argv[2] + '/needs.jsonl', 'w', encoding='utf-8') as out:
    for i in range(100):
        out.write(json.dumps({'source_id': f'XQ-{i}', 'enterprise_uscc': '91350582MA0077119D', 'title': sentences[i * 97 % len(sentences)][:20],
                              'text': sentences[i * 97 % len(sentences)], 'valid_from': '2025-01-01'}, ensure_ascii=False) + '\n')
PY
sql "CREATE TABLE sentence (i int PRIMARY KEY, text text)"
psql -Xq "$PATBRIDGE_DATABASE" -c "\\copy sentence FROM '$work/sentences'"
sql "INSERT INTO patent (patent_id, publication_number, title, abstract, applicants, ipc, legal_status, change_seq, first_recorded_at, recorded_at)
     SELECT hashint8extended(n, 7), 'CN' || 900000000 + n || 'A', left(a.text, 24), a.text || '。' || b.text || '。' || c.text || '。',
            ARRAY['第' || n % 5000 || '工厂'], ARRAY[chr(65 + n % 8) || '0' || n % 9 + 1 || 'B ' || n % 90 + 1 || '/0' || n % 9], 'granted',
            nextval('change_seq'), now(), now()
     FROM (SELECT n, n::bigint * 7919 % k AS x, n::bigint * 104729 / 3 % k AS y, n::bigint * 15485863 / 7 % k AS z
           FROM generate_series(1, $patents) n, (SELECT count(*) AS k FROM sentence) s) r
     JOIN sentence a ON a.i = x JOIN sentence b ON b.i = y JOIN sentence c ON c.i = z ORDER BY n;
     INSERT INTO patent_holding (patent_id, agency_id, held_since, change_seq, first_recorded_at, recorded_at)
     SELECT patent_id, (SELECT agency_id FROM agency), '2025-01-01', change_seq, now(), now() FROM patent;
     ANALYZE"
now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }
timed() { # WHAT COMMAND…
    local what=$1 begun
    shift
    begun=$(now_ms)
    "$@" >"$work/said" 2>"$work/wrong" || { cat "$work/wrong" >&2; return 1; }
    printf '%-66s %8d ms\n' "$what" $(($(now_ms) - begun))
    grep -v '^note' "$work/wrong" || true
}
need() { sed -n "$1p" "$work/needs.jsonl" >"$work/need.jsonl"; "$binary" load need "$work/need.jsonl" >/dev/null; }
patent() { # FIRST COUNT: new ones, or changed ones where they are known
    python3 - "$work/sentences" "$1" "$2" <<'PY' >"$work/new.jsonl"
import json, sys
sentences = [line.rstrip('\n').split('\t')[1] for line in open(sys.argv[1], encoding='utf-8')]
for n in range(int(sys.argv[2]), int(sys.argv[2]) + int(sys.argv[3])):
    text = sentences[n * 97 % len(sentences)]
    print(json.dumps({'publication_number': f'CN{106000000 + n}A', 'title': text[:24], 'abstract': text + '。' + sentences[n * 31 % len(sentences)],
                      'applicants': [f'丙{n % 7}研究所']}, ensure_ascii=False))
PY
    "$binary" load patent "$work/new.jsonl" >/dev/null
}
echo "patents: $patents"
sed -n 1p "$work/needs.jsonl" >"$work/need.jsonl"
timed "the first need is posted: all patents read, index made and kept" "$binary" load need "$work/need.jsonl"
timed "the first matching, from the index that posting the need has made" "$binary" match
du -sh "$work/index" | cut -f1
need 2
timed "started from its files, one new need" "$binary" match
patent 0 1
timed "the same, one new patent" "$binary" match
patent 1000 1000
timed "the same, 1,000 new patents" "$binary" match
for i in $(seq 3 100); do sed -n "${i}p" "$work/needs.jsonl"; done >"$work/more.jsonl"
"$binary" load need "$work/more.jsonl" >/dev/null
timed "98 new needs" "$binary" match
"$binary" serve --port 0 --port-file "$work/port" --readers 2 >/dev/null 2>"$work/log" &
daemon=$!
for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep .1; done
sleep 3
lead_of() { sql "SELECT count(*) FROM lead l JOIN patent p USING (patent_id) WHERE p.publication_number = '$1'"; }
visible() { # WHAT NUMBER: how long until a lead of the patent is there
    local begun
    begun=$(now_ms)
    while [ "$(lead_of "$2")" = 0 ]; do
        [ $(($(now_ms) - begun)) -lt 60000 ] || { echo "no lead of $2 within a minute" >&2; return 1; }
        sleep .02
    done
    printf '%-66s %8d ms\n' "$1" $(($(now_ms) - begun))
}
patent 97 1
visible "the daemon: from a patent's commit to its lead" CN106000097A
patent 194 1
visible "the same again" CN106000194A
patent 2000 $((patents / 9))
sleep 20
patent 291 1
visible "the same, $((patents / 9)) patents before it, a merge running beside" CN106000291A
sleep 30
curl -s "$(cat "$work/port")/metrics" | grep -E 'index_' | grep -v '^#' || true
grep -E 'index' "$work/log" || true
