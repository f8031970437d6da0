#!/bin/sh
python3 - "$1/input.xlsx" <<'EOF'
import sys, zipfile
import io
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, 'w') as out:
    out.writestr('xl/workbook.xml', 'locked')
data = bytearray(buffer.getvalue())
for at, mark in ((6, b'PK\x03\x04'), (8, b'PK\x01\x02')): # the bit that says so, in both places
    data[data.index(mark) + at] |= 1
open(sys.argv[1], 'wb').write(data)
EOF
