#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 申请号 | 标题 | 摘要
row 202110000101.9 | formula:A1&B1=>num: | 甲
row 202120000202.1 | 乙 | formula:""=>text:
BOOK
