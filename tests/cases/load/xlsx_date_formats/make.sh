#!/bin/sh
python3 tests/tools/make_book.py "$1/input.xlsx" <<'BOOK'
sheet Sheet1
row 申请号 | 标题 | 申请日
row 202110000101.9 | 甲 | date[yyyy"年"m"月"d"日";@]:45123
row 202120000202.1 | 乙 | date[[$-804]yyyy\-mm\-dd]:45123
row 202230000303.9 | 丙 | date[yyyy/m/d\ h:mm]:45123.354166666664
row 202110000101.9 | 丁 | date[[Red]0.00"yyyy"]:123
BOOK
