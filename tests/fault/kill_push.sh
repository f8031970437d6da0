#!/bin/bash
# kill_push.sh - pushing, while workers, PostgreSQL and the receiver are killed at random moments, and the receiver misbehaves.
#
# Accepted leads are pushed to `demo receiver` by two workers at once. At the end: nothing is due; the pushes are those that one
# undisturbed run makes, one a patent and enterprise; the receiver saw every id of the outbox at least once and no other; each
# acceptance is counted once, and `track` counts the same. SEED, KILLS: what kill_load and kill_match leave of them.
# beside the others: it has a cluster of its own, and waits while that starts again
. "$(dirname "$0")/common"
todo=$((KILLS - KILLS * 2 / 5 - KILLS / 5))
rounds=0 restarts=0 pushes=0 deliveries=0
demo=${PATBRIDGE_DEMO:-$(dirname "$binary")/demo}
[ -x "$demo" ] || make "${demo#"$PWD"/}" >"$work/make.out" 2>&1 || { cat "$work/make.out" >&2; exit 1; }
export PATBRIDGE_KEY_FILE=$work/secret.key
log=$work/received.jsonl receiver=0 port=0

prepare() {
    patbridge patbridge migrate >/dev/null
    patbridge patbridge agency add JJ01 --name 试验机构 --settled 2023-03-15 --invented >/dev/null
    invent patent 1500 --seed "$SEED" >"$work/patents.jsonl"
    invent enterprise 50 --seed "$SEED" >"$work/enterprises.jsonl"
    invent need 50 --seed "$SEED" >"$work/needs.jsonl"
    patbridge patbridge --agency JJ01 load patent "$work/patents.jsonl" --refused "$work" >/dev/null
    patbridge patbridge --agency JJ01 load enterprise "$work/enterprises.jsonl" >/dev/null
    patbridge patbridge --agency JJ01 load need "$work/needs.jsonl" >/dev/null
    patbridge patbridge --agency JJ01 match --k 8 >/dev/null
    patbridge patbridge --agency JJ01 lead accept --above 0 --by tester --stand-in >/dev/null 2>&1
    clone undisturbed patbridge
    patbridge undisturbed --agency JJ01 push --once --ignore-quiet >/dev/null # no endpoints: inboxes alone
}

# Forty of the fifty enterprises have an endpoint.
add_endpoints() {
    local uscc
    export PATBRIDGE_ALLOW_PRIVATE=127.0.0.1:$port
    for uscc in $(sql patbridge -c 'SELECT uscc FROM enterprise ORDER BY uscc LIMIT 40'); do
        patbridge patbridge --agency JJ01 endpoint add "$uscc" webhook "http://127.0.0.1:$port/hook" \
            --secret-file "$work/secret" >/dev/null
    done
}

# It fails three pushes in eight the first time they come, each in another way, by the last digit of their ids.
receiver_start() {
    local _
    rm -f "$work/port"
    "$demo" receiver --port "$port" --log "$log" --secret-file "$work/secret" --port-file "$work/port" --retry-after 1 \
        --answer '*0=500:1' --answer '*1=reset:1' --answer '*2=late:1' --answer '*3=429:1' --answer '*4=redirect:1' \
        --answer '*5=503:1' 2>>"$work/receiver.err" &
    receiver=$!
    for _ in {1..200}; do
        if [ -s "$work/port" ]; then port=$(cat "$work/port"); return; fi
        sleep .05
    done
    cat "$work/receiver.err" >&2
    exit 1
}
receiver_kill() {
    kill -9 $receiver
    wait $receiver 2>/dev/null || true
}

push() { patbridge killed --agency JJ01 push --once --ignore-quiet; }
left() { sql killed -c "SELECT (SELECT count(*) FROM outbox WHERE state IN ('due', 'leased'))
                             + (SELECT count(*) FROM lead WHERE state = 'accepted')"; }

# What was put off is due at once: the schedule's minutes and hours would be waited for in vain.
time_passes() { sql killed -c "UPDATE outbox SET next_attempt_at = now() WHERE state = 'due'" -c "UPDATE endpoint SET hold_until = NULL" >/dev/null; }

# Two workers, and at a random moment one of the victims is killed; what else runs goes on to its end.
disturbed() { # LONGEST_MS
    local one two
    (as_child=yes && push) >"$work/one.out" 2>&1 &
    one=$!
    (as_child=yes && push) >"$work/two.out" 2>&1 &
    two=$!
    nap_ms "$(between 0 "$1")"
    if ! kill -0 $one 2>/dev/null && ! kill -0 $two 2>/dev/null; then
        if wait $one && wait $two; then return; fi
        cat "$work"/{one,two}.out >&2
        exit 1
    fi
    case $((RANDOM % 4)) in
    0 | 1)
        kill -9 $one 2>/dev/null || kill -9 $two
        count_kill worker
        ;;
    2)
        kill_postgres
        wait $one $two 2>/dev/null || true
        start_postgres
        count_kill PostgreSQL
        ;;
    3)
        receiver_kill
        receiver_start
        count_kill receiver
        ;;
    esac
    wait $one 2>/dev/null || true
    wait $two 2>/dev/null || true
    restarts=$((restarts + 1))
}

run_round() {
    local start took=2000 calm=0
    clone killed patbridge
    rm -f "$log"
    receiver_start
    while [ "$(left)" != 0 ] && [ $calm -lt 40 ]; do
        time_passes
        if [ $kills -lt $todo ]; then
            start=$(now_ms)
            disturbed $took
            took=$((($(now_ms) - start + took) / 2))
        else
            calm=$((calm + 1))
            push >"$work/one.out" 2>&1 || { cat "$work/one.out" >&2; exit 1; }
        fi
    done
    receiver_kill
    rounds=$((rounds + 1))
}

# ---- what must be true

# Ids in the receiver's log whose signature was right; an interrupted line counts for nothing.
seen() { python3 - "$log" "$1" <<'PYTHON'
import json, sys
for line in open(sys.argv[1], encoding="utf-8", errors="replace"):
    try:
        delivery = json.loads(line)
    except ValueError:
        continue
    if delivery.get("verified") and (sys.argv[2] == "all" or 200 <= delivery["status"] < 300):
        print(delivery["id"])
PYTHON
}

facts() {
    pushes=$((pushes + $(sql killed -c 'SELECT count(*) FROM push')))
    deliveries=$((deliveries + $(wc -l <"$log")))
    nothing_due && same_pushes && on_the_wire && counted_once && tracked
}
nothing_due() {
    equal "$(left) left" "0 left" &&
        equal "$(sql killed -c "SELECT state, count(*) FROM outbox GROUP BY 1")" "done|$(sql killed -c 'SELECT count(*) FROM outbox')"
}
pushed() { sql "$1" -c "SELECT p.patent_id, p.need_id, p.enterprise_id, p.score, l.state FROM push p
                        JOIN lead l USING (patent_id, need_id) ORDER BY 1, 2, 3"; }
same_pushes() {
    diff <(pushed undisturbed) <(pushed killed) &&
        equal "$(sql killed -c 'SELECT count(*) - count(DISTINCT (patent_id, agency_id, enterprise_id)) FROM push') twice" "0 twice"
}
on_the_wire() { # all ids of the outbox, each at least once and taken at least once, and no other
    sql killed -c "SELECT 'msg_' || push_id FROM outbox" | sort >"$work/outbox"
    diff "$work/outbox" <(seen all | sort -u) && diff "$work/outbox" <(seen taken | sort -u)
}
counted_once() {
    equal "$(sql killed -c "SELECT channel, event, count(*) FROM push_event GROUP BY 1, 2 ORDER BY 1, 2")" \
        "inbox|sent|$(sql killed -c 'SELECT count(*) FROM push')
webhook|accepted|$(sql killed -c 'SELECT count(*) FROM outbox')" &&
        equal "$(sql killed -c "SELECT count(*) FROM outbox o WHERE attempts <> (SELECT count(*) FROM attempt a
            WHERE a.outbox_id = o.outbox_id) OR NOT EXISTS (SELECT FROM attempt a WHERE a.outbox_id = o.outbox_id
            AND a.outcome = 'accepted')") rows whose attempts are miscounted" "0 rows whose attempts are miscounted"
}

# What an official would count: one push that its receiver accepted, for each row of the outbox.
tracked() {
    local rows counted
    rows=$(patbridge killed --agency JJ01 --json track --policy successor-template --evidence pushes --limit 100000)
    counted=$(python3 -c 'import json, sys; print(sum(r["state"] == "accepted" for r in map(lambda r: r["detail"] | r, json.load(sys.stdin)["rows"])))' <<<"$rows")
    equal "$counted" "$(sql killed -c 'SELECT count(*) FROM outbox')"
}

echo "whsec_$(head -c 32 /dev/urandom | base64 -w 0)" >"$work/secret"
chmod 600 "$work/secret"
prepare
receiver_start
add_endpoints
receiver_kill
good=true
while $good && { [ $kills -lt $todo ] || [ $rounds = 0 ]; }; do
    run_round
    facts >"$work/difference" 2>&1 || good=false
done
say_kills "$todo"
echo "# $rounds rounds, $restarts restarts, $pushes pushes, $deliveries deliveries at the receiver"
check "in all $rounds rounds what follows was true: ${pushes} pushes, $deliveries deliveries" $good
check "nothing is due, every row of the outbox is done" nothing_due
check "the pushes are those of an undisturbed run, none twice" same_pushes
check "the receiver saw every id of the outbox, accepted it, and saw no other" on_the_wire
check "each acceptance and each inbox is counted once" counted_once
check "track counts the same" tracked
[ $failures = 0 ]
