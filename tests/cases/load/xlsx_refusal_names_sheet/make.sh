#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 一季度
row 申请号 | 标题
row 202110000101.8 | 错
row 202110000101.9 | 甲
sheet 二季度
row 申请号 | 标题
row 202120000202.2 | 错
row 202120000202.1 | 乙
BOOK
