#!/bin/bash
# http.sh - lead look-ups a second with authorization, against a bare libmicrohttpd in the same run; and loads over HTTP against the
# command. On a throw-away cluster with the sample's shape of data. Environment: SECONDS_EACH (5), CONNECTIONS (64), ROWS (100000)
set -euo pipefail
cd "$(dirname "$0")/../.."
for name in $(compgen -e | grep -E '^(PG|PATBRIDGE_)' || true); do unset "$name"; done
seconds=${SECONDS_EACH:-5} connections=${CONNECTIONS:-64} rows=${ROWS:-100000}
work=$(mktemp -d /tmp/patbridge-bench.XXXXXX)
export PATBRIDGE_VAR=$work LC_ALL=C.UTF-8
chmod 755 "$work"
started=()
finish() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    deploy/scripts/cluster.sh remove >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
PATBRIDGE_TEST_FSYNC=off deploy/scripts/cluster.sh start >/dev/null 2>&1
PATBRIDGE_DATABASE=$(deploy/scripts/cluster.sh env)
export PATBRIDGE_DATABASE
patbridge=build/patbridge
of=(--agency JJ01)

$patbridge migrate >/dev/null
$patbridge load agency deploy/sample/agencies.jsonl >/dev/null
$patbridge "${of[@]}" load patent deploy/sample/patents.jsonl >/dev/null
$patbridge "${of[@]}" load enterprise deploy/sample/enterprises.jsonl >/dev/null
$patbridge "${of[@]}" load need deploy/sample/needs.jsonl >/dev/null || true
$patbridge "${of[@]}" match >/dev/null
key=$($patbridge "${of[@]}" key add bench --role agency_clerk --rate 0 2>/dev/null)
$patbridge "${of[@]}" --json leads --state all --limit 100000 | grep -o '"lead": *"[^"]*"' | cut -d'"' -f4 >"$work/leads"

cat >"$work/ask.lua" <<LUA
local leads = {}
for line in io.lines("$work/leads") do leads[#leads + 1] = line end
local at = 0
request = function()
  at = at % #leads + 1
  return wrk.format("GET", "/v1/leads/" .. leads[at], {["Authorization"] = "Bearer $key"})
end
LUA
$patbridge serve --port 0 --steps none --port-file "$work/address" 2>"$work/log" >/dev/null &
started+=($!)
build/bench/http_hello 2 >"$work/hello" &
started+=($!)
for _ in {1..100}; do [ -s "$work/address" ] && [ -s "$work/hello" ] && break; sleep .1; done
address=$(cat "$work/address")
ask() { wrk -t 2 -c "$connections" -d "${seconds}s" --latency "$@"; }
rate() { sed -n 's/^Requests\/sec: *//p' "$1"; }
errors() { grep -E 'Non-2xx|Socket errors' "$1" || echo '  no errors'; }
ask "http://127.0.0.1:$(cat "$work/hello")/" >"$work/bare"
ask -s "$work/ask.lua" "$address" >"$work/ours"
echo "leads in the database: $(wc -l <"$work/leads")"
echo "bare libmicrohttpd: $(rate "$work/bare")/s"
echo "lead look-ups: $(rate "$work/ours")/s, ratio $(awk "BEGIN {printf \"%.2f\", $(rate "$work/ours") / $(rate "$work/bare")}")"
grep -E '^ +(50|90|99)%' "$work/ours" || true
errors "$work/ours"

# ---- Loads: the same rows, new each time, by the command and over HTTP, in turns.
make_rows() { # FIRST FILE
    awk -v first="$1" -v rows="$rows" 'BEGIN {
        for (i = first; i < first + rows; i++)
            printf "{\"publication_number\":\"CN%09dA\",\"title\":\"一种新型材料及其制备方法%d\",\"abstract\":\"本发明公开了一种材料，轻质、耐磨、回弹好，适用于鞋底与服装面料。\",\"applicants\":[\"某大学\"],\"ipc\":[\"A43B13/04\"],\"application_date\":\"2021-03-01\"}\n", i, i }' >"$2"
}
now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }
by_command=0 by_http=0
sleep 1
for turn in 0 1; do
    make_rows $((110000000 + turn * 2 * rows)) "$work/a.jsonl"
    make_rows $((110000000 + (turn * 2 + 1) * rows)) "$work/b.jsonl"
    begun=$(now_ms)
    $patbridge "${of[@]}" --json load patent "$work/a.jsonl" >"$work/a.json"
    by_command=$((by_command + $(now_ms) - begun))
    begun=$(now_ms)
    curl -sf -X POST "$address/v1/patents:load" -H "Authorization: Bearer $key" -H 'Content-Type: application/x-ndjson' \
        -H 'Expect:' -T "$work/b.jsonl" >"$work/b.json"
    by_http=$((by_http + $(now_ms) - begun))
    grep -q "\"new\": *$rows" "$work/a.json" && grep -q "\"new\": *$rows" "$work/b.json"
done
echo "load of 2 x $rows patents: by the command $((2 * rows * 1000 / by_command)) rows/s, over HTTP $((2 * rows * 1000 / by_http)) rows/s, ratio $(awk "BEGIN {printf \"%.2f\", $by_command / $by_http}")"
