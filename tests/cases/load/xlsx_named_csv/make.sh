#!/bin/sh
python3 tests/tools/make_book.py "$1/input.csv" <<'BOOK'
sheet Sheet1
row 申请号 | 标题
row 202110000101.9 | 甲
BOOK
