#!/bin/sh
python3 tests/tools/make_book.py "$1/whole" <<'BOOK'
sheet Sheet1
row 申请号 | 标题
row 202110000101.9 | 甲
BOOK
head -c 1500 "$1/whole" >"$1/input.xlsx"
rm "$1/whole"
