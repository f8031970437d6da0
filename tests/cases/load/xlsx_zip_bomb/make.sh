#!/bin/sh
python3 - "$1/input.xlsx" <<'EOF'
import sys, zipfile
out = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
out.writestr('xl/workbook.xml', '<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>')
out.writestr('xl/_rels/workbook.xml.rels', '<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
with out.open('xl/worksheets/sheet1.xml', 'w') as sheet:
    sheet.write(b'<worksheet><sheetData>')
    for _ in range(120):
        sheet.write(b' ' * (1 << 20))
    sheet.write(b'</sheetData></worksheet>')
out.close()
EOF
