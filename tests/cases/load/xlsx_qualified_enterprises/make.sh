#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 名单
merge A1:F1
row 2021年高新技术企业名单
row 序号 | 企业名称 | 统一社会信用代码 | 行政区划代码 | 资质类型 | 证书编号 | 发证日期
row num:1 | 晋江市甲鞋业有限公司 | 91350582000000019U | num:350582 | 高新技术企业 | GR202135000001 | date:44545
BOOK
