#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
encoding utf-16
sheet 专利
row 申请号 | 标题 | 申请日
row 202110000101.9 | 轻质鞋底𠮷 | date:44200
row 202120000202.2 | 校验位不对 | date:44200
BOOK
