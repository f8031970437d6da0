#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 一
row 申请号 | 标题
hidden row 202110000101.9 | 甲
row 202120000202.1 | 乙
hidden sheet 二
row 申请号 | 标题
row 202230000303.9 | 丙
BOOK
