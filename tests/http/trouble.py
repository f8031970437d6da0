"""trouble.py - a database that is away, connections that have run out, a disk that is full, a clock that is set back: the daemon
says so once, answers 503, comes back by itself, and nothing that was answered 2xx is lost."""
import concurrent.futures
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time

from client import Database, Service, main

FIRM = {'uscc': '91350582MA0077119D', 'name': '甲鞋业有限公司', 'division_code': '350582'}
NEED = {'source_id': 'XQ-1', 'enterprise_uscc': FIRM['uscc'], 'title': '轻质发泡鞋底', 'text': '需要轻质发泡鞋底材料', 'valid_from': '2025-01-01'}


class World:
    def __init__(self, database=None, env=None):
        self.folder = tempfile.mkdtemp(prefix='patbridge-trouble-')
        self.database = database or Database()
        self.database.env['PATBRIDGE_KEY_FILE'] = os.path.join(self.folder, 'secret.key')
        self.database.command('agency', 'add', 'JJ01', '--name', '甲')
        self.clerk = self.database.key('agency_clerk', '--agency', 'JJ01')
        self.service = Service(self.database, '--steps', 'all', env=env)
        assert self.put('enterprises', FIRM['uscc'], FIRM) == 201

    def put(self, plural, key, body, **headers):
        return self.service.ask('PUT', f'/v1/{plural}/{key}', self.clerk, body, headers=headers).status

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.service.process.terminate()
        assert self.service.process.wait(20) == 0 or kind
        self.database.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def until(true, seconds, what):
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, f'{what}: not within {seconds} s'
        time.sleep(.05)


def steps_go_on(world, source_id):
    """A new patent becomes a lead, whatever was before."""
    before = int(world.database.sql('SELECT count(*) FROM lead'))
    number = f'CN1060{abs(hash(source_id)) % 100000:05}A'
    patent = {'publication_number': number, 'title': '轻质发泡鞋底材料', 'abstract': '轻质发泡鞋底', 'applicants': [f'{number}研究所']}  # of another applicant: twins of one are folded
    until(lambda: world.put('patents', number, patent) in (200, 201), 10, 'a patent is taken')
    until(lambda: int(world.database.sql('SELECT count(*) FROM lead')) > before, 10, 'it becomes a lead')


def a_database_that_goes_is_said_once_and_nothing_answered_is_lost():
    with World() as world:
        name, taken, refused, stop = world.database.name, [], [], threading.Event()

        def write(worker):
            for i in range(100000):
                if stop.is_set():
                    return
                source_id = f'{worker}-{i}'
                status = world.put('needs', source_id, {**NEED, 'source_id': source_id})
                (taken if status == 201 else refused).append((source_id, status))

        away = f"UPDATE pg_database SET datallowconn = false WHERE datname = '{name}'"
        end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            writers = [pool.submit(write, worker) for worker in range(4)]
            for _ in range(2):
                time.sleep(1.5)
                world.database.sql(away, 'postgres')
                world.database.sql(end, 'postgres')
                time.sleep(2.5)
                world.database.sql(away.replace('false', 'true'), 'postgres')
            time.sleep(1.5)
            stop.set()
            for writer in writers:
                writer.result()
        assert taken and refused and {status for _, status in refused} == {503}, {status for _, status in refused}
        stored = set(world.database.sql('SELECT source_id FROM need').splitlines())
        lost = [source_id for source_id, _ in taken if source_id not in stored]
        print(f'# {len(taken)} taken, {len(refused)} answered 503, {len(lost)} lost', flush=True)
        assert not lost, lost[:5]
        steps_go_on(world, 'after')
        log = world.service.log()
        assert log.count('the database is away') == log.count('the database is back') == 2, (log.count('is away'), log.count('is back'))


def connections_that_run_out_are_survived():
    database = Database()
    role = f'few_{os.getpid()}'
    database.sql(f'CREATE ROLE {role} LOGIN; GRANT patbridge_owner, patbridge_service, patbridge_across, patbridge_readonly TO {role};'
                 f'GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}')
    usual = database.env['PATBRIDGE_DATABASE']
    try:
        world = World(database)
        world.service.close()
        database.env['PATBRIDGE_DATABASE'] = usual.replace('user=postgres', f'user={role}')
        world.service = Service(database, '--steps', 'all', '--workers', '16')
        with world:
            until(lambda: database.sql("SELECT count(*) FROM step WHERE last_success IS NOT NULL") == '4', 15, 'steps are done')
            database.sql(f'ALTER ROLE {role} CONNECTION LIMIT 6')
            with concurrent.futures.ThreadPoolExecutor(32) as pool:
                answers = list(pool.map(lambda i: world.put('needs', f'N-{i}', {**NEED, 'source_id': f'N-{i}'}), range(300)))
            assert set(answers) <= {201, 503} and 201 in answers and 503 in answers, set(answers)
            assert int(database.sql('SELECT count(*) FROM need')) == answers.count(201), 'what was answered 201 is there, and no more'
            print(f'# {answers.count(201)} taken, {answers.count(503)} answered 503', flush=True)
            database.sql(f'ALTER ROLE {role} CONNECTION LIMIT -1')
            until(lambda: world.put('needs', 'N-last', {**NEED, 'source_id': 'N-last'}) in (200, 201), 5, 'it comes back by itself')
            steps_go_on(world, 'few')
            database.env['PATBRIDGE_DATABASE'] = usual
    finally:
        database.sql(f'DROP OWNED BY {role}; DROP ROLE {role}', 'postgres')


def rows(count):
    return ''.join(json.dumps({'publication_number': f'CN1{i:08}A', 'title': f'一种鞋底材料 {i}', 'abstract': f'发泡 {i} ' * 60},
                              ensure_ascii=False) + '\n' for i in range(count)).encode()


def a_full_disk_refuses_what_has_no_room_and_takes_it_later():
    folder = tempfile.mkdtemp(prefix='patbridge-disk-', dir='/var/tmp')
    mount = ['mount', '-t', 'tmpfs', '-o', 'size=40m', 'none', folder]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        os.rmdir(folder)
        return 'a small file system can be mounted by root alone'
    database, space = Database(), f'small_{os.getpid()}'
    try:
        shutil.chown(folder, 'postgres')
        database.sql(f"CREATE TABLESPACE {space} LOCATION '{folder}'", 'postgres')
        database.sql(f'ALTER DATABASE {database.name} SET TABLESPACE {space}', 'postgres')
        with World(database) as world:
            assert world.put('needs', 'XQ-1', NEED) == 201
            answer = world.service.ask('POST', '/v1/patents:load', world.clerk, rows(40000), kind='application/x-ndjson')
            assert answer.status == 503 and answer.headers['Retry-After'], (answer.status, answer.body[:200])
            assert 'No space' not in answer.body.decode() and 'No space left' in world.service.log(), 'the log has the reason'
            assert world.service.ask('GET', '/v1/needs/XQ-1', world.clerk).status == 200, 'reading goes on'
            subprocess.run(['mount', '-o', 'remount,size=900m', folder], check=True)
            report = world.service.ask('POST', '/v1/patents:load', world.clerk, rows(40000), kind='application/x-ndjson').json
            assert report['read'] == 40000 and report['refused'] == 0, report
            assert database.sql('SELECT count(*) FROM patent') == '40000'
            steps_go_on(world, 'room')
    finally:
        if database.sql(f"SELECT count(*) FROM pg_database WHERE datname = '{database.name}'", 'postgres') == '1':
            database.close()
        database.sql(f'DROP TABLESPACE IF EXISTS {space}', 'postgres')
        subprocess.run(['umount', folder])
        os.rmdir(folder)


def a_clock_that_is_set_back_stops_nothing():
    library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'
    library = library if os.path.exists(library) else subprocess.run(['sh', '-c', 'ls /usr/lib/*/faketime/libfaketimeMT.so.1'],
                                                                     capture_output=True, text=True).stdout.strip()
    with tempfile.NamedTemporaryFile('w', suffix='.time', delete=False) as file:
        file.write('+0\n')
    env = {'LD_PRELOAD': library, 'FAKETIME_TIMESTAMP_FILE': file.name, 'FAKETIME_NO_CACHE': '1', 'FAKETIME_DONT_FAKE_MONOTONIC': '1'}
    with World(env=env) as world:
        assert world.put('needs', 'XQ-1', NEED, **{'Idempotency-Key': 'k'}) == 201
        for offset in ('-3h', '-2d', '+5h'):
            with open(file.name, 'w', encoding='ascii') as out:
                out.write(offset + '\n')
            time.sleep(1.2)
            again = world.service.ask('PUT', '/v1/needs/XQ-1', world.clerk, NEED, headers={'Idempotency-Key': 'k'})
            assert again.status == 201 and again.headers['Idempotency-Replayed'] == 'true', (offset, again.status)
            steps_go_on(world, offset)
            leaders = world.database.sql('SELECT count(DISTINCT fence), min(fence), max(fence) FROM step')
            assert leaders == '1|1|1', (offset, leaders)
    os.unlink(file.name)


main([a_database_that_goes_is_said_once_and_nothing_answered_is_lost, connections_that_run_out_are_survived,
      a_full_disk_refuses_what_has_no_room_and_takes_it_later, a_clock_that_is_set_back_stops_nothing])
