#!/bin/sh
python3 - "$1/input.xlsx" <<'EOF'
import sys, zipfile
out = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
out.writestr('xl/workbook.xml', '<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>')
out.writestr('xl/_rels/workbook.xml.rels', '<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
out.writestr('xl/worksheets/sheet1.xml', '<worksheet/>')
out.writestr('xl/worksheets/Sheet1.xml', '<worksheet/>')
out.close()
EOF
