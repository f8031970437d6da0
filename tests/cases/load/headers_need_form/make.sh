#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 需求
row 企业技术需求征集表
row 序号 | 需求编号 | 企业名称 | 统一社会信用代码 | 需求名称 | 需求描述 | 合作方式 | 拟投入资金（万元） | 填报日期 | 联系人
row num:1 | XQ-1 | 晋江甲鞋业有限公司 | 91350582000000019U | 轻质鞋底 | 密度低于0.2 | 合作开发 | num:50 | date:45672 | 赵六
BOOK
