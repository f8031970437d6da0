#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
merge A2:A4
row 申请人 | 申请号 | 标题
row 甲鞋业有限公司 | 202110000101.9 | 甲
row   | 202120000202.1 | 乙
row   | 202230000303.9 | 丙
row   | 202110000404 | 丁
BOOK
