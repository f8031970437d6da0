#!/bin/bash
# match.sh - the bare engine beside its peers, on the same invented tokens, in one run: ratios, and whether they suffice.
#
# Lucene (default-jdk-headless liblucene8-java) and Xapian (libxapian-dev g++) come from packages; the one that is not installed
# is passed over, and the line says so. Every line of the table is a ratio of two figures of this run, for times alone say
# little on a machine that others use too.
#
# Environment: DOCS (sizes of the collection, "100000 1000000"), QUERIES (300), REVERSE (standing needs against which 1000 patents
# are held, 1000000), DATA (../shared/data: real text; the shipped sample where it is missing), WORK (a folder to keep
# between runs; the default is thrown away)
set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C.UTF-8
DATA=${DATA:-../shared/data}
QUERIES=${QUERIES:-300} K=20
bench=$PWD/tests/bench engine=$PWD/build/bench/match
if [ -n "${WORK:-}" ]; then mkdir -p "$WORK"; else
    WORK=$(mktemp -d /tmp/patbridge-match.XXXXXX)
    trap 'rm -rf "$WORK"' EXIT
fi

jars=$(compgen -G '/usr/share/java/lucene-core-8*.jar' | head -n 1 || true)
jars=$jars:$(compgen -G '/usr/share/java/lucene-analyzers-common-8*.jar' | head -n 1 || true)
has_lucene() { [ "$jars" != : ] && command -v javac >/dev/null; }
has_xapian() { command -v g++ >/dev/null && [ -f /usr/include/xapian.h ]; }
lucene() { java -Xmx6g -XX:+UseSerialGC -cp "$jars:$WORK" Lucene "$@"; }

field() { sed -n "s/.*\"$1\": \"\{0,1\}\([^,}\"]*\).*/\1/p"; } # NAME, of the engine's line on stdin
engine() { "$engine" --docs "$home/docs.txt" --queries "$home/queries.txt" --k "$K" "$@"; }
# best FIELD REPEATS ARGUMENTS…: the least of some runs
best() {
    local name=$1 repeats=$2
    for _ in $(seq "$repeats"); do engine "${@:3}" | field "$name"; done | sort -g | head -n 1
}

# line WHAT HAVE WANT UNIT: passes when HAVE is at least WANT; with a leading "<", at most
line() {
    awk -v what="$1" -v have="$2" -v want="$3" -v unit="$4" 'BEGIN {
        most = sub(/^</, "", want)
        want += 0 # what sub() has changed is compared as text else
        printf "%-58s %10.3g %-10s %s %s: %s\n", what, have, unit, most ? "at most" : "at least", want,
            (most ? have <= want : have >= want) ? "pass" : "fall short" }'
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { print a / b }'; }
skipped() { printf '%-58s %s\n' "$1" "passed over: $2"; }

prepare() {
    ${CC:-gcc} -O2 -o "$WORK/tokens" "$bench/tokens.c" -lm
    [ -s "$home/docs.txt" ] || "$WORK/tokens" "$DOCS" "$QUERIES" "$home"
    if has_lucene; then
        javac -cp "$jars" -d "$WORK" "$bench/Lucene.java"
        rm -rf "$home/lucene" # its build is measured too, in the same run
        lucene build "$home" >"$home/lucene.seconds"
    fi
    if has_xapian && [ "$DOCS" -le 100000 ]; then
        [ -x "$WORK/xapian" ] || g++ -O2 -o "$WORK/xapian" "$bench/xapian.cc" -lxapian
        [ -d "$home/xapian" ] || "$WORK/xapian" build "$home"
    fi
}

# Every kernel, pruned and not: ids, order and scores of all searches.
identical() {
    local compared cpu same
    engine --exhaustive --out "$home/exhaustive.run" >/dev/null # ids, for the agreement with Lucene
    compared=$(engine --compare || true)
    for cpu in plain avx2 avx512; do
        if ! grep -q "\"kernel\": \"$cpu\"" <<<"$compared"; then
            skipped "kernel $cpu" "not on this processor"
            continue
        fi
        same=$(grep "\"kernel\": \"$cpu\"" <<<"$compared" | grep -c '"same": true' || true)
        [ "$cpu" != plain ] || same=$((same + 1)) # its exhaustive search is what the others are compared with
        line "$cpu: searches (auto, pruned, exhaustive) that are identical" "$same" 3 "of 3"
    done
}


against_lucene() {
    local least=40 theirs
    [ "$DOCS" -lt 1000000 ] || least=45
    if ! has_lucene; then
        skipped "Lucene" "default-jdk-headless or liblucene8-java is not installed"
        return
    fi
    theirs=$(lucene search "$home" "$K")
    line "Lucene's processor time a query / ours" "$(ratio "$theirs" "$(best cpu_us 3)")" "$least" times
    if [ "$(engine | field kernel)" = avx512 ]; then
        line "Lucene's processor time a query / ours with AVX2" "$(ratio "$theirs" "$(PATBRIDGE_CPU=avx2 best cpu_us 3)")" 30 times
    fi
    line "agreement with Lucene's top $K" "$(python3 - "$home/lucene.run" "$home/exhaustive.run" <<'PY'
import sys
theirs, ours = ([line.split() for line in open(path)] for path in sys.argv[1:])
print(sum(len(set(a) & set(b)) / max(1, len(a)) for a, b in zip(theirs, ours)) / len(theirs))
PY
    )" .95 "of 1"
    line "build time / Lucene's" "$(ratio "$(engine | field build_s)" "$(cat "$home/lucene.seconds")")" "<1" times
    line "index in memory / Lucene's on disk" "$(ratio "$(($(engine | field index_bytes) / 1000))" "$(du -k --apparent-size "$home/lucene" | awk '{print $1 * 1.024}')")" \
        "<$([ "$DOCS" -lt 1000000 ] && echo 1.7 || echo 1.25)" times
}

against_xapian() {
    if [ "$DOCS" -gt 100000 ]; then return; fi
    if ! has_xapian; then
        skipped "Xapian" "libxapian-dev or g++ is not installed"
        return
    fi
    line "Xapian's processor time a query / ours" "$(ratio "$("$WORK/xapian" search "$home" "$K")" "$(best cpu_us 3)")" 100 times
}

# What two threads gain over one, beside what two gain that only count.
spin_cpu() { # THREADS: turns a second, of all
    python3 - "$1" <<'PY'
import multiprocessing, sys, time
def spin(_):
    end, turns = time.monotonic() + 2, 0
    while time.monotonic() < end:
        for _ in range(10000): pass
        turns += 1
    return turns
with multiprocessing.Pool(int(sys.argv[1])) as pool:
    print(sum(pool.map(spin, range(int(sys.argv[1])))))
PY
}
threads() {
    [ "$(nproc)" -gt 1 ] || { skipped "two threads" "one processor"; return; }
    local spinning one two repeat=$((10000000 / DOCS))
    spinning=$(ratio "$(spin_cpu 2)" "$(spin_cpu 1)")
    one=$(engine --repeat $repeat) two=$(engine --repeat $repeat --threads 2)
    line "what two threads gain / what two spinning ones gain" \
        "$(ratio "$(ratio "$(field qps <<<"$two")" "$(field qps <<<"$one")")" "$spinning")" .9 times
    # Where others use the processors too, this says more: what a search costs alone / beside another.
    line "processor time a query with one thread / with two" "$(ratio "$(field cpu_us <<<"$one")" "$(field cpu_us <<<"$two")")" .9 times
}

# What is on disk, and how soon it answers when it is opened again.
restart() {
    local got
    got=$(engine --index "$home/index" | head -n 1)
    [ "$DOCS" -lt 1000000 ] || line "index on disk" "$(awk -v b="$(field file_bytes <<<"$got")" 'BEGIN { print b / 1e6 }')" "<220" MB
    line "from opening the file to the first answer" "$(field first_s <<<"$got")" "<1" s
}

# Text cut, fields, classes, reasons of the best 20: beside the same documents as tokens.
real_text() {
    local got
    if [ -d "$DATA/quality" ]; then
        got=$(build/bench/texts "$DATA/patents/cn_abstracts.jsonl" "$DOCS" "$DATA/quality/needs_dev.tsv")
    else
        got=$(build/bench/texts deploy/sample/patents.jsonl "$DOCS")
    fi
    line "real text with fields, classes and reasons / bare engine" \
        "$(ratio "$(field real_us <<<"$got")" "$(field bare_us <<<"$got")")" "<3" times
}

reverse() {
    local count=${REVERSE:-1000000} needs got
    needs=$WORK/reverse.$count
    mkdir -p "$needs"
    [ -s "$needs/docs.txt" ] || "$WORK/tokens" 1000 "$count" "$needs"
    got=$("$engine" --docs "$needs/docs.txt" --queries "$needs/queries.txt" --k "$K" --reverse | field cpu_us)
    echo "== the other direction"
    line "a patent against $count standing needs" "$(ratio "$got" 1000)" "<.5" ms
}

for DOCS in ${DOCS:-100000 1000000}; do
    home=$WORK/$DOCS
    mkdir -p "$home"
    prepare
    echo "== the bare engine: $DOCS documents, $QUERIES queries, k = $K, kernel $(engine | field kernel)"
    identical
    against_lucene
    against_xapian
    threads
    restart
    real_text
done
reverse
