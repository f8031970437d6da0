#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 合同
row 合同编号 | 交易方式 | 专利号 | 卖方名称 | 买方名称 | 成交金额（万元） | 合同签订日期 | affiliated
row HT-1 | 转让 | 202110000101.9 | 甲研究所 | 乙鞋业有限公司 | num:12.5 | date:45123 | bool:0
row HT-2 | 转让 | 202120000202.1 | 甲研究所 | 乙鞋业有限公司 | num:8 | date:45123 | bool:1
BOOK
