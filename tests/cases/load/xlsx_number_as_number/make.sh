#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 申请号 | 标题
row num:202110000101.9 | 甲
row num:202120000202.10001 | 乙
BOOK
