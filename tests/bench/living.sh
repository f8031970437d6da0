#!/bin/bash
# living.sh - the living index in front of many patents: the first matching, a start from its files, one new patent, a thousand new ones; a daemon: one
# changed, one taken back, many changed at once and the merge beside, memory, a start from its files. Prints a line each, with the time of the whole
# command.
#
# Texts are put together from sentences of real abstracts. Environment: PATENTS (200000), CHANGED (20000), TEXTS (cn_abstracts.jsonl of ../shared/data, else
# the sample's patents), PATBRIDGE_BINARY (build/patbridge), MEMORY_MB (none).
set -euo pipefail
cd "$(dirname "$0")/../.."
for name in $(compgen -e | grep -E '^(PG|PATBRIDGE_)' | grep -v '^PATBRIDGE_BINARY$' || true); do unset "$name"; done
patents=${PATENTS:-200000} changed=${CHANGED:-20000}
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
     SELECT hashint8extended(n, 7), 'CN' || 110000000 + n || 'A', left(a.text, 24), a.text || '。' || b.text || '。' || c.text || '。',
            ARRAY['第' || n % 5000 || '工厂'], ARRAY[chr(65 + n % 8) || '0' || n % 9 + 1 || 'B ' || n % 90 + 1 || '/0' || n % 9], 'granted',
            nextval('change_seq'), now(), now()
     FROM (SELECT n, n::bigint * 7919 % k AS x, n::bigint * 104729 / 3 % k AS y, n::bigint * 15485863 / 7 % k AS z
           FROM generate_series(1, $patents) n, (SELECT count(*) AS k FROM sentence) s) r
     JOIN sentence a ON a.i = x JOIN sentence b ON b.i = y JOIN sentence c ON c.i = z ORDER BY n;
     INSERT INTO patent_alias SELECT publication_number, patent_id, recorded_at FROM patent;
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
# PREFIX FIRST COUNT [TEXT]: new ones, or changed ones where they are known; all with the needs' sentence TEXT, else each with another
write_patents() {
    python3 - "$work/sentences" "$@" <<'PY' >"$work/new.jsonl"
import json, sys
sentences = [line.rstrip('\n').split('\t')[1] for line in open(sys.argv[1], encoding='utf-8')]
prefix, first, count = int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
for n in range(first, first + count):
    text = sentences[(int(sys.argv[5]) if len(sys.argv) > 5 else n) * 97 % len(sentences)]
    print(json.dumps({'publication_number': f'CN{prefix + n}A', 'title': text[:24], 'abstract': text + '。' + sentences[n * 31 % len(sentences)],
                      'applicants': [f'{"丙" if prefix == 106000000 else "丁"}{n % 7}研究所']}, ensure_ascii=False))
PY
}
patent() { # FIRST COUNT [TEXT]
    write_patents 106000000 "$@"
    "$binary" load patent "$work/new.jsonl" >"$work/loaded"
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
ask() { # NEED TEXT: posts one with that sentence
    sed -n "$(($2 * 97 % $(wc -l <"$work/sentences") + 1))p" "$work/sentences" | cut -f2 | python3 -c "import json, sys
print(json.dumps({'source_id': '$1', 'enterprise_uscc': '91350582MA0077119D', 'text': sys.stdin.read().strip(), 'valid_from': '2025-01-01'}))" >"$work/need.jsonl"
    "$binary" load need "$work/need.jsonl" >/dev/null
}
start_daemon() {
    rm -f "$work/port"
    "$binary" serve --port 0 --port-file "$work/port" --readers 2 >/dev/null 2>>"$work/log" &
    daemon=$!
}
leads() { sql "SELECT count(*) FROM lead l JOIN patent p USING (patent_id) WHERE p.publication_number = '$1' AND l.state $2 'superseded'"; }
until_true() { # WHAT COMMAND…: how long it takes until the command says something else than 0
    local begun what=$1
    shift
    begun=${BEGUN:-$(now_ms)}
    while [ "$("$@")" = 0 ]; do
        [ $(($(now_ms) - begun)) -lt 120000 ] || { echo "$what: not within two minutes" >&2; return 0; }
        sleep .02
    done
    printf '%-66s %8d ms\n' "$what" $(($(now_ms) - begun))
}
figures() { # WHAT
    printf '%-25s %s; ' "$1" "$(awk '/^(VmHWM|RssAnon|RssFile)/ { printf "%s %d MB ", $1, $2 / 1024 }' /proc/$daemon/status)"
    curl -s "$(cat "$work/port")/metrics" | sed -n 's/^patbridge_index_\([a-z_]*\)\({.*}\)\{0,1\} \(.*\)/\1 \3/p' | tr '\n' ' '
    echo
}
start_daemon
for _ in $(seq 600); do [ -s "$work/port" ] && break; sleep .1; done
sleep 5
patent 97 1 97
until_true "the daemon: from a patent's commit to its lead" leads CN106000097A '<>'
patent 94 1 94
until_true "the same again" leads CN106000094A '<>'
patent 97 1 90
until_true "changed: from its commit to its lead to another need" sql \
    "SELECT count(*) FROM lead l JOIN patent p USING (patent_id) JOIN need n USING (need_id) WHERE p.publication_number = 'CN106000097A' AND n.source_id = 'XQ-90'"
patent 5000 1 5000 # no need asks for it
sleep 1
"$binary" load --undo "$(sed -n 's/.*, batch \([0-9]*\)$/\1/p' "$work/loaded")" --by bench >/dev/null
BEGUN=$(now_ms)
ask XQ-901 5000
until_true "taken back, then a need for just that posted: to its leads" sql \
    "SELECT count(*) FROM lead l JOIN need n USING (need_id) WHERE n.source_id = 'XQ-901'"
unset BEGUN
echo "the patent that was taken back is among them: $(leads CN106005000A '<>')"
figures "before many change"
write_patents 110000000 1001 "$changed"
begun=$(now_ms)
"$binary" load patent "$work/new.jsonl" >/dev/null
printf '%-66s %8d ms\n' "$changed patents changed: loading them" $(($(now_ms) - begun))
until_true "… until all of them are weighed" sql \
    "SELECT count(*) FROM (SELECT min(patent_seq) AS seq FROM match_progress) p WHERE seq >= (SELECT max(change_seq) FROM patent)"
patent 91 1 91
until_true "… from another patent's commit to its lead" leads CN106000091A '<>'
figures "while it is merged"
for _ in $(seq 600); do
    curl -s "$(cat "$work/port")/metrics" | grep -q '^patbridge_index_deleted.* 0$' && break
    sleep .5
done
figures "when it has been merged"
restart() { # NEED TEXT WHAT [COMMAND…]: from the start of another daemon to the leads of a need that was posted while none ran
    local need=$1 text=$2 what=$3
    kill "$daemon"
    wait "$daemon" || true
    ask "$need" "$text"
    "${@:4}"
    BEGUN=$(now_ms)
    start_daemon
    until_true "$what" sql "SELECT count(*) FROM lead l JOIN need n USING (need_id) WHERE n.source_id = '$need'"
    unset BEGUN
}
forget_pages() { # the files are on the disk, and nowhere else
    python3 - "$work"/index/* <<'PY'
import os, sys
for path in sys.argv[1:]:
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
PY
}
for i in 1 2 3; do restart "XQ-90$((i + 1))" "700$i" "the daemon started again: to the leads of a need posted meanwhile" true; done
restart XQ-905 7005 "the same, files out of the page cache" forget_pages
sleep 2
figures "started again"
grep -E 'index' "$work/log" || true
