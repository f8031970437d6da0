#!/usr/bin/env python3
"""make_book.py FILE.xlsx < description - writes a workbook from a description in plain words, for the cases of loading.
make_book.py --csv FILE.xlsx < table.csv - writes the rows of a CSV file, over two sheets, for the tests that kill the loader.

A line of the description:
  epoch 1904                  days are counted from 1904
  strings inline              texts stand in the cells (else: in the table of shared strings)
  sheet NAME                  a sheet begins; `hidden sheet NAME`: a hidden one
  merge A2:A4                 merged cells of this sheet
  encoding utf-16             all of its XML is in UTF-16 with a mark (else: UTF-8)
  main FOLDER/NAME.xml        where the workbook lies in the archive (else: xl/workbook.xml)
  skip 3                      rows that are not there
  row A | B | C               a row; cells are parted by " | ", an empty one is left out; `hidden row …`: a hidden one
  # …                         a note
A cell:
  text                        a text
  num:12.5                    a number, as it stands in the file
  date:45123                  a number with the date format 14;  date[yyyy"年"m"月"d"日"]:45123  with that format
  bool:1   error:#N/A         a truth, an error
  formula:SUM(A1:A2)=>12      a formula and the value that was saved with it (text; text:… which may be empty; num:… a number; nothing: never calculated)
  rich:甲|+|乙                 a text of two runs, with a reading beside it that is no part of it
  \\n \\t in a text            a line break, a tab"""
import csv
import re
import sys
import zipfile
from xml.sax.saxutils import escape, quoteattr

NS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'


def letters(column):
    out = ''
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


class Book:
    def __init__(self):
        self.sheets, self.strings, self.formats = [], [], []
        self.epoch_1904 = self.inline = False
        self.encoding, self.main = 'utf-8', 'xl/workbook.xml'

    def style(self, code):
        if code is None:
            return 1
        if code not in self.formats:
            self.formats.append(code)
        return 2 + self.formats.index(code)

    def text(self, ref, text, rich=False):
        text = text.replace('\\n', '\n').replace('\\t', '\t')
        if rich:
            a, b = text.split('|+|')
            inner = f'<r><t>{escape(a)}</t></r><r><rPr><b/></rPr><t xml:space="preserve">{escape(b)}</t></r>' \
                    '<rPh sb="0" eb="1"><t>pinyin</t></rPh>'
        else:
            inner = f'<t xml:space="preserve">{escape(text)}</t>'
        if self.inline:
            return f'<c r="{ref}" t="inlineStr"><is>{inner}</is></c>'
        self.strings.append(inner)
        return f'<c r="{ref}" t="s"><v>{len(self.strings) - 1}</v></c>'

    def cell(self, ref, cell):
        dated = re.match(r'date(?:\[(.*)\])?:(.*)$', cell, re.S)
        if dated:
            return f'<c r="{ref}" s="{self.style(dated[1])}"><v>{dated[2]}</v></c>'
        kind, _, rest = cell.partition(':')
        if kind == 'num':
            return f'<c r="{ref}"><v>{rest}</v></c>'
        if kind == 'bool':
            return f'<c r="{ref}" t="b"><v>{rest}</v></c>'
        if kind == 'error':
            return f'<c r="{ref}" t="e"><v>{escape(rest)}</v></c>'
        if kind == 'rich':
            return self.text(ref, rest, True)
        if kind == 'formula':
            code, _, value = rest.partition('=>')
            if value.startswith('num:'):
                return f'<c r="{ref}"><f>{escape(code)}</f><v>{value[4:]}</v></c>'
            if value:
                value = value.removeprefix('text:')
                return f'<c r="{ref}" t="str"><f>{escape(code)}</f><v>{escape(value)}</v></c>'
            return f'<c r="{ref}"><f>{escape(code)}</f></c>'
        return self.text(ref, cell)

    def read(self, lines):
        number = 0
        for line in lines:
            line = line.rstrip('\n')
            hidden = line.startswith('hidden ')
            word, _, rest = (line[7:] if hidden else line).partition(' ')
            if word == 'epoch':
                self.epoch_1904 = rest == '1904'
            elif word == 'strings':
                self.inline = rest == 'inline'
            elif word == 'sheet':
                self.sheets.append({'name': rest, 'hidden': hidden, 'rows': [], 'merged': []})
                number = 0
            elif word == 'encoding':
                self.encoding = rest.strip()
            elif word == 'main':
                self.main = rest.strip()
            elif word == 'merge':
                self.sheets[-1]['merged'].append(rest)
            elif word == 'skip':
                number += int(rest)
            elif word == 'row':
                number += 1
                cells = ''.join(self.cell(f'{letters(i)}{number}', cell.strip())
                                for i, cell in enumerate(rest.split(' | ')) if cell.strip())
                mark = ' hidden="1"' if hidden else ''
                self.sheets[-1]['rows'].append(f'<row r="{number}"{mark}>{cells}</row>')
            elif line.strip() and not line.startswith('#'):
                sys.exit(f'make_book.py: what is {line!r}?')

    def write(self, path):
        head = f'<?xml version="1.0" encoding="{self.encoding.upper()}" standalone="yes"?>\n'
        folder, name = self.main.rsplit('/', 1)
        types = ''.join(f'<Override PartName="/{folder}/worksheets/sheet{i + 1}.xml" ContentType="application/vnd.openxmlformats-'
                        'officedocument.spreadsheetml.worksheet+xml"/>' for i in range(len(self.sheets)))
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as out:
            def put(name, text):
                out.writestr(name, text.encode(self.encoding))

            put('[Content_Types].xml', head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                         '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                         '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/' + self.main + '" ContentType='
                         '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>' + types + '</Types>')
            put('_rels/.rels', head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                         f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="{self.main}"/></Relationships>')
            sheets = ''.join(f'<sheet name={quoteattr(s["name"])} sheetId="{i + 1}"{" state=" + chr(34) + "hidden" + chr(34) if s["hidden"] else ""}'
                             f' r:id="rId{i + 1}"/>' for i, s in enumerate(self.sheets))
            put(self.main, head + f'<workbook xmlns="{NS}" xmlns:r="{REL}"><workbookPr'
                         f'{" date1904=" + chr(34) + "1" + chr(34) if self.epoch_1904 else ""}/><sheets>{sheets}</sheets></workbook>')
            targets = ''.join(f'<Relationship Id="rId{i + 1}" Type="{REL}/worksheet" Target="worksheets/sheet{i + 1}.xml"/>'
                              for i in range(len(self.sheets)))
            put(f'{folder}/_rels/{name}.rels', head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                         f'relationships">{targets}<Relationship Id="s1" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/>'
                         f'<Relationship Id="s2" Type="{REL}/styles" Target="styles.xml"/></Relationships>')
            formats = ''.join(f'<numFmt numFmtId="{164 + i}" formatCode={quoteattr(code)}/>' for i, code in enumerate(self.formats))
            styles = ''.join(f'<xf numFmtId="{164 + i}"/>' for i in range(len(self.formats)))
            put(f'{folder}/styles.xml', head + f'<styleSheet xmlns="{NS}"><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId="14"/>'
                         f'</cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>{styles}</cellXfs></styleSheet>')
            strings = ''.join(f'<si>{inner}</si>' for inner in self.strings)
            put(f'{folder}/sharedStrings.xml', head + f'<sst xmlns="{NS}">{strings}</sst>')
            for i, sheet in enumerate(self.sheets):
                merged = ''.join(f'<mergeCell ref="{ref}"/>' for ref in sheet['merged'])
                merged = f'<mergeCells>{merged}</mergeCells>' if merged else ''
                put(f'{folder}/worksheets/sheet{i + 1}.xml', head + f'<worksheet xmlns="{NS}"><sheetData>'
                             f'{"".join(sheet["rows"])}</sheetData>{merged}</worksheet>')


    def read_csv(self, lines):
        """The rows over two sheets, each with the header; what XML can't hold is a blank."""
        header, *rows = [[re.sub('[^\\t\\n\\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]', ' ', cell) for cell in row]
                         for row in csv.reader(lines)]
        half = len(rows) // 2
        for name, part in (('一', rows[:half]), ('二', rows[half:])):
            cells = [''.join(self.text(f'{letters(i)}{number}', cell) for i, cell in enumerate(row) if cell)
                     for number, row in enumerate([header, *part], 1)]
            self.sheets.append({'name': name, 'hidden': False, 'merged': [],
                                'rows': [f'<row r="{n}">{c}</row>' for n, c in enumerate(cells, 1)]})


book = Book()
if sys.argv[1] == '--csv':
    sys.stdin.reconfigure(encoding='utf-8-sig', errors='replace', newline='')
    book.read_csv(sys.stdin)
else:
    book.read(sys.stdin)
book.write(sys.argv[-1])
