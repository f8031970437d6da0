#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 说明
row 一、请如实填写
row 二、日期格式为年-月-日
row 三、多个申请人用分号隔开
row 四、金额以元为单位
row 五、请勿改动表头
skip 1
row 申请号 | 标题
row 202110000101.9 | 甲
BOOK
