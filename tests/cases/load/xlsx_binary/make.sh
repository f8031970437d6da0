#!/bin/sh
python3 - "$1/input.xlsb" <<'EOF'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as out:
    out.writestr('xl/workbook.bin', 'x')
EOF
