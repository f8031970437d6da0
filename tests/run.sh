#!/bin/bash
# run.sh [GROUP…] - the tests, cheapest first; when no group is named, all but db, whose tests group asan runs. The last line is
# "N passed, N failed".
#
# A test is a check below, a Criterion test, or a line "ok - …" / "not ok - …" that a script of tests/ prints; a script or
# binary that fails without saying which test failed counts as one. Without GROUP it also fails when fewer tests ran than
# tests/minimum says. A skipped test fails unless tests/skips names it with a reason. Logs: build/test-logs/.
#
# Environment: SEED (of fuzzers and kill tests; else drawn, and printed), FUZZ_SECONDS (5), KILLS (25), PAGES (all: the long tests of
# the pages, too)
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
unset MAKEFLAGS MAKELEVEL MFLAGS MAKEOVERRIDES BUILD CC SAN
for name in $(compgen -e | grep -E '^(PG|PATBRIDGE_)' | grep -v '^PATBRIDGE_POSTGRES_BIN$'); do unset "$name"; done
ALL_GROUPS=(format layers sql scripts gcc clang unit flow asan fuzz tsan web fault)
SEED=${SEED:-$((RANDOM * 32768 + RANDOM + 1))}
FUZZ_SECONDS=${FUZZ_SECONDS:-5}
KILLS=${KILLS:-25}
export SEED KILLS
export LC_ALL=C.UTF-8 TZ=UTC
logs=$PWD/build/test-logs
passed=0 failed=0 skipped=0

# ---- counting

pass() { passed=$((passed + 1)); }

fail() { # NAME [LOG]
    failed=$((failed + 1))
    echo "  FAILED $1"
    if [ -s "${2:-}" ]; then tail -n 40 "$2" | sed 's/^/    | /'; fi
}

skip() { # NAME
    skipped=$((skipped + 1))
    grep -qE "^$1[[:space:]]+[^[:space:]]" tests/skips || fail "$1: skipped, and tests/skips gives no reason for it"
}

log_of() { echo "$logs/$(tr -c 'A-Za-z0-9._\n-' - <<<"$1").log"; }

# check NAME SECONDS COMMAND…: one test, which passes when the command does.
check() {
    local name=$1 seconds=$2 log
    log=$(log_of "$name")
    shift 2
    if timeout -k 10 "$seconds" "$@" >"$log" 2>&1 </dev/null; then pass; else fail "$name" "$log"; fi
}

# count_report NAME REPORT LOG CODE: counts a report in TAP's form. A plan that was not run to its end is a failure.
count_report() {
    local name=$1 report=$2 log=$3 code=$4 line planned counted=0 before=$failed
    while IFS= read -r line; do
        counted=$((counted + 1))
        case $line in
        'not ok'*) fail "$name: ${line#not ok - }" ;;
        *'# SKIP'*)
            line=${line#ok - }
            skip "${line%% *}"
            ;;
        *) pass ;;
        esac
    done < <(grep -E '^(not )?ok( |$)' "$report")
    planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$report" | tail -n 1)
    [ "$counted" -ge "${planned:-1}" ] || fail "$name: ran $counted of ${planned:-no} tests"
    if [ "$code" != 0 ] && [ "$failed" = "$before" ]; then fail "$name: exit code $code$([ "$code" != 124 ] || echo ', out of time')"; fi
    if [ "$failed" != "$before" ]; then tail -n 60 "$log" | sed 's/^/    | /'; fi
}

# script NAME SECONDS COMMAND…: a script that prints ok and not ok lines.
script() {
    begin "$@"
    script_end "$1"
}

# begin NAME SECONDS COMMAND…: runs it beside what follows, until script_end or check_end counts it.
declare -A running
begin() {
    local name=$1 seconds=$2 log
    log=$(log_of "$name")
    shift 2
    timeout -k 10 "$seconds" "$@" >"$log" 2>&1 </dev/null &
    running[$name]=$!
}

script_end() { # NAME
    local name=$1 log code=0
    log=$(log_of "$name")
    wait "${running[$name]}" || code=$?
    count_report "$name" "$log" "$log" $code
}

check_end() { # NAME
    if wait "${running[$1]}"; then pass; else fail "$1" "$(log_of "$1")"; fi
}

# criterion BUILD NAME SECONDS: a binary of Criterion tests. Sanitizers write what they find beside its log: Criterion
# itself does not notice a leak.
criterion() {
    local build=$1 name=$2 seconds=$3 log code=0 found
    log=$(log_of "$build-$name")
    rm -f "$log".*
    LSAN_OPTIONS=suppressions=$PWD/tests/leaks:print_suppressions=0 ASAN_OPTIONS=log_path=$log.asan:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1 \
        UBSAN_OPTIONS=log_path=$log.asan:print_stacktrace=1 TSAN_OPTIONS=suppressions=$PWD/tests/races:print_suppressions=0:log_path=$log.asan:halt_on_error=1 \
        G_SLICE=always-malloc PATBRIDGE_BINARY=$PWD/$build/patbridge \
        timeout -k 10 "$seconds" "$build/tests/$name" --tap="$log.tap" >"$log" 2>&1 </dev/null || code=$?
    [ -f "$log.tap" ] || : >"$log.tap"
    count_report "$build $name" "$log.tap" "$log" $code
    for found in "$log".asan*; do
        if [ -s "$found" ]; then fail "$build $name: a sanitizer wrote $found" "$found"; fi
    done
}

# compile NAME MAKE-ARGUMENTS…: make, counted as a test; its lines are shown only when it fails.
compile() {
    local before=$failed
    check "$1" 1200 make "${@:2}"
    [ "$failed" = "$before" ]
}

has() { compgen -G "$1" >/dev/null; }

# ---- the throw-away server, started when the first test asks for it

export PATBRIDGE_VAR=$PWD/var/test.$$
server() {
    [ -z "${PATBRIDGE_TEST_SERVER:-}" ] || return 0
    if ! PATBRIDGE_TEST_FSYNC=off deploy/scripts/cluster.sh start >"$logs/cluster.log" 2>&1; then
        fail "starting a throw-away cluster" "$logs/cluster.log"
        return 1
    fi
    PATBRIDGE_TEST_SERVER=$(deploy/scripts/cluster.sh env | sed 's/ dbname=[^ ]*/ dbname=postgres/')
    export PATBRIDGE_TEST_SERVER
}

remove_server() { # VAR
    PATBRIDGE_VAR=$1 deploy/scripts/cluster.sh remove >/dev/null 2>&1
    rm -rf "$1"
}

remove_old_servers() { # of runs that were killed
    local folder
    for folder in var/test.*; do
        if [ -d "$folder" ] && ! grep -qs run.sh "/proc/${folder##*.}/cmdline"; then remove_server "$PWD/$folder"; fi
    done
}

# ---- groups

group_format() { check "the code is laid out by .clang-format" 120 make -s format-check; }

group_layers() {
    check "includes and SQL stand where DESIGN's table has them" 300 make -s check-layers
    script "check-layers refuses every bad example" 300 tests/lint/prove-layers
}

group_sql() {
    check "the SQL keeps the rules for Citus" 300 make -s lint-sql
    script "lint-sql refuses every bad example" 300 tests/lint/prove-sql
}

group_scripts() {
    local file
    while read -r file; do
        check "shellcheck $file" 120 shellcheck -x -P SCRIPTDIR "$file"
    done < <(deploy/scripts/shell-files)
    check "systemd judges the service's exposure to be at most 1.5" 60 systemd-analyze security --offline=yes --no-pager --threshold=15 deploy/systemd/patbridge.service
}

group_gcc() { compile "gcc compiles all of it without a warning" objects; }
# The flavour that group asan links its tests of: one compilation serves both.
ASAN=(BUILD=build/asan CC=clang "SAN=address,undefined")
group_clang() { compile "clang compiles all of it without a warning" "${ASAN[@]}" objects; }

units() { # BUILD MAKE-ARGUMENTS…: the unit tests of each room by themselves, so that one broken room hides no other
    local build=$1 source room
    shift
    for room in matcher sql loader service; do
        source="tests/unit/$room/*.c"
        has "$source" || continue
        if compile "$build: the unit tests of $room compile" "$@" "$build/tests/unit-$room"; then criterion "$build" "unit-$room" 600; fi
    done
}

with_server() { # BUILD GROUP MAKE-ARGUMENTS…: a binary of tests with a database, and the program beside it
    local build=$1 group=$2
    shift 2
    has "tests/$group/*.c" || return 0
    if compile "$build: the $group tests compile" "$@" "$build/patbridge" "$build/tests/$group" && server; then
        criterion "$build" "$group" 900
    fi
}

# A script that says of itself "beside the others" waits more than it works, and is begun before them.
shell_tests() { # FOLDER
    local file seconds=$((1200 + KILLS * 10)) beside
    has "$1/*.sh" || return 0
    compile "the program compiles for $1" build/patbridge && server || return 0
    export PATBRIDGE_BINARY=$PWD/build/patbridge
    beside=$(grep -l '^# beside the others' "$1"/*.sh)
    for file in $beside; do begin "$file" $seconds "$file"; done
    for file in "$1"/*.sh; do
        if ! grep -qxF "$file" <<<"$beside" && server; then script "$file" $seconds "$file"; fi
    done
    for file in $beside; do script_end "$file"; done
    unset PATBRIDGE_BINARY
}

group_unit() { units build; }
group_db() { with_server build db; }

group_flow() {
    compile_ahead
    with_server build flow
    shell_tests tests/flow
}

TSAN=(BUILD=build/tsan CC=clang SAN=thread)
FUZZ=(BUILD=build/fuzz CC=clang "SAN=fuzzer-no-link,address,undefined")
ahead=

# The flow tests wait more than they work: meanwhile, behind everything else, what later groups need is compiled. They do so again
# and tell what fails.
compile_ahead() {
    case " ${groups[*]} " in
    *' flow '*' fuzz tsan '*)
        { nice -n 19 make "${TSAN[@]}" build/tsan/patbridge && nice -n 19 make "${FUZZ[@]}" fuzzers; } >"$logs/ahead.log" 2>&1 </dev/null &
        ahead=$!
        ;;
    esac
}

compiled_ahead() { # waits for it
    if [ -n "$ahead" ]; then wait "$ahead" || true; fi
    ahead=
}

group_asan() {
    units build/asan "${ASAN[@]}"
    with_server build/asan db "${ASAN[@]}"
    with_server build/asan flow "${ASAN[@]}"
}

# Unit tests of rooms that have threads (pthread or C11: GLib's locks report false races).
THREADED=()
group_tsan() {
    local room
    compiled_ahead
    for room in "${THREADED[@]}"; do
        compile "unit tests of $room compile with TSan" "${TSAN[@]}" "build/tsan/tests/unit-$room" || continue
        criterion build/tsan "unit-$room" 600
    done
    tsan_http
}

# What waits more than it works goes on beside the groups behind it: these count it at the end.
later=()
count_later() {
    local count
    for count in "${later[@]}"; do "$count"; done
    later=()
}

# The threads of `patbridge serve`, while the tests of the interface ask it; Criterion's own sandbox can't be had under TSan.
tsan_http() {
    local log=$logs/tsan-http
    rm -f "$log".*
    compile "the program compiles with TSan" "${TSAN[@]}" build/tsan/patbridge && server || return
    # GLib's slices hand memory from thread to thread, which TSan takes for races.
    export G_SLICE=always-malloc TSAN_OPTIONS=suppressions=$PWD/tests/races:print_suppressions=0:log_path=$log.race
    export PATBRIDGE_BINARY=$PWD/build/tsan/patbridge
    begin "the interface under TSan" 900 python3 tests/http/service.py
    begin "the steps under TSan" 900 python3 tests/http/steps.py pushed several stopped configuration systemd expires
    unset G_SLICE TSAN_OPTIONS PATBRIDGE_BINARY
    later+=(count_tsan)
}

count_tsan() {
    local found
    script_end "the interface under TSan"
    script_end "the steps under TSan"
    for found in "$logs"/tsan-http.race*; do
        if [ -s "$found" ]; then fail "the interface under TSan: a race" "$found"; fi
    done
}

# The pages: their types, and people who use them in Chromium.
group_web() {
    compile "the program compiles for the pages" build/patbridge && server || return
    PATBRIDGE_BINARY=$PWD/build/patbridge begin "the pages" 900 tests/web/run.sh
    compile "the pages keep to their types, and to the interface's description" web-check
    later+=(count_pages)
}

count_pages() { script_end "the pages"; }

# No tests: `make screenshots` and `make bench-web`.
group_pictures() { with_pages tests/web/pictures.mjs; }
group_bench_web() { with_pages tests/web/bench.mjs; }
with_pages() { # SCRIPT
    compile "the program compiles for the pages" build/patbridge && server || return
    if PATBRIDGE_BINARY=$PWD/build/patbridge timeout -k 10 1800 node "$1"; then pass; else fail "$1"; fi
}

# Real files of others, where they are at hand: a long run begins from them, too. None of them is kept in the repository.
real_files() { # NAME FOLDER
    local samples=../shared/data/samples
    if [ "$FUZZ_SECONDS" -lt 60 ] || [ ! -d "$samples" ]; then return; fi
    case $1 in
    fuzz_xml) cp "$samples"/*.xml "$samples"/*/*.xml "$2" ;;
    fuzz_json) cp "$samples"/*.json "$2" ;;
    fuzz_dump) cp "$samples"/*.txt "$2" ;;
    fuzz_workbook) cp "$samples"/*.xlsx "$2" ;;
    esac
}

# What a fuzzer found in earlier runs is kept under build/, the seeds in tests/fuzz/corpus/ stay as they are.
begin_fuzzer() { # NAME TEST
    local name=$1 corpora=("build/corpus/$1")
    mkdir -p "$logs/found-$name" "${corpora[0]}"
    real_files "$name" "${corpora[0]}"
    if [ -d "tests/fuzz/corpus/${name#fuzz_}" ]; then corpora+=("tests/fuzz/corpus/${name#fuzz_}"); fi
    begin "$2" $((FUZZ_SECONDS + 300)) \
        env G_SLICE=always-malloc UBSAN_OPTIONS=print_stacktrace=1 "build/fuzz/fuzz/$name" -seed="$SEED" -timeout=20 \
        -max_total_time="$FUZZ_SECONDS" -rss_limit_mb=2048 -artifact_prefix="$logs/found-$name/" -verbosity=0 \
        -print_final_stats=1 "${corpora[@]}"
}

# Two at a time, as there are processors.
group_fuzz() {
    local source test before=
    has 'tests/fuzz/fuzz_*.c' || return 0
    compiled_ahead
    compile "the fuzzers compile" "${FUZZ[@]}" fuzzers || return
    for source in tests/fuzz/fuzz_*.c; do
        test="$(basename "$source" .c): $FUZZ_SECONDS seconds of fuzzing, seed $SEED, without a finding"
        begin_fuzzer "$(basename "$source" .c)" "$test"
        [ -z "$before" ] || check_end "$before"
        before=$test
    done
    check_end "$before"
}

group_fault() { shell_tests tests/fault; }

group_deb() { shell_tests tests/deb; }

group_tidy() { compile "clang-tidy finds no mistake" -k tidy; }

# ---- all of it

# Hundredths of a second that all processors together were busy since the machine started.
busy() {
    local spent # its name, user, nice, system, idle, waiting, interrupts
    read -r -a spent </proc/stat
    echo $((spent[1] + spent[2] + spent[3] + spent[6] + spent[7]))
}

run_group() { # NAME [FUNCTION]
    local group=$1 start=$EPOCHREALTIME busy_before passed_before=$passed failed_before=$failed took cores
    busy_before=$(busy)
    "${2:-group_$group}"
    took=$(((${EPOCHREALTIME/./} - ${start/./}) / 100000))
    cores=$((($(busy) - busy_before) / (took > 0 ? took : 1)))
    printf '%-8s %4d passed %3d failed %5d.%d s, %d.%d processors busy\n' "$group" $((passed - passed_before)) \
        $((failed - failed_before)) $((took / 10)) $((took % 10)) $((cores / 10)) $((cores % 10))
}

check_minimum() {
    local least ran=$((passed + failed))
    least=$(grep -v '^#' tests/minimum)
    if [ "$ran" -lt "$least" ]; then fail "only $ran tests ran, and tests/minimum asks for $least"; fi
}

mkdir -p "$logs"
[ $# -gt 0 ] || rm -rf "${logs:?}"/*
remove_old_servers
trap 'if [ -d "$PATBRIDGE_VAR" ]; then remove_server "$PATBRIDGE_VAR"; fi' EXIT
trap 'exit 130' INT TERM
echo "seed $SEED, kills $KILLS, fuzzing $FUZZ_SECONDS s each"
groups=("$@")
[ $# -gt 0 ] || groups=("${ALL_GROUPS[@]}")
for group in "${groups[@]}"; do
    if ! declare -F "group_$group" >/dev/null; then
        echo "run.sh: no group '$group'; there are: ${ALL_GROUPS[*]}" >&2
        exit 2
    fi
    run_group "$group"
done
[ "${#later[@]}" = 0 ] || run_group rest count_later
[ $# -gt 0 ] || check_minimum
[ "$skipped" = 0 ] || echo "$skipped skipped (tests/skips)"
echo "$passed passed, $failed failed" | tee "$logs/summary"
[ "$failed" = 0 ]
