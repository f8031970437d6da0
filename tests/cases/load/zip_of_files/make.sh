#!/bin/sh
python3 - "$1/input.zip" <<'EOF'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as out:
    out.writestr('a.csv', 'x')
EOF
