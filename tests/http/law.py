"""law.py - the law of accounting, over random tables written out in every format: read = new + changed + same + refused, each of them as
many as a model says; the same file again is no news; the refused rows, loaded as they were given back, are refused again, and once mended
come in: nothing is lost on the way, and what lies in the database in the end is the same whatever the format was."""
import csv
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

from client import Database, main

SEED = int(os.environ.get('SEED', '1'))
TABLES = int(os.environ.get('TABLES', '4'))
NAMES = ['发票号码', '客户', '金额（元）', '开票日期', '服务内容', '备注栏']
ENGLISH = ['invoice', 'client', 'amount_yuan', 'date', 'service', 'remarks of ours']
CLIENTS = ['晉江甲工業公司', '乙,丙(合作)公司', '"丁"公司', '戊|己公司', 'A;B Ltd', '庚公司']
SERVICES = ['檢索', '撰寫\n翻譯', '代理, 年費', '評估；導航', 'x']


def good_row(chance, invoice):
    day = f'2025-{chance.randint(1, 6):02d}-{chance.randint(1, 28):02d}'
    return [invoice, chance.choice(CLIENTS), f'{chance.randint(1, 99999)}.{chance.randint(0, 99):02d}', day, chance.choice(SERVICES),
            chance.choice(['', '001', 'a,b'])]


class Table:
    """Rows as they are written, and what the model says of them."""

    def __init__(self, seed):
        chance, self.rows, self.mends = random.Random(seed), [], {}
        self.stored, self.late, self.same, self.hopeless = {}, {}, 0, 0
        for n in range(chance.randint(20, 60)):
            self.add(chance, f'{seed % 1000:04d}{n:04d}')
        chance.shuffle(self.rows)

    def add(self, chance, invoice):
        row, fate = good_row(chance, invoice), chance.random()
        if fate < .15:  # a day or an amount that is none, each a text of its own
            column, bad = chance.choice([(3, f'日子{invoice}'), (2, f'面議{invoice}')])
            self.mends[bad] = row[column]
            self.late[invoice] = row[:5]
            row = row[:column] + [bad] + row[column + 1:]
            self.rows.append(row)
        elif fate < .22:  # nothing to mend it by
            self.rows.append(row[:1] + [''] + row[2:])
            self.hopeless += 1
        elif fate < .30:  # two rows that contradict each other: neither is taken
            self.rows += [row, row[:2] + [f'1{row[2]}'] + row[3:]]
            self.hopeless += 2
        else:
            self.rows.append(row)
            self.stored[invoice] = row[:5]
            if fate > .9:
                self.rows.append(list(row))
                self.same += 1

    @property
    def refused(self):
        return len(self.late) + self.hopeless


# ---- formats

def delimited(table, mark, names=None):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator='\r\n')
    writer.writerows([names or NAMES] + table.rows)
    return out.getvalue()


def objects(table):
    return [{name: cell for name, cell in zip(NAMES, row) if cell} for row in table.rows]


def book(table, path, inline):
    lines = ['strings inline'] if inline else []
    lines += ['sheet 一', 'row 銷售匯總表', 'row ' + ' | '.join(NAMES)]
    for row in table.rows:
        lines.append('row ' + ' | '.join(one.replace('\n', '\\n') for one in row))
    subprocess.run([sys.executable, 'tests/tools/make_book.py', path], input='\n'.join(lines) + '\n', text=True, check=True)


def text(encoding, mark, names=None):
    return lambda table, path: write(path, delimited(table, mark, names).encode(encoding))


def write(path, data):
    with open(path, 'wb') as file:
        file.write(data)


FORMATS = {
    'comma.csv': text('utf-8', ','), 'mark.csv': text('utf-8-sig', ','), 'semicolon.csv': text('utf-8', ';'), 'pipe.csv': text('utf-8', '|'),
    'tab.tsv': text('utf-8', '\t'), 'gb18030.csv': text('gb18030', ','), 'utf16.csv': text('utf-16', ','), 'utf16le.tsv': text('utf-16-le', '\t'),
    'big5.csv': text('big5', ',', ENGLISH),
    'lines.jsonl': lambda table, path: write(path, '\n'.join(json.dumps(one, ensure_ascii=False) for one in objects(table)).encode()),
    'array.json': lambda table, path: write(path, json.dumps(objects(table), ensure_ascii=False).encode()),
    'deep.json': lambda table, path: write(path, json.dumps(objects(table), indent=2).encode()),
    'shared.xlsx': lambda table, path: book(table, path, False),
    'inline.xlsx': lambda table, path: book(table, path, True),
}
ENCODINGS = {'gb18030.csv': ['--encoding', 'GB18030'], 'big5.csv': ['--encoding', 'BIG5'], 'utf16le.tsv': ['--encoding', 'UTF-16LE']}


# ---- mending

def mend_text(data, mends):
    for bad, good in mends.items():
        data = data.replace(bad, good)
    return data


def mend(path, mends):
    """The faulty cells of the file that was given back, as a person would: the rest stays as it is."""
    target = re.sub(r'\.(\w+)$', r'.mended.\1', path)
    if path.endswith('.csv'):
        with open(path, encoding='utf-8', newline='') as file:
            write(target, mend_text(file.read(), mends).encode())
        return target
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, mend_text(data.decode(), mends) if entry.filename.endswith('.xml') else data)
    return target


# ---- the law

COUNTS = ('read', 'new', 'changed', 'same', 'refused')


class World:
    def __init__(self):
        self.database, self.folder = Database(), tempfile.mkdtemp(prefix='patbridge-law-')
        for n, _ in enumerate(FORMATS):
            self.database.command('agency', 'add', f'F{n}', '--name', f'第{n}家')

    def load(self, n, path, *words):
        """The counts, in the order of COUNTS, and where the refused rows are."""
        report = self.database.command('--agency', f'F{n}', 'load', 'sale', path, *words, codes=(0, 3))
        counts = tuple(report[name] for name in COUNTS)
        assert counts[0] == sum(counts[1:]), (path, counts)
        assert len(report['refusals']) == counts[4], path
        return counts, f'{path}.refused.{"xlsx" if path.endswith("xlsx") else "csv"}'

    def stored(self, n):
        rows = self.database.sql("SELECT json_agg(json_build_array(s.invoice, s.client, s.amount_fen, s.date, s.service) ORDER BY s.invoice) FROM "
                                 f"sale s JOIN agency a USING (agency_id) WHERE a.code = 'F{n}'")
        return json.loads(rows or '[]') or []

    def hold(self, table, n, name, seed):
        path = f'{self.folder}/{seed}.{name}'
        FORMATS[name](table, path)
        words = ENCODINGS.get(name, [])
        expected = (len(table.rows), len(table.stored), 0, table.same, table.refused)
        counts, _ = self.load(n, path, '--dry-run', *words)
        assert counts == expected, (seed, name, 'dry run', counts, expected)
        counts, refused = self.load(n, path, *words)
        assert counts == expected, (seed, name, counts, expected)
        counts, _ = self.load(n, path, *words)
        assert counts == (len(table.rows), 0, 0, len(table.rows) - table.refused, table.refused), (seed, name, 'again', counts)
        if table.refused:
            counts, _ = self.load(n, refused)
            assert counts == (table.refused, 0, 0, 0, table.refused), (seed, name, 'given back', counts, table.refused)
            counts, _ = self.load(n, mend(refused, table.mends))
            assert counts == (table.refused, len(table.late), 0, 0, table.hopeless), (seed, name, 'mended', counts)


def fen(text):
    return round(float(text) * 100)


def every_format_keeps_the_law_and_leaves_the_same():
    world, expected = World(), {}
    for number in range(TABLES):
        seed = SEED + number
        table = Table(seed)
        expected.update(table.stored)
        expected.update(table.late)
        for n, name in enumerate(FORMATS):
            world.hold(table, n, name, seed)
    rows = [[row[0], row[1], fen(row[2]), row[3], row[4]] for _, row in sorted(expected.items())]
    for n, name in enumerate(FORMATS):
        stored = world.stored(n)
        assert stored == rows, (SEED, name, [pair for pair in zip(stored, rows) if pair[0] != pair[1]][:3], len(stored), len(rows))
    shutil.rmtree(world.folder)
    world.database.close()


main([every_format_keeps_the_law_and_leaves_the_same])
