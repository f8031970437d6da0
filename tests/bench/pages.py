#!/usr/bin/env python3
"""pages.py AGENCY METRIC… - how long a page of evidence takes over HTTP: the first, nothing being kept, and those behind it by their cursors.

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
PAGES = 4  # behind the first
FIRSTS = 3  # times that the first is asked for; the quickest is told
LIMITS = tuple(map(int, os.environ.get('LIMITS', '100 1000').split()))  # rows a page: what the interface gives unasked, and the most that it gives


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


def page(server, address, key, agency, metric, show, limit, cursor):
    words = {'agency': agency, 'limit': limit, **({'show': show} if show else {}), **({'after': cursor} if cursor else {})}
    return measured(server, f'{address}/v1/evidence/jinjiang-2023-6/{metric}?{urllib.parse.urlencode(words)}', key)


def forget():  # rows that are kept for an hour
    subprocess.run(['psql', '-XAtq', os.environ['PATBRIDGE_DATABASE'], '-c', 'TRUNCATE track_rows, track_row'], check=True)


def walk(server, address, key, agency, metric, show, limit):
    firsts, behind = [], []
    for _ in range(FIRSTS):
        forget()
        first = page(server, address, key, agency, metric, show, limit, None)
        firsts.append(first[1:])
    cursor = first[0].get('next')
    while cursor and len(behind) < PAGES:
        next_page, took, spent = page(server, address, key, agency, metric, show, limit, cursor)
        behind.append((took, spent))
        cursor = next_page.get('next')
    took, spent = min(firsts)
    name = f'{metric}{", left out alone" if show else ""}, {limit} rows'
    line = f'{name}: the first'.ljust(48) + f'{took:8.3f} s  {spent:5.2f} s of CPU'
    if behind:
        seconds = sorted(took for took, _ in behind)
        line += f'; {len(behind)} behind: {seconds[len(seconds) // 2]:.3f} s (at most {seconds[-1]:.3f})' \
                f'  {sum(spent for _, spent in behind) / len(behind):.2f} s of CPU'
    print(line, flush=True)
    return took, [took for took, _ in behind]


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
            times = {limit: [walk(server.pid, address, key['key'], agency, metric, show, limit)
                             for metric in metrics for show in (None, 'left-out')] for limit in LIMITS}
            for limit, of in times.items():
                behind = sorted(one for _, rest in of for one in rest)
                print(f'pages of {limit} rows: the slowest first {max(first for first, _ in of):.3f} s, of those behind the median '
                      f'{behind[len(behind) // 2]:.3f} s, the slowest {behind[-1]:.3f} s')
        finally:
            server.terminate()
            server.wait()
            command('key', 'remove', key['id'])


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
