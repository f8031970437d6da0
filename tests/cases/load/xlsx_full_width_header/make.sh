#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 申　请　号 | 发明\n名称 | 申请（专利权）人
row 202110000101.9 | 甲 | 乙
BOOK
