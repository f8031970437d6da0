#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 申请号 | 标题 | 申请日
row 202110000101.9 | 甲 | 45123
BOOK
