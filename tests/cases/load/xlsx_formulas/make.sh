#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 申请号 | 标题 | 申请日
row 202110000101.9 | formula:A9&B9=>一种轻质发泡鞋底
row 202120000202.1 | 乙 | formula:TEXT(C9,"yyyy-mm-dd")=>2023-07-16
BOOK
