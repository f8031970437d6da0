#!/usr/bin/env python3
"""tables.py FORMAT ROWS FILE - the same invented patents as csv, tsv, jsonl, json (one array), xlsx (shared strings), dump (colons) or
xml (PatSnap's), row by row, for the benches: nothing is held in memory but a workbook's shared strings.
tables.py real FILE.xlsx ROWS OUT.xlsx - the rows of the first sheet of a real workbook, again and again, up to so many (cells as they
are there; texts shared as Excel shares them)."""
import json
import sys
import zipfile
from xml.sax.saxutils import escape

NS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
NAMES = ['申请号', '公开号', '标题', '摘要', '申请人', '发明人', 'IPC分类号', '申请日']
FIELDS = ['application_number', 'publication_number', 'title', 'abstract', 'applicants', 'inventors', 'ipc', 'application_date']


def check_character(digits):
    return '0123456789X'[sum(int(d) * w for d, w in zip(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5))) % 11]


def row(n):
    digits = f'{2012 + n % 11}1{n % 10000000:07d}'
    return [f'CN{digits}.{check_character(digits)}', f'CN{100000000 + n}A', f'一种第{n}号发泡鞋底及其注塑方法',
            f'本发明公开了第{n}号聚氨酯鞋底，包括支架、滑轨和夹具，厚度为{n % 90} mm，保持{n % 47} min。', f'晋江第{n % 5000}鞋业有限公司',
            '王一鸣;陈思远', 'A43B13/04;B29C44/34', f'{2012 + n % 11}-0{1 + n % 9}-1{n % 10}']


def letters(column):
    out = ''
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


class Book:
    """Rows of texts (numbers where a cell is int or float) into a workbook as Excel writes it."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED, compresslevel=1)
        self.shared, self.row = {}, 0
        self.put('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                 '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                 '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
                 '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
                 'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName='
                 '"/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>')
        self.put('_rels/.rels', f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
                 f'Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        self.put('xl/workbook.xml', f'<workbook xmlns="{NS}" xmlns:r="{REL}"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>')
        self.put('xl/_rels/workbook.xml.rels', f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                 f'Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{REL}/sharedStrings" '
                 'Target="sharedStrings.xml"/></Relationships>')
        self.sheet = self.zip.open('xl/worksheets/sheet1.xml', 'w', force_zip64=True)
        self.sheet.write(f'<worksheet xmlns="{NS}"><sheetData>'.encode())

    def put(self, name, text):
        self.zip.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + text)

    def add(self, cells):
        self.row += 1
        out = [f'<row r="{self.row}">']
        for column, cell in enumerate(cells):
            if cell is None or cell == '':
                continue
            ref = f'{letters(column)}{self.row}'
            if isinstance(cell, (int, float)):
                out.append(f'<c r="{ref}"><v>{cell}</v></c>')
            else:
                out.append(f'<c r="{ref}" t="s"><v>{self.shared.setdefault(cell, len(self.shared))}</v></c>')
        out.append('</row>')
        self.sheet.write(''.join(out).encode())

    def close(self):
        self.sheet.write(b'</sheetData></worksheet>')
        self.sheet.close()
        with self.zip.open('xl/sharedStrings.xml', 'w', force_zip64=True) as part:
            part.write(f'<sst xmlns="{NS}" uniqueCount="{len(self.shared)}">'.encode())
            for text in self.shared:
                part.write(f'<si><t xml:space="preserve">{escape(text)}</t></si>'.encode())
            part.write(b'</sst>')
        self.zip.close()


def write_book(path, rows):
    book = Book(path)
    book.add(NAMES)
    for n in range(rows):
        book.add(row(n))
    book.close()


def real(source, rows, path):
    import openpyxl
    table = list(openpyxl.load_workbook(source, read_only=True).worksheets[0].iter_rows(values_only=True))
    book = Book(path)
    book.add(table[0])
    for n in range(rows):
        cells = [one if isinstance(one, (int, float, type(None))) else str(one) for one in table[1 + n % (len(table) - 1)]]
        # What tells rows apart differs, as it would: the texts that are long are not all the same one.
        book.add([f'{one}（{n}）' if isinstance(one, str) and len(one) > 60 else one for one in cells])
    book.close()


def xml(n):
    names = ['Application Number', 'Patent Number', 'Title', 'Abstract', 'Assignee', 'Inventor', 'IPC', 'Application Date']
    cells = ''.join(f'<str name="{name}">\n\t{text.replace(";", " | ")}\n</str>' for name, text in zip(names, row(n)))
    return f'<doc>{cells}</doc>\n'


def write_text(kind, rows, path):
    with open(path, 'w', encoding='utf-8') as out:
        if kind in ('csv', 'tsv'):
            mark = ',' if kind == 'csv' else '\t'
            out.write(mark.join(NAMES) + '\n')
            for n in range(rows):
                out.write(mark.join(row(n)) + '\n')
        elif kind in ('jsonl', 'json'):
            out.write('[' if kind == 'json' else '')
            for n in range(rows):
                cells = dict(zip(FIELDS, row(n)))
                cells.update({name: cells[name].split(';') for name in ('applicants', 'inventors', 'ipc')})
                out.write((',\n' if kind == 'json' and n else '') + json.dumps(cells, ensure_ascii=False) + ('\n' if kind == 'jsonl' else ''))
            out.write(']\n' if kind == 'json' else '')
        elif kind == 'dump':
            for n in range(rows):
                out.write(':'.join(NAMES) + '\n' + ':'.join(row(n)) + '\n')
        else:
            out.write('<?xml version="1.0" encoding="UTF-8"?>\n<docs>\n')
            for n in range(rows):
                out.write(xml(n))
            out.write('</docs>\n')


def main():
    if sys.argv[1] == 'real':
        real(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    elif sys.argv[1] == 'xlsx':
        write_book(sys.argv[3], int(sys.argv[2]))
    else:
        write_text(sys.argv[1], int(sys.argv[2]), sys.argv[3])


if __name__ == '__main__':
    main()
