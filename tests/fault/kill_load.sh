#!/bin/bash
# kill_load.sh - loading, killed at random moments, ends as if nothing had happened.
#
# Round after round, files of invented records (messy ones: see invent.py) go into two databases: into one undisturbed, into
# the other while the loader or PostgreSQL is killed and the load is run again. After each round both are the same, row for row;
# the refused files are the same bytes; every report adds up. SEED, KILLS: two fifths of them are done here.
. "$(dirname "$0")/common"
todo=$((KILLS * 2 / 5))
rounds=0 restarts=0 rows=0

prepare() {
    patbridge patbridge migrate >/dev/null
    patbridge patbridge agency add JJ01 --name 试验机构 --settled 2023-03-15 --invented >/dev/null
    clone undisturbed patbridge
    clone killed patbridge
    mkdir -p "$work"/{files,undisturbed,killed}
}

# The format that the patents of a round come in; every third round has patents for more than one transaction.
formats=(csv xlsx jsonl json tsv gb18030 dump xml)

# The files of a round.
make_files() {
    local seed=$((SEED + rounds)) format=${formats[(SEED + rounds) % ${#formats[@]}]} many form=(--csv) file
    many=$(between 800 4000)
    if [ $((rounds % 3)) = 0 ]; then many=$(between 10500 13000); fi
    if [ "$format" = jsonl ] || [ "$format" = json ]; then form=(); fi
    rm -f "$work"/files/*
    file=$work/files/1.patent.$rounds
    invent patent "$many" --seed "$seed" --messy "${form[@]}" >"$work/invented"
    case $format in
    csv | jsonl) cp "$work/invented" "$file.txt" ;;
    xlsx) python3 tests/tools/make_book.py --csv "$file.xlsx" <"$work/invented" ;;
    json) sed '1s/^/[/; $!s/$/,/; $s/$/]/' "$work/invented" >"$file.json" ;;
    gb18030) iconv -f UTF-8 -t GB18030 "$work/invented" >"$file.csv" ;;
    tsv | dump | xml) python3 tests/fault/reshape.py "$format" <"$work/invented" >"$file.${format/dump/txt}" ;;
    esac
    invent enterprise 400 --seed "$seed" >"$work/files/2.enterprise.$rounds.jsonl"
    invent need 400 --seed "$seed" >"$work/files/3.need.$rounds.jsonl"
    invent deal 300 --seed "$seed" >"$work/files/4.deal.$rounds.jsonl"
    invent declared_push 300 --seed "$seed" >"$work/files/5.declared_push.$rounds.jsonl"
}

load() { # DATABASE FILE
    local kind held=()
    kind=$(basename "$2" | cut -d. -f2)
    case $kind in patent | enterprise) held=(--held-since 2025-01-01) ;; esac
    patbridge "$1" --agency JJ01 --json load "$kind" "$2" "${held[@]}" --refused "$work/$1"
}

# Loads a file; exit code 3 (some rows refused) is as good as 0.
load_undisturbed() {
    local code=0
    load undisturbed "$1" >"$work/said" 2>&1 || code=$?
    if [ $code != 0 ] && [ $code != 3 ]; then cat "$work/said" >&2; exit 1; fi
}

# The moments spread over the whole of a load, as long as the undisturbed one took. A file is killed some times only, so that the
# kills spread over all formats: 200 take some 20 rounds, 10 take three, and there are eight formats.
load_killed() { # FILE LONGEST_MS
    local most=$2 left few=1 many=4
    if [ "$todo" -ge 100 ]; then few=4 many=8; fi
    case $1 in *.patent.*) left=$(between $few $many) ;; *) left=$(between $((few / 4)) $((many / 4))) ;; esac
    while [ $kills -lt $todo ] && [ $((left--)) -gt 0 ]; do
        if attempt "$most" 3 load killed "$1"; then return; fi
        restarts=$((restarts + 1))
    done
    load killed "$1" >"$work/said" 2>&1 || [ $? = 3 ] || { cat "$work/said" >&2; exit 1; }
}

round() {
    local file start
    make_files
    for file in "$work"/files/*; do
        start=$(now_ms)
        load_undisturbed "$file"
        load_killed "$file" $(($(now_ms) - start))
        rows=$((rows + $(wc -l <"$file")))
    done
    rounds=$((rounds + 1))
}

state() { sql "$1" -f tests/fault/state.sql | sort >"$work/$1.state"; }
same_state() {
    state undisturbed
    state killed
    diff "$work/undisturbed.state" "$work/killed.state"
}
same_refused() { diff -r "$work/undisturbed" "$work/killed"; }

# Every finished batch adds up, and the first one of a file reports what the undisturbed load reports. Later ones (the load was
# killed after its last commit, and run again) changed nothing. No batch is left open.
reports() {
    local query="SELECT DISTINCT ON (file_digest) kind, file_digest, read, new, changed, same, refused FROM load_batch
                 ORDER BY file_digest, batch_id"
    equal "$(sql killed -c "$query")" "$(sql undisturbed -c "$query")"
    equal "$(sql killed -c "SELECT count(*) FROM load_batch b WHERE finished_at IS NULL OR read <> new + changed + same + refused
        OR (new + changed > 0 AND EXISTS (SELECT FROM load_batch a WHERE a.file_digest = b.file_digest
                                                                       AND a.batch_id < b.batch_id))")" 0
}

prepare
while [ $kills -lt $todo ] && [ $failures = 0 ]; do
    round
    same_state >"$work/difference" || failures=1
    same_refused >>"$work/difference" || failures=1
done
failures=0
say_kills "$todo"
check "$rounds rounds, $rows rows, $restarts restarts: all $(wc -l <"$work/killed.state") rows stand as if nothing had been killed" same_state
check "the refused files are the same bytes" same_refused
check "read = new + changed + same + refused in every batch, and the same numbers as undisturbed" reports
[ $failures = 0 ]
