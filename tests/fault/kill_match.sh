#!/bin/bash
# kill_match.sh - matching, killed at random moments and run again, proposes exactly the leads of an undisturbed run: scores,
# ranks and reasons. Then patents change, and the same holds for weighing what is new.
# SEED, KILLS: a fifth of them are done here.
# beside the others: it has a cluster of its own, and waits while what was killed starts again
. "$(dirname "$0")/common"
todo=$((KILLS / 5))
rounds=0 restarts=0 leads=0

load() { # DATABASE KIND FILE
    local code=0
    patbridge "$1" --agency JJ01 load "$2" "$3" --refused "$work" >"$work/said" 2>&1 || code=$?
    if [ $code != 0 ] && [ $code != 3 ]; then cat "$work/said" >&2; exit 1; fi
}

# 400 needs are eight transactions of leads.
prepare() {
    patbridge patbridge migrate >/dev/null
    patbridge patbridge agency add JJ01 --name 试验机构 --settled 2023-03-15 --invented >/dev/null
    invent patent 2500 --seed "$SEED" --messy >"$work/patents.jsonl"
    invent enterprise 400 --seed "$SEED" >"$work/enterprises.jsonl"
    invent need 400 --seed "$SEED" >"$work/needs.jsonl"
    load patbridge patent "$work/patents.jsonl"
    load patbridge enterprise "$work/enterprises.jsonl"
    load patbridge need "$work/needs.jsonl"
}

match() { patbridge "$1" --agency JJ01 match --k 15; }

match_undisturbed() {
    local start
    start=$(now_ms)
    match undisturbed >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }
    took=$(($(now_ms) - start))
}

match_killed() {
    while [ $kills -lt $todo ]; do
        if attempt "$took" 0 match killed; then return; fi
        restarts=$((restarts + 1))
    done
    match killed >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }
}

# Both databases are copies of one: all ids are the same, numbers of changes and moments are not.
state() {
    sql "$1" -c "SELECT 'lead', to_jsonb(l) - '{change_seq,proposed_at}'::text[] FROM lead l
        UNION ALL SELECT 'progress', to_jsonb(p) - '{need_seq,patent_seq,matched_at}'::text[] FROM match_progress p
        UNION ALL SELECT 'behind', to_jsonb(count(*)) FROM match_progress p JOIN need n USING (need_id)
            WHERE p.need_seq <> n.change_seq OR p.patent_seq < (SELECT max(change_seq) FROM patent)" | sort >"$work/$1.state"
}
same_state() {
    state undisturbed
    state killed
    diff "$work/undisturbed.state" "$work/killed.state"
}
sums() { # the points of each lead's reasons
    equal "$(sql killed -c "SELECT count(*) FROM lead
        WHERE score <> (SELECT sum((r ->> 'points')::bigint) FROM jsonb_array_elements(reasons) r)")" 0
}

# A tenth as many patents come anew or change: what follows is the incremental way.
change() {
    invent patent 250 --seed $((SEED + rounds + 1)) --messy >"$work/more.jsonl"
    load undisturbed patent "$work/more.jsonl"
    load killed patent "$work/more.jsonl"
}

round() {
    clone undisturbed patbridge
    clone killed patbridge
    match_undisturbed
    match_killed
    same_state >"$work/difference" || return 1
    change
    match_undisturbed
    match_killed
    same_state >"$work/difference" || return 1
    leads=$(sql killed -c 'SELECT count(*) FROM lead')
    rounds=$((rounds + 1))
}

prepare
while [ $kills -lt $todo ]; do
    round || break
done
say_kills "$todo"
check "$rounds rounds, $restarts restarts: $leads leads and every need's progress are those of an undisturbed run" same_state
check "the points of every lead's reasons sum to its score" sums
[ $failures = 0 ]
