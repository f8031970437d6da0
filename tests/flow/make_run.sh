#!/bin/bash
# make_run.sh - `make run`, twice and then with its page, on a private cluster of its own: the second run loads nothing twice,
# sends nothing twice and prints the same counts; the page shows what the tables show.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
for variable in $(compgen -e | grep -E '^(PG|PATBRIDGE_)'); do unset "$variable"; done
export LC_ALL=C.UTF-8 TZ=UTC
PATBRIDGE_VAR=$(mktemp -d /tmp/patbridge-run.XXXXXX)
export PATBRIDGE_VAR
chmod 755 "$PATBRIDGE_VAR" # the server's user must be able to enter
work=$PATBRIDGE_VAR
serving=
finish() {
    [ -z "$serving" ] || kill "$serving" 2>/dev/null
    deploy/scripts/cluster.sh remove >/dev/null 2>&1
    rm -rf "$work"
}
trap finish EXIT

check() { # SENTENCE COMMAND…
    local sentence=$1
    shift
    if "$@" >"$work/check.out" 2>&1; then
        echo "ok - $sentence"
    else
        echo "not ok - $sentence"
        tail -n 20 "$work/check.out" | sed 's/^/# /'
    fi
}
run() { make run SERVE=no >"$work/$1" 2>&1 || { cat "$work/$1"; return 1; }; }
counts() { sed -n '/^== 计数/,$p' "$work/$1" | sed 's/known at [^ ]*,/known at,/'; }
get() { python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())' "$1"; }
nothing_new() {
    ! grep -E '^[a-z_]+ .*: [0-9]+ read,' "$work/second" | grep -v ', 0 new, 0 changed, [0-9]* same, 0 refused,' &&
        grep -q '^pushes made: 0 ' "$work/second"
}
same_counts() { diff <(counts first) <(counts second); }
base_counts() { counts first | sed -n '/^4\.2 /,/^  needs among them/p'; }
some_counts() { [ "$(base_counts | grep -cE '^  [a-z][a-z -]*[a-z]  +[1-9][0-9]*  +[1-9][0-9]* ')" = 14 ]; }

# docs/counted-by-hand.md: the numbers of the first policy's 4.2, in the order of its items, reckoned without the program.
by_hand() { diff <(python3 tests/tools/count_sample.py) docs/counted-by-hand.md; }
as_by_hand() {
    diff <(base_counts | sed '/needs among them/q' | grep -oE '^  [a-z][a-z -]*[a-z]  +[0-9]+ ' | grep -oE '[0-9]+ $' | tr -d ' ') \
        <(sed -n 's/^## .* \([0-9]*\) counted$/\1/p' docs/counted-by-hand.md)
}

# serve in the end: the page is asked for by its printed address.
page_shows() {
    local address='' _
    make run >"$work/third" 2>&1 &
    serving=$!
    for _ in {1..300}; do
        address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/third" | tail -n 1)
        if grep -q '^== 网页' "$work/third" && [ -n "$address" ] && get "$address/" >"$work/page" 2>&1; then break; fi
        sleep .1
    done
    grep -q '>315<' "$work/page" || { echo "no 315 patents on the page of '$address'"; head -c 2000 "$work/page"; return 1; }
}

check "make run ends well, and counts patents, pushes and deals under both policies" run first
check "none of the seven counts is nought under either policy" some_counts
check "what stands in docs/counted-by-hand.md follows from the sample's files" by_hand
check "it counts what was counted by hand" as_by_hand
check "a second make run ends well" run second
check "it loads nothing twice and sends nothing twice" nothing_new
check "it prints the same counts" same_counts
check "make run serves a page with the count of patents on it" page_shows
