#!/bin/sh
python3 - "$1/input.xlsx" <<'EOF'
import sys, zipfile
out = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
out.writestr('xl/workbook.xml', '<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>')
out.writestr('xl/_rels/workbook.xml.rels', '<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
cells = '<x:c t="str"><x:v>%s</x:v></x:c><x:c t="str"><x:v>%s</x:v></x:c>'
out.writestr('xl/worksheets/sheet1.xml', '<x:worksheet xmlns:x="m"><x:sheetData><x:row>' + cells % ('申请号', '标题') + '</x:row><x:row>'
             + cells % ('202110000101.9', '甲') + '</x:row></x:sheetData></x:worksheet>')
out.close()
EOF
