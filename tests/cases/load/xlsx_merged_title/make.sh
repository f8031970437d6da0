#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 汇总
merge A1:D1
row 2025年专利汇总表
row 填表日期：2025-06-01
row 申请号 | 标题
row 202110000101.9 | 甲
BOOK
