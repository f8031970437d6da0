"""doctor.py - `patbridge doctor`: a sound installation has nothing to be said of, and each fault that is made is named, until it is
mended. A cluster of its own, for some of them are the server's."""
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile

os.environ.pop('PATBRIDGE_TEST_FSYNC', None)
HOME = tempfile.mkdtemp(prefix='patbridge-doctor-', dir='/var/tmp')
os.chmod(HOME, 0o755)
ENV = {**os.environ, 'PATBRIDGE_VAR': HOME}


def cluster(*words):
    return subprocess.run(['deploy/scripts/cluster.sh', *words], env=ENV, check=True, capture_output=True, text=True).stdout


cluster('start')
os.environ['PATBRIDGE_TEST_SERVER'] = cluster('env').strip()

from client import BINARY, Database, main  # noqa: E402 it reads the environment

FIRM = {'uscc': '91350582MA0077119D', 'name': '甲鞋业有限公司', 'division_code': '350582'}
NEED = {'source_id': 'XQ-1', 'enterprise_uscc': FIRM['uscc'], 'title': '轻质发泡鞋底', 'text': '需要轻质发泡鞋底材料', 'valid_from': '2025-01-01'}
SCHEME = 'symbol\ttitle\nA\t人类生活必需\nA43\t鞋类\nA43B\t鞋类的特征；鞋类的部件\n'


class World:
    """An installation in which nothing is wrong."""

    def __init__(self):
        self.database = Database()
        self.folder = os.path.join(HOME, 'files')
        os.mkdir(self.folder)
        self.packs = self.path('packs')
        shutil.copytree('deploy/policies', self.packs)
        self.env = self.database.env
        for name in ('key_file', 'sign_key', 'evidence', 'feed_folder'):
            self.env[f'PATBRIDGE_{name.upper()}'] = self.path(name)
        self.env['PATBRIDGE_POLICIES'] = self.packs
        self.env['PATBRIDGE_ALLOW_PRIVATE'] = '127.0.0.1:9'
        self.fill()

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write(text)
        return self.path(name)

    def fill(self):
        command = self.database.command
        command('agency', 'add', 'JJ01', '--name', '甲')
        command('user', 'add', '官员', '--role', 'official')
        command('load', 'ipc', self.write('ipc.tsv', SCHEME), codes=(0, 3))
        for kind, row in (('enterprise', FIRM), ('need', NEED)):
            command('--agency', 'JJ01', 'load', kind, self.write(f'{kind}.jsonl', json.dumps(row, ensure_ascii=False)))
        command('--agency', 'JJ01', 'attach', 'need', 'XQ-1', self.write('paper.pdf', '%PDF 合同'))
        command('user', 'add', '管理员', '--role', 'administrator')
        command('snapshot', '--by', '官员', '--out', self.path('snapshot'))
        secret = self.write('secret', 'whsec_' + 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODk=')
        command('--agency', 'JJ01', 'endpoint', 'add', FIRM['uscc'], 'webhook', 'https://127.0.0.1:9/in', '--secret-file', secret)

    def doctor(self, *words, before=(), database=None, **settings):
        env = {**self.env, **{f'PATBRIDGE_{name.upper()}': value for name, value in settings.items()}}
        if database:
            env['PATBRIDGE_DATABASE'] = database
        done = subprocess.run([*before, BINARY, '--json', 'doctor', *words] if '--config' not in words else
                              [*before, BINARY, '--json', *words[:2], 'doctor', *words[2:]], env=env, capture_output=True, text=True)
        assert done.stdout, done.stderr
        said = json.loads(done.stdout)
        assert done.returncode == (0 if said['good'] else 1), done
        for finding in said['findings']:
            assert finding['what'] and finding['detail'] and finding['do'], finding
        found = {}
        for finding in said['findings']:
            found[finding['code']] = '; '.join(filter(None, [found.get(finding['code']), finding['detail']]))
        return found


WORLD = None


def world():
    global WORLD
    WORLD = WORLD or World()
    return WORLD


def nothing_is_wrong_where_nothing_is():
    assert world().doctor() == {}, world().doctor()


# ---- Faults among records and in the schema: code, what makes it, what mends it, words of its detail.
BY_SQL = [
    ('agency_none', "ALTER TABLE agency RENAME TO hidden; CREATE VIEW agency AS SELECT * FROM hidden WHERE false; GRANT SELECT ON agency TO patbridge_across",
     'DROP VIEW agency; ALTER TABLE hidden RENAME TO agency', ''),
    ('official_none', "UPDATE account SET role = 'agency_clerk' WHERE role = 'official'",
     "UPDATE account SET role = 'official' WHERE role = 'agency_clerk'", ''),
    ('administrator_none', "UPDATE account SET disabled_at = now() WHERE role = 'administrator'", 'UPDATE account SET disabled_at = NULL', ''),
    ('password_open', 'GRANT SELECT (password_hash) ON credential TO patbridge_readonly',
     'REVOKE SELECT (password_hash) ON credential FROM patbridge_readonly', 'patbridge_readonly may read credential'),
    ('scheme_none', 'CREATE TABLE kept AS SELECT * FROM ipc_symbol; DELETE FROM ipc_symbol',
     'INSERT INTO ipc_symbol SELECT * FROM kept; DROP TABLE kept', ''),
    ('clock_back', "UPDATE load_batch SET started_at = started_at + interval '1 day'",
     "UPDATE load_batch SET started_at = started_at - interval '1 day'", ''),
    ('batch_cut', "UPDATE load_batch SET started_at = started_at - interval '1 day', finished_at = NULL WHERE kind = 'need'",
     "UPDATE load_batch SET started_at = started_at + interval '1 day', finished_at = now() WHERE kind = 'need'", 'need.jsonl stopped after line 1'),
    ('step_failing', "INSERT INTO step (name, last_error) VALUES ('push', 'no key')", 'DELETE FROM step', 'push: no key'),
    ('step_late', "INSERT INTO step (name, led_since) VALUES ('match', now() - interval '1 hour')", 'DELETE FROM step', 'match'),
    ('outbox_old', "INSERT INTO outbox SELECT 1, gen_random_uuid(), 1, 1, 1, endpoint_id, 'webhook', '{}', 'due', 0, now() - interval '1 hour', NULL, NULL, "
     'now() FROM endpoint', 'DELETE FROM outbox', '1, the oldest'),
    ('outbox_dead', "INSERT INTO outbox SELECT 1, gen_random_uuid(), 1, 1, 1, endpoint_id, 'webhook', '{}', 'dead', 9, now(), NULL, NULL, now(), now() "
     'FROM endpoint', 'DELETE FROM outbox', '1, the newest'),
    ('endpoint_off', "UPDATE endpoint SET disabled_at = now(), disabled_reason = 'it answered 410'",
     'UPDATE endpoint SET disabled_at = NULL, disabled_reason = NULL', 'webhook of 91350582MA0077119D: it answered 410'),
    ('endpoint_held', "UPDATE endpoint SET hold_until = now() + interval '1 hour', failures = 7", 'UPDATE endpoint SET hold_until = NULL, failures = 0',
     'after 7 failures'),
    ('feed_failing', "INSERT INTO feed (feed_id, agency_id, kind, address, options, every_s, created_at, next_at, failures, message) "
     "VALUES (1, 1, 'patent', 'https://a', '{}', 60, now(), now(), 5, 'the name is unknown')", 'DELETE FROM feed', '5 times in a row: the name is unknown'),
    ('feed_off', "INSERT INTO feed (feed_id, agency_id, kind, address, options, every_s, created_at, next_at, off_at, off_reason) "
     "VALUES (1, 1, 'patent', 'https://a', '{}', 60, now(), now(), now(), 'it is gone')", 'DELETE FROM feed', 'feed 1: it is gone'),
    ('key_ending', "INSERT INTO api_key (key_id, name, secret_digest, role, rate_per_minute, created_at, expires_at) "
     "VALUES ('k1', '对接', 'x', 'administrator', 0, now(), now() + interval '3 days')", 'DELETE FROM api_key', '"对接" (k1)'),
    ('match_behind', "INSERT INTO patent (patent_id, publication_number, title, change_seq, first_recorded_at, recorded_at) "
     "VALUES (1, 'CN106000001A', '鞋底', 1, now(), now()); UPDATE need SET recorded_at = recorded_at - interval '1 day'",
     "DELETE FROM patent; UPDATE need SET recorded_at = recorded_at + interval '1 day'", '1 standing needs'),
    ('mail_unset', "INSERT INTO endpoint SELECT endpoint_id + 1, agency_id, enterprise_id, 'email', 'mailto:…', secret_sealed, NULL, NULL, now() FROM endpoint",
     "DELETE FROM endpoint WHERE channel = 'email'", 'smtp_url'),
    ('link_unset', "INSERT INTO endpoint SELECT endpoint_id + 1, agency_id, enterprise_id, 'wecom', 'https://a/…', secret_sealed, NULL, NULL, now() FROM endpoint",
     "DELETE FROM endpoint WHERE channel = 'wecom'", 'public_url'),
    ('schema', "UPDATE schema_migration SET digest = 'x' WHERE name = '0003-constraints'",
     None, '0003-constraints was edited'),
    ('schema', "INSERT INTO schema_migration (name, digest) VALUES ('9999-later', 'x')", "DELETE FROM schema_migration WHERE name = '9999-later'",
     'made by a newer version'),
    ('function_altered', "CREATE FUNCTION counted_double() RETURNS int LANGUAGE sql AS 'SELECT 2'", 'DROP FUNCTION counted_double()', 'counted_double()'),
    ('rows_unguarded', 'ALTER TABLE need DISABLE ROW LEVEL SECURITY', 'ALTER TABLE need ENABLE ROW LEVEL SECURITY', 'need'),
    ('ledger_open', 'GRANT UPDATE ON ledger TO patbridge_service', 'REVOKE UPDATE ON ledger FROM patbridge_service', 'patbridge_service may update ledger'),
    ('constraint_off', "ALTER TABLE need ADD CONSTRAINT long_text CHECK (length(text) > 0) NOT VALID", 'ALTER TABLE need DROP CONSTRAINT long_text', 'long_text of need'),
    ('index_broken', "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'need_pkey'::regclass",
     "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'need_pkey'::regclass", 'need_pkey'),
    ('role_strong', 'ALTER ROLE patbridge_service BYPASSRLS', 'ALTER ROLE patbridge_service NOBYPASSRLS', 'patbridge_service: bypasses'),
    ('role_missing', 'ALTER ROLE patbridge_readonly RENAME TO away', 'ALTER ROLE away RENAME TO patbridge_readonly', 'patbridge_readonly'),
    ('read_only', 'ALTER DATABASE {name} SET default_transaction_read_only = on', 'ALTER DATABASE {name} RESET default_transaction_read_only',
     'default_transaction_read_only'),
    ('not_durable', 'ALTER SYSTEM SET fsync = off', 'ALTER SYSTEM RESET fsync', 'fsync is off'),
    ('autovacuum_off', 'ALTER SYSTEM SET autovacuum = off', 'ALTER SYSTEM RESET autovacuum', 'autovacuum'),
]


def run_sql(text):
    """Statement by statement: some may not stand in a transaction with others."""
    for statement in text.split(';'):
        if statement.strip():
            world().database.sql(*([statement.format(name=world().database.name), 'postgres'] if '{name}' in statement else [statement]))
    if 'ALTER SYSTEM' in text:
        world().database.sql('SELECT pg_reload_conf()')
        world().database.sql('SELECT pg_sleep(.3)')


def is_named(code, words, found):
    assert code in found and words in found[code], (code, found)


def by_sql(code, make, mend, words):
    def test():
        before = world().database.sql("SELECT digest FROM schema_migration WHERE name = '0003-constraints'") if mend is None else ''
        run_sql(make)
        try:
            is_named(code, words, world().doctor())
        finally:
            run_sql(mend if mend is not None else f"UPDATE schema_migration SET digest = '{before}' WHERE name = '0003-constraints'")
        assert code not in world().doctor(), 'it is mended'
    test.__name__ = f'{code}_is_named_{words.split()[0] if words and words.isascii() else ""}'.rstrip('_')
    return test


# ---- Faults of the server and its surroundings

def server_info(**changes):
    return ' '.join(f'{name}={value}' for name, value in {
        **dict(word.split('=', 1) for word in world().env['PATBRIDGE_DATABASE'].split()), **changes}.items())


def a_database_that_is_away_is_named():
    is_named('database_away', 'No such file', world().doctor(database=server_info(host='/nowhere')))


def an_empty_database_is_named():
    world().database.sql("CREATE DATABASE bare TEMPLATE template0 ENCODING 'UTF8'")
    is_named('schema', 'run `patbridge migrate` first', world().doctor(database=server_info(dbname='bare')))


def a_database_that_is_not_in_utf8_is_named():
    world().database.sql("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    is_named('encoding', 'SQL_ASCII', world().doctor(database=server_info(dbname='ascii')))


def a_user_without_the_roles_is_named():
    world().database.sql('CREATE ROLE stranger LOGIN')
    found = world().doctor(database=server_info(user='stranger'))
    is_named('role_not_ours', 'stranger is no member of patbridge_across', found)


@contextlib.contextmanager
def sessions(count, statement):
    started = [subprocess.Popen(['psql', '-XAtq', world().env['PATBRIDGE_DATABASE']], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
               for _ in range(count)]
    try:
        for one in started:
            one.stdin.write(statement + ';\nSELECT 1;\n')
            one.stdin.flush()
        for one in started:
            assert one.stdout.readline().strip(), 'it is connected'
        yield
    finally:
        for one in started:
            one.stdin.close()
            one.wait(10)


def a_transaction_that_stays_open_is_named():
    with sessions(1, 'BEGIN'):
        world().database.sql('SELECT pg_sleep(1.2)')
        is_named('transaction_long', 'idle in transaction', world().doctor('--patience', '1'))
        assert 'transaction_long' not in world().doctor()


def connections_that_run_out_are_named():
    world().database.sql('ALTER SYSTEM SET max_connections = 12')
    world().database.sql('ALTER SYSTEM SET max_prepared_transactions = 2')
    cluster('stop')
    cluster('start')
    with sessions(8, 'SELECT 1'):
        is_named('connections_few', 'of 9 are in use', world().doctor())


def a_prepared_transaction_that_was_left_is_named():
    world().database.sql("BEGIN; CREATE TABLE left_over (); PREPARE TRANSACTION 'of nobody'")
    try:
        world().database.sql('SELECT pg_sleep(1.2)')
        is_named('prepared_left', 'of nobody', world().doctor('--patience', '1'))
    finally:
        world().database.sql("ROLLBACK PREPARED 'of nobody'")


def a_clock_that_is_another_than_the_servers_is_named():
    found = subprocess.run(['sh', '-c', 'ls /usr/lib/*/faketime/libfaketimeMT.so.1'], capture_output=True, text=True).stdout.split()
    if not found or 'asan' in BINARY or 'tsan' in BINARY:
        return 'libfaketime goes before a sanitizer, or is not installed'
    said = world().doctor(before=['env', f'LD_PRELOAD={found[0]}', 'FAKETIME=-90s'])
    is_named('clock_apart', '90 s ahead', {**said, 'clock_apart': said['clock_apart'].replace('89', '90').replace('91', '90')})


# ---- Faults of files

@contextlib.contextmanager
def moved(setting):
    path = world().path(setting)
    os.rename(path, path + '.away')
    try:
        yield path
    finally:
        shutil.rmtree(path) if os.path.isdir(path) else os.path.exists(path) and os.remove(path)
        os.rename(path + '.away', path)


def a_key_that_is_gone_is_named_and_not_made_anew():
    with moved('key_file') as path:
        is_named('key_missing', path, world().doctor())
        assert not os.path.exists(path)


def a_key_of_another_installation_is_named():
    with moved('key_file') as path:
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), 'w', encoding='ascii') as file:
            file.write('ab' * 32 + '\n')
        is_named('key_other', 'webhook', world().doctor())


def a_key_that_others_may_read_is_named():
    os.chmod(world().path('key_file'), 0o644)
    try:
        is_named('key_bad', 'key_file', world().doctor())
    finally:
        os.chmod(world().path('key_file'), 0o600)


def a_signing_key_that_is_gone_or_another_is_named():
    with moved('sign_key') as path:
        is_named('sign_key_missing', path, world().doctor())
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), 'w', encoding='ascii') as file:
            file.write('cd' * 32 + '\n')
        is_named('sign_key_other', path, world().doctor())


def a_paper_that_is_gone_or_altered_is_named():
    with moved('evidence') as path:
        is_named('paper_bad', 'paper.pdf (need XQ-1', world().doctor())
        shutil.copytree(path + '.away', path)
        paper = next(os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names)
        os.chmod(paper, 0o644)
        with open(paper, 'a', encoding='utf-8') as file:
            file.write('!')
        is_named('paper_bad', 'is altered', world().doctor())


def a_folder_that_is_a_file_is_named():
    is_named('folder_bad', 'is no folder', world().doctor(feed_folder=world().path('paper.pdf')))


def a_disk_that_is_nearly_full_is_named():
    is_named('room_short', 'wanted', world().doctor('--free-mb', '999999999'))


# ---- Faults of settings

def configuration(text, mode=0o600):
    path = world().write('patbridge.conf', text)
    os.chmod(path, mode)
    return '--config', path


def a_setting_with_a_wrong_name_is_named_with_the_right_one():
    is_named('setting_unknown', 'smtp_uri; is smtp_url meant?', world().doctor(*configuration('[patbridge]\nsmtp_uri=smtp://a:587\n')))


def a_password_that_others_can_read_is_named():
    text = '[patbridge]\nsmtp_password=x\n'
    is_named('configuration_open', 'has the mode 644', world().doctor(*configuration(text, 0o644)))
    assert world().doctor(*configuration(text)) == {}


def values_that_can_not_be_used_are_named():
    for name, value in (('port', '80800'), ('fit_floor', '1.5'), ('steps', 'match,pull'), ('public_url', 'example.com'), ('smtp_url', 'mail.example.com'),
                        ('mail_from', 'nobody'), ('leads_a_need', '0'), ('ignore_quiet', 'perhaps'), ('stamp_url', 'tsa'), ('secure_cookie', 'perhaps'),
                        ('session_idle_minutes', '0'), ('session_hours', '1000'), ('inbox_days', 'many')):
        is_named('setting_bad', f"{name} is '{value}'; expected", world().doctor(**{name: value}))


def cookies_that_go_in_the_clear_are_named():
    is_named('cookie_open', 'secure_cookie is false', world().doctor(public_url='https://patents.example.cn', secure_cookie='false'))
    is_named('cookie_open', 'http://192.168.1.2', world().doctor(public_url='http://192.168.1.2'))
    assert world().doctor(public_url='https://patents.example.cn') == {} == world().doctor(secure_cookie='true')


def files_that_are_not_there_are_named():
    for name in ('ca_file', 'stamp_ca', 'smtp_authorities', 'dictionary', 'policies'):
        is_named('file_missing', f"{name} is '/nowhere'", world().doctor(**{name: '/nowhere'}))


def a_policy_pack_with_a_mistake_is_named():
    path = os.path.join(world().packs, 'example-city.json')
    with open(path, encoding='utf-8') as file:
        text = file.read()
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text.replace('"threshold"', '"treshold"', 1))
    is_named('pack_bad', 'example-city.json: clauses[', world().doctor())
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


# ---- Connecting

def a_relay_and_a_receiver_that_can_not_be_connected_to_are_named():
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))  # nobody listens there
        port = taken.getsockname()[1]
        found = world().doctor('--connect', smtp_url=f'smtp://127.0.0.1:{port}/here')
        is_named('unreachable', f'smtp://127.0.0.1:{port}/here: ', found)
        is_named('unreachable', 'https://127.0.0.1:9/…: ', found)
        is_named('unreachable', 'private network', world().doctor('--connect', allow_private='127.0.0.1:1'))


def the_settings_that_it_knows_are_those_of_the_manual():
    with open('docs/operations.md', encoding='utf-8') as file:
        manual = file.read().split('## Settings')[1].split('\n## ')[0]
    listed = {name for line in manual.splitlines() if line.startswith('| `') for name in re.findall('`([a-z_]+)`', line.split('|')[1])}
    text = ''.join(f'{name}=\n' for name in sorted(listed | {'unicorn'}))
    found = world().doctor(*configuration('[patbridge]\n' + text.replace('database=\n', '')))
    assert found['setting_unknown'] == 'unicorn', found['setting_unknown']
    with open('service/doctor/settings.c', encoding='utf-8') as file:
        known = set(re.findall(r'^    \{"([a-z_]+)", ', file.read(), re.M))
    assert known - listed == {'smtp_plain'}, known - listed  # a relay of the tests


def people_read_it_in_their_language():
    for language, good, wrong in (('C.UTF-8', 'nothing is wrong', 'do: '), ('zh_CN.UTF-8', '未发现问题', '处理：')):
        env = {**world().env, 'LC_ALL': language}
        assert good in subprocess.run([BINARY, 'doctor'], env=env, capture_output=True, text=True, check=True).stdout
        done = subprocess.run([BINARY, 'doctor'], env={**env, 'PATBRIDGE_PORT': 'x'}, capture_output=True, text=True)
        assert done.returncode == 1 and wrong in done.stdout, done


def after_all_of_it_nothing_is_wrong():
    assert world().doctor() == {}, world().doctor()


try:
    main([nothing_is_wrong_where_nothing_is, *[by_sql(*row) for row in BY_SQL], a_database_that_is_away_is_named, an_empty_database_is_named,
          a_database_that_is_not_in_utf8_is_named, a_user_without_the_roles_is_named, a_transaction_that_stays_open_is_named,
          connections_that_run_out_are_named, a_prepared_transaction_that_was_left_is_named, a_clock_that_is_another_than_the_servers_is_named,
          a_key_that_is_gone_is_named_and_not_made_anew, a_key_of_another_installation_is_named, a_key_that_others_may_read_is_named,
          a_signing_key_that_is_gone_or_another_is_named, a_paper_that_is_gone_or_altered_is_named, a_folder_that_is_a_file_is_named,
          a_disk_that_is_nearly_full_is_named, a_setting_with_a_wrong_name_is_named_with_the_right_one, a_password_that_others_can_read_is_named,
          values_that_can_not_be_used_are_named, cookies_that_go_in_the_clear_are_named, files_that_are_not_there_are_named, a_policy_pack_with_a_mistake_is_named,
          the_settings_that_it_knows_are_those_of_the_manual, a_relay_and_a_receiver_that_can_not_be_connected_to_are_named, people_read_it_in_their_language, after_all_of_it_nothing_is_wrong])
finally:
    cluster('remove')
    shutil.rmtree(HOME, ignore_errors=True)
