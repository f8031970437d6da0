#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 登记表
row 技术合同登记表
row 序号 | 合同编号 | 合同登记编号 | 交易方式 | 专利号 | 卖方名称 | 买方名称 | 成交金额（万元） | 合同签订日期
row num:1 | HT-1 | 20253505820001 | 专利权转让 | ZL202110000101.9 | 甲研究所 | 乙鞋业有限公司 | num:30 | date:45800
row num:2 | HT-1 | 20253505820001 | 专利权转让 | ZL202120000202.1 | 甲研究所 | 乙鞋业有限公司 | num:30 | date:45800
BOOK
