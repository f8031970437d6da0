"""guide.py - the examples of docs/api.md, run in their order: what the guide shows as an answer stands in the real one."""
import json
import os
import re
import subprocess

from client import BINARY, Database, Service, main

GUIDE = 'docs/api.md'
# Each example goes on with the names of those before it; every answer ends a line.
BEFORE = '[ ! -f "$KEEP" ] || . "$KEEP"\ncurl() { command curl "$@"; echo; }\n'
AFTER = '\ndeclare -p KEY TAG COOKIE 2>/dev/null >"$KEEP" || true\n'


def contains(found, wanted):
    """Every member that is wanted stands in what was found; of a list, its items in their order."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(name in found and contains(found[name], value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) >= len(wanted) and all(map(contains, found, wanted))
    return found == wanted


def examples():
    with open(GUIDE, encoding='utf-8') as guide:
        blocks = re.findall(r'```(sh|json)\n(.*?)```', guide.read(), re.S)
    return [(text, json.loads(blocks[i + 1][1]) if blocks[i + 1:] and blocks[i + 1][0] == 'json' else None)
            for i, (kind, text) in enumerate(blocks) if kind == 'sh']


def the_examples_of_the_guide_answer_as_it_says():
    database = Database()
    service = Service(database)
    folder = os.path.dirname(service.port_file)
    os.symlink(os.path.abspath(BINARY), os.path.join(folder, 'patbridge'))
    names = {**database.env, 'URL': service.address, 'PATH': folder + ':' + os.environ['PATH'], 'KEEP': os.path.join(folder, 'names')}
    try:
        ran = 0
        for script, wanted in examples():
            done = subprocess.run(['bash', '-euc', BEFORE + script + AFTER], env=names, capture_output=True, text=True)
            assert done.returncode == 0, (script, done.stderr)
            if wanted is not None:
                found = json.loads(done.stdout.strip().splitlines()[-1])
                assert contains(found, wanted), (script, found)
            ran += 1
        assert ran >= 9, ran
    finally:
        service.close()
        database.close()


main([the_examples_of_the_guide_answer_as_it_says])
