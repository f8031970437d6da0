#!/usr/bin/env python3
"""reshape.py tsv|dump|xml < table.csv - the same rows parted by tabs; or as a dump: header and row in turn, parted by colons (which a
cell can't hold there: they become full-width); or as PatSnap's XML, where an empty cell is left out."""
import csv
import sys
from xml.sax.saxutils import escape

rows = csv.reader(sys.stdin)
header = next(rows)
if sys.argv[1] == 'tsv':
    out = csv.writer(sys.stdout, delimiter='\t', lineterminator='\n')
    out.writerow(header)
    out.writerows(rows)
elif sys.argv[1] == 'xml':
    print('<?xml version="1.0" encoding="UTF-8"?>\n<docs>')
    for row in rows:
        print('<doc>' + ''.join(f'<str name="{name}">{escape(cell)}</str>' for name, cell in zip(header, row) if cell) + '</doc>')
    print('</docs>')
else:
    for row in rows:
        print(':'.join(header))
        print(':'.join(cell.replace(':', '：').replace('\n', ' ') for cell in row))
