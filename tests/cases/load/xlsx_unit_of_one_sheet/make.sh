#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 一
row 单位：万元
row 需求编号 | 企业统一社会信用代码 | 需求内容 | 预算 | 有效期起
row XQ-1 | 91350582000000019U | 寻求配方 | 12.5 | 2025-01-01
sheet 二
row 需求编号 | 企业统一社会信用代码 | 需求内容 | 预算（元） | 有效期起
row XQ-2 | 91350582000000019U | 寻求配方 | 125000 | 2025-01-01
BOOK
