#!/usr/bin/env python3
"""pages.py AGENCY METRIC… - how long a page of evidence takes over HTTP: the first, and those behind it by their cursors.

Starts `patbridge serve` on the database that PATBRIDGE_DATABASE names, with a key of its own. Of each page: seconds by the clock, and
of CPU that the program and the database's processes took for it (other jobs of the machine don't count there)."""
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

BINARY = os.environ.get('PATBRIDGE_BINARY', 'build/patbridge')
TICKS = os.sysconf('SC_CLK_TCK')
PAGES = 8


def command(*words):
    return json.loads(subprocess.run([BINARY, '--json', *words], check=True, capture_output=True, text=True).stdout)


def cpu_of(pid):
    try:
        with open(f'/proc/{pid}/stat') as file:
            return sum(map(int, file.read().rsplit(')', 1)[1].split()[11:13])) / TICKS
    except OSError:
        return 0


def cpu(server):
    query = "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    out = subprocess.run(['psql', '-XAtq', os.environ['PATBRIDGE_DATABASE'], '-c', query], check=True, capture_output=True, text=True)
    return {pid: cpu_of(pid) for pid in [str(server), *out.stdout.split()]}


def measured(server, url, key):
    before = cpu(server)
    begun = time.monotonic()
    request = urllib.request.Request(url, headers={'Authorization': f'Bearer {key}'})
    with urllib.request.urlopen(request, timeout=600) as answer:
        page = json.load(answer)
    took = time.monotonic() - begun
    after = cpu(server)
    return page, took, sum(after[pid] - before.get(pid, 0) for pid in after)


def walk(server, address, key, agency, metric, show):
    words = {'agency': agency, 'limit': 1000, **({'show': show} if show else {})}
    cursor, times = None, []
    for _ in range(PAGES):
        query = urllib.parse.urlencode({**words, **({'after': cursor} if cursor else {})})
        page, took, spent = measured(server, f'{address}/v1/evidence/jinjiang-2023-6/{metric}?{query}', key)
        times.append((took, spent))
        cursor = page.get('next')
        if not cursor:
            break
    first, behind = times[0], sorted(times[1:])
    name = f'{metric}{", left out alone" if show else ""}'
    print(f'{name}: the first 1,000 rows'.ljust(58) + f'{first[0]:9.3f} s   {first[1]:.2f} s of CPU')
    if behind:
        most = max(spent for _, spent in behind)
        print(f'{name}: {len(behind)} pages behind, median'.ljust(58) + f'{behind[len(behind) // 2][0]:9.3f} s   '
              f'{sum(spent for _, spent in behind) / len(behind):.2f} s of CPU, at most {most:.2f}')


def main(agency, metrics):
    key = command('key', 'add', 'of a measurement', '--role', 'official', '--rate', '0')
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, 'address')
        server = subprocess.Popen([BINARY, 'serve', '--port', '0', '--port-file', file, '--steps', 'none', '--workers', '1'],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not os.path.exists(file) or not open(file).read().strip():
                time.sleep(.05)
            address = open(file).read().strip().rstrip('/')
            for metric in metrics:
                walk(server.pid, address, key['key'], agency, metric, None)
                walk(server.pid, address, key['key'], agency, metric, 'left-out')
        finally:
            server.terminate()
            server.wait()
            command('key', 'remove', key['id'])


main(sys.argv[1], sys.argv[2:])
