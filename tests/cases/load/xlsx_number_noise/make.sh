#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 需求编号 | 企业统一社会信用代码 | 需求内容 | 预算（万元） | 有效期起
row XQ-1 | 91350582000000019U | 寻求轻质发泡材料配方 | num:0.30000000000000004 | date:45658
BOOK
