#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 专利清单
row 申请号 | 名称 | 申请日 | 申请人
row 202110000101.9 | 一种轻质发泡鞋底 | date:45123 | 甲鞋业有限公司；乙研究所
row CN202120000202.1 | 一种热熔胶涂布机 | date:44927
BOOK
