#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 申请号 | 标题 | 发明人 | IPC分类号
row 202110000101.9 | 甲 | 张三\n李四 | A43B 13/04\nC08J 9/04
BOOK
