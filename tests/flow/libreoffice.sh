#!/bin/bash
# libreoffice.sh - workbooks that LibreOffice wrote, where it is installed: a table is read the same as the CSV it was made from, and
# a refused file that was opened and saved there is read as before.
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=${PATBRIDGE_BINARY:-$PWD/build/patbridge}
if ! command -v soffice >/dev/null; then
    echo "1..1"
    echo "ok - libreoffice::reads # SKIP"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work

# What a preview says of a file's records and refusals, without where they stand.
outcome() { # FILE
    "$binary" --json load patent --preview "$1" | python3 -c '
import json, sys
said = json.load(sys.stdin)
print(json.dumps([[r["record"] for r in said["records"]], [[r["column"], r["code"]] for r in said["refusals"]]], sort_keys=True))'
}

save() { # FILE FILTER FOLDER
    soffice --headless --convert-to "xlsx:Calc MS Excel 2007 XML" ${2:+"--infilter=$2"} --outdir "$3" "$1" >"$work/said" 2>&1
}

check() { # SENTENCE A B
    if [ -n "$2" ] && [ "$2" = "$3" ]; then echo "ok - libreoffice::$1"; else echo "not ok - libreoffice::$1: $2 and $3"; fi
}

cat >"$work/table.csv" <<'CSV'
申请号,标题,申请日,意向价格（万元）,申请人
CN202110000101.9,"一种""轻质""鞋底",2021-01-04,12.5,甲；乙
202120000202.1,一种涂布机,2021-02-05,3,丙
202120000202.2,校验位不对,2021-02-05,3,丁
202230000303.9,鞋底花纹,四月,3,戊
CSV
mkdir "$work/table" "$work/refused"
save "$work/table.csv" CSV:44,34,76,1 "$work/table"
check "a table that was saved as a workbook is read as the CSV is" "$(outcome "$work/table.csv")" "$(outcome "$work/table/table.xlsx")"
python3 tests/tools/make_book.py "$work/made.xlsx" <<'BOOK'
sheet 专利
merge A1:C1
row 汇总表
row 申请号 | 标题 | 申请日 | 申请人
row 202110000101.9 | rich:一种|+|鞋底 | date:44200 | 甲
row num:202120000202.1 | 涂布机 | date[yyyy"年"m"月"d"日"]:44232 | 乙
BOOK
save "$work/made.xlsx" "" "$work/refused"
check "a workbook that was opened and saved is read as before" "$(outcome "$work/made.xlsx")" "$(outcome "$work/refused/made.xlsx")"
