"""world.py - what the tests of the pages look at: the shipped sample, matched, pushed and answered, with somebody of each role, served.
Prints one line of JSON (address, accounts, database, links) and goes on until its standard input ends."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'http'))
from client import BINARY, Database, Service  # noqa: E402
from road import by_commands  # noqa: E402

PASSWORD = '正确的马 电池 订书钉'
PEOPLE = [('根管理', '--admin', None), ('林管', 'agency_manager', 'JJ01'), ('小李', 'agency_clerk', 'JJ01'),
          ('外方', 'agency_manager', 'JJ02'), ('陈科', 'official', None), ('何科', 'official', None)]


def account(database, name, role, agency):
    of = ['--agency', agency] if agency else []
    what = ['--admin'] if role == '--admin' else ['--role', role, '--password']
    subprocess.run([BINARY, *of, 'user', 'add', name, *what], env=database.env, input=PASSWORD + '\n', text=True, check=True,
                   capture_output=True)


def invitations(database, count):
    """Tokens for the enterprise that most was pushed to; each signs in once."""
    pushed = [lead['enterprise_uscc'] for lead in database.command('--agency', 'JJ01', 'leads', '--state', 'pushed', '--limit', '100000')]
    uscc = max(sorted(set(pushed)), key=pushed.count)
    return uscc, [database.command('--agency', 'JJ01', 'user', 'invite', uscc)['token'] for _ in range(count)]


def main():
    database = Database()
    key_file = os.path.join(database.folder, 'secret.key')
    with open(os.open(key_file, os.O_CREAT | os.O_WRONLY, 0o600), 'w', encoding='ascii') as file:
        file.write('bd' * 32 + '\n')
    database.env['PATBRIDGE_KEY_FILE'] = key_file
    by_commands(database)
    for person in PEOPLE:
        account(database, *person)
    uscc, tokens = invitations(database, 12)
    service = Service(database, *sys.argv[1:])
    print(json.dumps({'address': service.address, 'password': PASSWORD, 'binary': BINARY, 'database': database.env['PATBRIDGE_DATABASE'],
                      'key_file': key_file, 'uscc': uscc, 'invitations': tokens, 'log': service.log_path}), flush=True)
    sys.stdin.read()
    service.close()
    database.close()


main()
