#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 统一社会信用代码 | 企业名称 | 行政区划代码
row num:9.1350582000000003E+17 | 晋江市甲鞋业有限公司 | num:350582
BOOK
