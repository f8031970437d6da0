#!/bin/sh
python3 - "$1/input.docx" <<'EOF'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as out:
    out.writestr('word/document.xml', '<document/>')
EOF
