#!/bin/bash
# run.sh - what `make run` does once everything is built: plays the whole road, from files to a pushed lead and a count with
# the rows behind it, and then serves the pages that show it.
#
# DATA=folder   that folder's files in place of the shipped sample; what they lack is made up, and marked
# SERVE=no      ends after the tables
# PORT=8080     where the pages are
# PATBRIDGE_DATABASE set: that database is used, and the private one under var/ is not touched
# Running it again is quick: what is in is found the same, what was sent is not sent again.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${DATA:-} serve=${SERVE:-yes} port=${PORT:-8080}
var=${PATBRIDGE_VAR:-var}
floor=0.15             # a lead whose fit is below waits for a person
gathered=2025-06-30    # what the demonstration claims as the day of gathering
official=示范审核员

step() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
fail() { echo "make run: $*" >&2; exit 1; }
patbridge() { build/patbridge "$@"; }

# Some refused rows are success here: they are in var/refused, with the reason beside each.
load() {
    local code=0 said=$var/demo/load.out
    patbridge --agency JJ01 load "$@" --refused "$var/refused" >"$said" || code=$?
    cat "$said"
    [ $code = 0 ] || [ $code = 3 ] || fail "could not load $2"
    # What is new waits for the official: the batch's number stands on the report's line.
    sed -n 's/^\(need\|declared_push\) .*[^0-9]\([1-9][0-9]*\) new.*batch \([0-9]*\).*/\3/p' "$said" >>"$var/demo/$1.batches"
}

begin() {
    mkdir -p "$var/refused" "$var/demo"
    if [ -n "${PATBRIDGE_DATABASE:-}" ]; then
        step "数据库 database: PATBRIDGE_DATABASE"
    else
        step "数据库 database: 私有 PostgreSQL, $var/"
        deploy/scripts/cluster.sh start
    fi
    patbridge migrate
}

load_registers() { # enterprises experts institutions: files
    load enterprise "$1" --held-since $gathered
    load expert "$2" --held-since $gathered
    load institution "$3" --held-since $gathered
}

load_sample() {
    step "导入 loading: 随附的虚构样例 the shipped sample (invented)"
    patbridge load agency deploy/sample/agencies.jsonl
    load patent deploy/sample/patents.jsonl --held-since $gathered
    load_registers deploy/sample/enterprises.jsonl deploy/sample/experts.jsonl deploy/sample/institutions.jsonl
    load need deploy/sample/needs.jsonl
    load declared_push deploy/sample/declared_pushes.jsonl
    load deal deploy/sample/deals.jsonl
}

# The files' own records, and beside them what they lack. Patents in the order in which they know most: full records first.
load_data() {
    step "导入 loading: $data"
    note "资料中没有的（信用代码、资质、专家、需求单位、成交）为虚构，并已标明 / what the files lack is invented, and marked so"
    build/demo invent "$data" "$var/demo"
    patbridge agency add JJ01 --name 示范运营服务机构 --settled 2023-03-15 --invented
    for file in cn_records cn_small_full cn_abstracts cn_titles_ipc cn_titles_biomed; do
        load patent "$data/patents/$file.jsonl" --map deploy/mappings/$file.json --held-since $gathered
    done
    load_registers "$var/demo/enterprises.jsonl" "$var/demo/experts.jsonl" "$var/demo/institutions.csv"
    load need "$var/demo/needs.tsv"
    load declared_push "$var/demo/declared_pushes.jsonl"
    load deal "$var/demo/deals.jsonl"
    if [ -f "$data/classification/ipc_2026_zh.tsv" ]; then patbridge load ipc "$data/classification/ipc_2026_zh.tsv"; fi
}

# What only an official may do, done by a made-up one.
decide() {
    step "审核 decisions: 虚构的审核员 an invented official accepts needs and declared pushes"
    patbridge user add "$official" --role official --invented
    for kind in need declared_push; do
        while read -r batch; do
            patbridge --agency JJ01 decide accept $kind --batch "$batch" --by "$official" --reason 演示 --effective $gathered \
                --invented
        done <"$var/demo/$kind.batches"
        : >"$var/demo/$kind.batches"
    done
}

match() {
    step "匹配 matching"
    patbridge --agency JJ01 match
    patbridge --agency JJ01 lead accept --above $floor --by 演示替身 --stand-in
}

# A real receiver on this machine stands for the systems of all enterprises; each gets its own line in its log.
receiver_start() {
    [ -s "$var/demo/secret" ] || { umask 077; echo "whsec_$(head -c 32 /dev/urandom | base64 -w 0)" >"$var/demo/secret"; umask 022; }
    rm -f "$var/demo/port"
    build/demo receiver --port 0 --log "$var/demo/received.jsonl" --secret-file "$var/demo/secret" --port-file "$var/demo/port" &
    receiver=$!
    trap 'kill $receiver 2>/dev/null || true' EXIT
    for _ in $(seq 100); do [ -s "$var/demo/port" ] && return; sleep .05; done
    fail "the receiver did not start"
}

push() {
    step "推送 pushing: 签名 webhook 到本机的接收端 signed webhooks to a receiver on this machine"
    note "演示不理会免打扰时段 / the demonstration ignores quiet hours"
    receiver_start
    local receiving url
    receiving=$(cat "$var/demo/port")
    url=http://127.0.0.1:$receiving/hook
    export PATBRIDGE_ALLOW_PRIVATE=127.0.0.1:$receiving # this one address in a private network, and no other
    patbridge --agency JJ01 --json leads --state accepted --limit 100000 | build/demo owners | while read -r uscc; do
        patbridge --agency JJ01 endpoint add "$uscc" webhook "$url" --secret-file "$var/demo/secret" >/dev/null
    done
    patbridge --agency JJ01 push --once --floor $floor --ignore-quiet
    note "接收端收到 received: $(sort -u <(sed -n 's/.*"id": *"\([^"]*\)".*/\1/p' "$var/demo/received.jsonl" 2>/dev/null) | wc -l)"
    kill $receiver
    wait $receiver 2>/dev/null || true
    trap - EXIT
}

answer() {
    step "反馈与成交 answers and a deal (invented)"
    local sort lead what rest enterprise uscc
    while IFS=$'\t' read -r sort lead what rest uscc; do
        if [ "$sort" = answer ]; then
            patbridge --agency JJ01 feedback "$lead" "$what" ${rest:+--because "$rest"} --by 演示企业 --invented
        else
            enterprise=$rest
            patbridge --agency JJ01 show deal 演示-HT-001 >/dev/null 2>&1 && continue
            patbridge --agency JJ01 deal 演示-HT-001 --mode assignment --right "invention:$what" --seller 原专利权人 \
                --buyer "$enterprise/$uscc" --amount-yuan 120000 --contract-date "$(TZ=Asia/Shanghai date +%F)" --led --invented
            note "当天推送、当天签约的成交不计入 4.2（推送须早于合同日）/ a deal signed on the day of its push does not count yet"
        fi
    done < <(patbridge --agency JJ01 --json leads --state pushed --limit 24 | build/demo answers 24)
}

tables() {
    step "计数 counting: 晋政办规〔2023〕6号 第四条（二），以及后续政策模板 and the successor template"
    patbridge --agency JJ01 track --brief --policy jinjiang-2023-6
    echo
    patbridge --agency JJ01 track --brief --policy successor-template
    note "每个数字的口径与背后的记录 what a number means, and the rows behind it: build/patbridge track; build/patbridge track --evidence needs"
    local refused
    refused=$(find "$var/refused" -name '*.refused.csv' | wc -l)
    note "拒收的行 refused rows, with reasons: $var/refused/ ($refused 个文件 files)"
}

# A password of its own for each installation, and a link for the first enterprise that something was pushed to.
account() { # NAME ROLE [--agency CODE]
    local name=$1 role=$2 password
    shift 2
    password=$(head -c 12 /dev/urandom | base64)
    patbridge "$@" user add "$name" --role "$role" --invented >/dev/null
    patbridge user password "$name" <<<"$password" >/dev/null 2> >(grep -v 'password is set' >&2)
    printf '%s\t%s\t%s\n' "$role" "$name" "$password" >>"$var/demo/accounts.new"
}

people() {
    local uscc
    if [ ! -s "$var/demo/accounts" ]; then
        rm -f "$var/demo/accounts.new"
        (umask 077; : >"$var/demo/accounts.new")
        account 示范经理 agency_manager --agency JJ01
        account "$official" official
        mv "$var/demo/accounts.new" "$var/demo/accounts"
    fi
    step "登录 signing in: 在浏览器打开 open http://127.0.0.1:$port/sign-in"
    note "先用 agency_manager 登录，审核线索 begin as agency_manager, with the leads to review:"
    while IFS=$'\t' read -r role name password; do note "$role: $name / $password"; done <"$var/demo/accounts"
    uscc=$(patbridge --agency JJ01 --json leads --state pushed --limit 1 | sed -n 's/.*"enterprise_uscc": *"\([^"]*\)".*/\1/p' | head -n 1)
    [ -z "$uscc" ] || note "enterprise, 一次有效 good for once: http://127.0.0.1:$port/s/$(patbridge --agency JJ01 --json user invite "$uscc" |
        sed -n 's/.*"token": *"\([^"]*\)".*/\1/p')"
}

begin
if [ -n "$data" ]; then
    [ -d "$data" ] || fail "no folder '$data'"
    load_data
else
    load_sample
fi
decide
match
push
answer
tables
case $serve in
no | 0 | false) ;;
*) people; step "网页 pages"; # Lines of single requests would push the accounts off the screen.
    exec build/patbridge serve --port "$port" --steps none 2> >(grep --line-buffered -v '"event":"request"' >&2) ;;
esac
