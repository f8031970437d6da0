#!/bin/bash
# ledger.sh - load, decide, attach, snapshot, verify and export from the command line, with the shipped sample; the file of a
# snapshot without any database; and the checker that was written apart. Prints ok and not ok lines.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
name=ledger_$$
admin=${PATBRIDGE_TEST_SERVER:?}
psql -Xq "$admin" -c "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8'" || exit 1
trap 'psql -Xq "$admin" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)"; rm -rf "$work"' EXIT
export PATBRIDGE_DATABASE="${admin/dbname=postgres/dbname=$name}" PATBRIDGE_EVIDENCE=$work/evidence PATBRIDGE_SIGN_KEY=$work/sign.key
program=${PATBRIDGE_BINARY:?}

ok() { # NAME COMMAND…: passes when the command does
    if "${@:2}" >"$work/out" 2>&1; then echo "ok - $1"; else echo "not ok - $1: $(tail -n 3 "$work/out" | tr '\n' ' ')"; fi
}
fails() { # NAME TEXT COMMAND…: passes when the command exits with 1 and says TEXT
    "${@:3}" >"$work/out" 2>&1
    local code=$?
    if [ $code = 1 ] && grep -qF -- "$2" "$work/out"; then echo "ok - $1"; else echo "not ok - $1: exit $code, $(tail -n 3 "$work/out")"; fi
}
is_what_is_kept() { "$program" snapshot --export 0 --out "$1.kept" && cmp "$1" "$1.kept" && [ ! -e "$1.part" ]; }
is_untouched() { grep -qx before "$1" && [ ! -e "$1.part" ]; }
is_behind_link() { "$program" snapshot --by 陈科 --out "$1" && [ -L "$1" ] && "$program" verify "$1"; }
is_piped() { # a pipe of its own: /dev/stderr would be lost to everybody if it were replaced
    mkfifo "$1"
    timeout 60 tail -n 1 "$1" | grep -q '^signature ' &
    timeout 60 "$program" snapshot --by 陈科 --out "$1" && wait $! && [ -p "$1" ]
}
sql() { psql -Xq "$PATBRIDGE_DATABASE" -c "$1"; }
entries() { psql -XAtq "$PATBRIDGE_DATABASE" -c "SELECT string_agg(body::jsonb ->> 'kind', ' ' ORDER BY seq) FROM ledger"; }

ok "a new database" "$program" migrate
for kind in agency:agencies patent:patents enterprise:enterprises expert:experts institution:institutions need:needs \
    declared_push:declared_pushes deal:deals; do
    "$program" --agency JJ01 load "${kind%%:*}" "deploy/sample/${kind##*:}.jsonl" --refused "$work" >/dev/null 2>&1 ||
        "$program" load "${kind%%:*}" "deploy/sample/${kind##*:}.jsonl" --refused "$work" >/dev/null 2>&1
done
"$program" user add 陈科 --role official >/dev/null
need=$(psql -XAtq "$PATBRIDGE_DATABASE" -c "SELECT min(source_id) FROM need")
ok "a decision" "$program" --agency JJ01 decide accept need "$need" --by 陈科 --reason 核实 --effective 2025-06-30
deal=$(psql -XAtq "$PATBRIDGE_DATABASE" -c "SELECT min(contract_number) FROM deal")
echo 合同 >"$work/合同.pdf"
ok "a paper" "$program" --agency JJ01 attach deal "$deal" "$work/合同.pdf" --paper contract
ok "every transaction left its entry" test "$(entries)" = "opened load load load load load load load load account decide attach"
ok "nothing was altered" "$program" verify
ok "a snapshot" "$program" snapshot --policy jinjiang-2023-6 --by 陈科 --out "$work/snapshot"
ok "written while it was taken it is what is kept" is_what_is_kept "$work/snapshot"
echo before >"$work/stays"
fails "a snapshot that is not taken" "no account" "$program" snapshot --by 李四 --out "$work/stays"
ok "a snapshot that is not taken leaves the file alone" is_untouched "$work/stays"
fails "no snapshot by somebody who is no official" "no account" "$program" snapshot --by 李四
"$program" snapshot --head >"$work/head"
ok "nothing was altered since the head" "$program" verify --head "$work/head"
ok "the file is whole, without any database" env PATBRIDGE_DATABASE='host=/nonexistent' "$program" verify "$work/snapshot"
ok "the checker in Python says so, too" python3 tests/tools/check_snapshot.py "$work/snapshot" \
    "$(awk '$1 == "snapshot" { print $3 }' "$work/head")"
ln -s "$work/linked" "$work/link"
ok "a link is followed, and stays" is_behind_link "$work/link"
ok "a pipe gets it as well" is_piped "$work/pipe"

# Altered files: both programs name the same line, whatever was altered.
alter() { # NAME LINE SED-SCRIPT
    sed "$3" "$work/snapshot" >"$work/altered"
    fails "file, $1: the program names it" "line $2" "$program" verify "$work/altered"
    fails "file, $1: the checker names it" "line $2" python3 tests/tools/check_snapshot.py "$work/altered"
}
patents=$(awk '/"metric":"patents"/ && /"part":"row"/ { print NR; exit }' "$work/snapshot")
alter "a row's number" "$patents" "${patents}s/\"key\":\"CN/\"key\":\"CX/"
figures=$(awk '/"part":"figures"/ { print NR; exit }' "$work/snapshot")
alter "a figure" "$figures" "${figures}s/\"value\":/\"value\":1/"
alter "a letter of the pack" 2 '2s/晋江/泉州/'
alter "the day" 1 '1s/"as_of":"2025/"as_of":"2024/'
alter "a line taken away" 9 '9d'
alter "two lines swapped" 7 '7{h;d};8{G}'
alter "its end cut" 20 '21,9999d'
fails "file, signed by another" "the signature" "$program" verify "$work/snapshot" --public-key "$(printf 'ab%.0s' {1..32})"

sql "UPDATE decision SET reason = '看着像'"
fails "an altered decision is named" "decision 1 was altered" "$program" verify
sql "UPDATE decision SET reason = '核实'"
rm -rf "$work/evidence"
fails "a missing paper is named" "合同.pdf' of deal $deal" "$program" verify
"$program" --agency JJ01 attach deal "$deal" "$work/合同.pdf" --paper contract >/dev/null
ok "handed in again, it is there" "$program" verify --head "$work/head"

ok "a decision on a parameter" "$program" decide set parameter 4.2/need_jaccard 0.9 --by 陈科 --reason 科务会议定 --effective 2025-06-30
ok "not one that the pack could not have" grep -q 'clauses\[8\].parameters.need_jaccard.value' \
    <("$program" decide set parameter 4.2/need_jaccard '"x"' --by 陈科 --reason 定 2>&1)
fails "nor by somebody who is no official" "no account" "$program" decide set parameter 4.2/need_jaccard 0.9 --by 李四 --reason 定
ok "figures say so" grep -q '4.2/need_jaccard = 0.9 (陈科, 2025-06-30: 科务会议定)' <("$program" track --brief)
ok "an application file" "$program" --agency JJ01 export applications "$work/a.xlsx"
ok "and a list of leads" "$program" --agency JJ01 export leads "$work/l.xlsx"
ok "and of evidence" "$program" --agency JJ01 export evidence "$work/e.xlsx" --metric deals
inside() { python3 -c 'import sys, zipfile
z = zipfile.ZipFile(sys.argv[1]); print("".join(z.read(n).decode() for n in z.namelist() if n.endswith(".xml")))' "$1"; }
digest=$("$program" snapshot --list | tail -n 1 | awk '{ print $NF }')
inside "$work/a-4.2-JJ01.xlsx" >"$work/xml"
ok "the snapshot's digest is the footer of every sheet" \
    test "$(grep -o "<oddFooter>[^<]*$digest" "$work/xml" | wc -l)" = "$(grep -o '<sheet name=' "$work/xml" | wc -l)"
ok "what was decided on its parameters is said" grep -q '0.9（陈科, 2025-06-30: 科务会议定）' "$work/xml"
ok "what a need lacks is said" grep -q '企业统一社会信用代码证' "$work/xml"
ok "heads repeat on each page" test "$(grep -o '_xlnm.Print_Titles' "$work/xml" | wc -l)" = 8
has_all() { # FILE TEXT…: the workbook has each of these
    inside "$1" >"$work/xml" || return 1
    for text in "${@:2}"; do grep -qF -- "$text" "$work/xml" || { echo "no $text"; return 1; }; done
}
ok "money is said in yuan, of each row, year and enterprise that is paid" has_all "$work/a-2.1-JJ01.xlsx" '实际支付额（元）' '<v>2676000</v>' \
    '<v>0.01</v>' '<v>160560</v>' '金额（元）' '<v>288000</v>' '<v>65280</v>' '晋江蚝歌橡塑有限公司'
ok "a payment's papers are its contract's" has_all "$work/a-2.1-JJ01.xlsx" '银行回单' '缺少材料' '条数: 12'
ok "that the policy has ended is said, and which pack it is" has_all "$work/a-2.1-JJ01.xlsx" '政策已结束' 'jinjiang-2023-6 版本' '政策包未经签核'
ok "every choice stands there with its reason" has_all "$work/a-2.1-JJ01.xlsx" 'purchase_modes' '许可不是购买' 'rounding' '四舍五入到分'
ok "words, not codes" test "$(inside "$work/a-4.2-JJ01.xlsx" | grep -cE 'exclusive_licence|patent_agency')" = 0
"$program" --agency JJ02 export applications "$work/b.xlsx" --clause 4.4 >/dev/null
ok "what only the bureau knows is undetermined, not unmet" has_all "$work/b.xlsx" '待定' '待主管部门明确: 未记录政府委托'
wrong_use() { # NAME TEXT COMMAND…: passes when the command exits with 2 and says TEXT
    "${@:3}" >"$work/out" 2>&1
    local code=$?
    if [ $code = 2 ] && grep -qF -- "$2" "$work/out"; then echo "ok - $1"; else echo "not ok - $1: exit $code, $(tail -n 3 "$work/out")"; fi
}
wrong_use "a head that is not there is not one that was altered" "neither a file nor a head" "$program" verify --head "$work/no-such-head"
fails "papers are handed in by an account" "no account '李四'" "$program" --agency JJ01 attach deal "$deal" "$work/合同.pdf" --by 李四
fails "nor is anybody erased by a name that nobody bears" "no account '李四'" "$program" --agency JJ01 erase expert 林知序/海丝理工大学 --by 李四 --reason 依法
fails "a rule of oddities that is not there" "there are: bought_and_sold_back" "$program" oddities --rule rounds
before=$("$program" snapshot --list | wc -l)
fails "no application of a clause that is not there" "has no clause '9.9'" "$program" export applications "$work/c.xlsx" --clause 9.9
ok "and no snapshot for it" test "$("$program" snapshot --list | wc -l)" = "$before"
"$program" --agency JJ01 export evidence "$work/e2.xlsx" --metric purchases >/dev/null
ok "rows of evidence in yuan, in words, with batch and reason" has_all "$work/e2.xlsx" '<v>160000</v>' '不是购买' '批次 batch' '独占许可'
"$program" policy sign jinjiang-2023-6 --by 陈科 --reason 核对原文 >/dev/null
ok "figures say who signed the pack off" grep -q '^pack signed off by 陈科, 20' <("$program" track --brief)
ok "and that a day before the end is not the last one" grep -q 'not the figures of its last day' <("$program" track --brief --as-of 2025-06-30)
forecast() { "$program" --agency JJ01 track --forecast --brief --as-of 2025-10-01 | sed -n '/^forecast/,$p'; }
ok "money of the year has a forecast, in yuan, that ends with the year" grep -qE \
    'transaction amount \(yuan\) +95000.00 +53333.33 +\? +541538.46 +not within the year at this pace' <(forecast)
ok "no table of nothing" test "$(forecast | grep -A2 '^forecast' | grep -c '^$')" = 0
ok "a pack is shown in yuan, with who is paid, by when, and what is more than a threshold" test "$("$program" policy show jinjiang-2023-6 | grep -cE \
    '\(loans\) > 50000000.00 yuan a year|award: 6%, at most 1000000.00 yuan|who is paid: enterprise|window 2023-01-01 to 2025-12-31')" -ge 5
ok "where no papers are asked for they are not called whole" has_all "$work/a-1.1-JJ01.xlsx" '政策包没有列出本条记录所需的材料'
