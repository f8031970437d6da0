#!/usr/bin/env python3
"""registers.py AGENCY ROWS - how long a search of a register takes over HTTP, as the agency's desk asks (51 rows of the columns that it shows):
the middle and the slowest in a hundred.

Starts `patbridge serve` on the database that PATBRIDGE_DATABASE names (track_world.sql), with a key of its own. Of each kind of words many are
asked for in turn, so that no answer is there already; nobody else asks. Environment: TIMES (200)."""
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse

from pages import BINARY

TIMES = int(os.environ.get('TIMES', '200'))
MOST_MS = 50
SHOWN = {'patents': 'application_number,title,type,legal_status', 'enterprises': 'name,uscc,division_code', 'needs': 'source_id,title,state',
         'experts': 'name,employer', 'institutions': 'name,uscc'}
FIRMS = ['岚桥', '海丝', '砺知', '渠成', '膜语', '云织', '青屿', '北辰']
TRADES = ['鞋业', '新材料', '机械', '包装', '食品', '纺织']
WHATS = ['轻质鞋底', '透气面料', '防锈伞骨', '净水滤膜']
TRAITS = ['轻质', '耐磨', '透气', '防水', '抗菌', '阻燃']
THINGS = ['鞋底', '面料', '伞骨', '传感器', '过滤膜']


def searches(rows):
    """(register, what is typed, the n-th such words)"""
    spread = lambda n: n * 7919 % rows + 1
    number = lambda n: f'CN{2012 + n % 11}{"1" if n % 9 < 6 else "2" if n % 9 < 8 else "3"}{n:07}'
    code = lambda n: f'91350582MB{n:08}'
    return [
        ('patents', 'words (the engine)', lambda n: f'{TRAITS[n % 6]}{THINGS[n % 5]}'),
        ('patents', 'a sentence (the engine)', lambda n: f'一种{TRAITS[n % 6]}的{THINGS[n % 5]}材料及其制备方法，减轻重量，提高{TRAITS[(n + 1) % 6]}性'),
        ('patents', 'a whole number', lambda n: number(spread(n))),
        ('patents', 'a number’s beginning, few', lambda n: number(spread(n))[:11]),
        ('patents', 'a number’s beginning, thousands', lambda n: number(spread(n))[2:7]),
        ('patents', 'a number’s beginning, none', lambda n: f'CN1999{n:05}'),
        ('enterprises', 'two characters, one in eight', lambda n: FIRMS[n % 8]),
        ('enterprises', 'two characters, one in six', lambda n: TRADES[n % 6]),
        ('enterprises', 'four characters', lambda n: f'{FIRMS[n % 8]}{spread(n) % 90 + 10}'),
        ('enterprises', 'four characters, all', lambda n: '有限公司'),
        ('enterprises', 'characters that nobody has', lambda n: f'{FIRMS[n % 8]}{rows + n}'),
        ('enterprises', 'a whole code', lambda n: code(spread(n))),
        ('enterprises', 'a code’s beginning', lambda n: code(spread(n))[:15]),
        ('needs', 'a title’s characters', lambda n: WHATS[n % 4]),
        ('needs', 'characters that none has', lambda n: f'没有这样{n}'),
        ('needs', 'a number’s beginning', lambda n: f'N{spread(n) // 10}'),
        ('needs', 'an enterprise’s name', lambda n: f'{FIRMS[spread(n) % 8]}{spread(n)}{TRADES[spread(n) % 6]}'),
        ('experts', 'a name', lambda n: f'林{n % 600 + 1}'),
        ('institutions', 'a name', lambda n: f'代理{n % 90 + 1}'),
    ]


class Desk:
    def __init__(self, agency):
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, 'port')
        self.key = json.loads(subprocess.run([BINARY, '--json', '--agency', agency, 'key', 'add', 'bench', '--role', 'agency_clerk', '--rate', '0'],
                                             check=True, capture_output=True, text=True).stdout)['key']
        self.server = subprocess.Popen([BINARY, 'serve', '--port', '0', '--port-file', path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            if os.path.exists(path) and os.path.getsize(path):
                break
            time.sleep(.1)
        with open(path, encoding='ascii') as file:
            self.line = http.client.HTTPConnection(urllib.parse.urlparse(file.read().strip()).netloc, timeout=60)

    def ask(self, register, words):
        query = urllib.parse.urlencode({'q': words, 'limit': 50, 'columns': SHOWN[register]})
        begun = time.monotonic()
        self.line.request('GET', f'/v1/{register}?{query}', headers={'Authorization': f'Bearer {self.key}', 'Accept-Encoding': 'gzip'})
        answer = self.line.getresponse()
        body = answer.read()
        took = (time.monotonic() - begun) * 1000
        if answer.status != 200:
            raise SystemExit(f'{register} {words}: {answer.status} {body[:300]}')
        return took

    def wait_for_engine(self):
        """The first search has the index made, beside the service's other work."""
        for _ in range(600):
            self.line.request('GET', f"/v1/patents?q={urllib.parse.quote('轻质鞋底')}&columns=title", headers={'Authorization': f'Bearer {self.key}'})
            if json.load(self.line.getresponse()).get('found_by') == 'engine':
                return
            time.sleep(.2)
        raise SystemExit('the engine does not find patents')

    def close(self):
        self.server.terminate()
        self.server.wait(60)
        self.folder.cleanup()


def report(desk, register, what, words):
    for n in range(5):
        desk.ask(register, words(n))
    took = sorted(desk.ask(register, words(n + 5)) for n in range(TIMES))
    middle, slow = took[TIMES // 2], took[TIMES * 99 // 100]
    print(f'{register:<13}{what:<36}{middle:7.1f}{slow:8.1f}   {"" if slow <= MOST_MS else f"beyond {MOST_MS} ms"}', flush=True)


def main():
    agency, rows = sys.argv[1], int(sys.argv[2])
    desk = Desk(agency)
    try:
        desk.wait_for_engine()
        print(f'{"":<49}{"p50":>7}{"p99":>8}   ms')
        for search in searches(rows):
            report(desk, *search)
    finally:
        desk.close()


main()
