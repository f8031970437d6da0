#!/usr/bin/env python3
"""reshape.py tsv|dump < table.csv - the same rows parted by tabs, or as a dump: header and row in turn, parted by colons (which a
cell can't hold there: they become full-width)."""
import csv
import sys

rows = csv.reader(sys.stdin)
header = next(rows)
if sys.argv[1] == 'tsv':
    out = csv.writer(sys.stdout, delimiter='\t', lineterminator='\n')
    out.writerow(header)
    out.writerows(rows)
else:
    for row in rows:
        print(':'.join(header))
        print(':'.join(cell.replace(':', '：').replace('\n', ' ') for cell in row))
