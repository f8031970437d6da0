#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
strings inline
sheet Sheet1
row 申请号 | 标题
row 202110000101.9 | rich:一种轻质|+|发泡鞋底
BOOK
