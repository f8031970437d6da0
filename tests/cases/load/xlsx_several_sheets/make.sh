#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet 封面
row 晋江市专利汇总
sheet 发明
row 申请号 | 标题
row 202110000101.9 | 甲
row 202120000202.1 | 乙
sheet 字典
row 专利类型 | 说明
row 发明 | 二十年
sheet 外观
row 名称 | 专利号
row 丙 | 202230000303.9
BOOK
