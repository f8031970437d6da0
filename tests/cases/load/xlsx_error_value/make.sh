#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 申请号 | 标题 | 内部备注
row 202110000101.9 | 甲 | error:#DIV/0!
row 202120000202.1 | error:#REF!
row error:#N/A | 丙
BOOK
