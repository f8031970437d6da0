#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 一季度
row 申请号 | 标题 | 申请日 | 一季度备注
row 202110000101.9 | 甲 | 2021-01-05 | 好
sheet 二季度
row 发明人 | 二季度备注 | 标题 | 申请号
row 张三 | 好 | 乙 | 202120000202.1
BOOK
