#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 合同
merge A1:A2
merge D1:E1
merge F1:G1
row 合同编号 | 交易方式 | 专利号 | 卖方 |   | 买方 |   | 成交金额（万元） | 合同签订日期
row   |   |   | 名称 | 统一社会信用代码 | 名称 | 统一社会信用代码
row HT-1 | 转让 | 202110000101.9 | 甲研究所 | 91350582000000019U | 乙鞋业有限公司 |   | num:12.5 | date:45123
BOOK
