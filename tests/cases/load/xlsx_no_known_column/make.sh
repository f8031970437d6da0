#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 甲列 | 乙列
row 1 | 2
BOOK
