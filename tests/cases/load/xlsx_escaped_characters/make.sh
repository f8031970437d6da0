#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 申请号 | 标题 | 发明人
row 202110000101.9 | X_x005F_1型鞋底 | 张三_x000D_\n李四
BOOK
