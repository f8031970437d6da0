"""steps.py - what the daemon does by itself: each step is led by one of several daemons, is handed over when that one dies or is
stopped, and loses nothing; a new patent is a lead at once; signals and systemd are answered."""
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

from client import Database, Service, main

FIRM = {'uscc': '91350582MA0077119D', 'name': '甲鞋业有限公司', 'division_code': '350582'}
NEED = {'source_id': 'XQ-1', 'enterprise_uscc': FIRM['uscc'], 'title': '轻质发泡鞋底', 'text': '需要轻质发泡鞋底材料，回弹好', 'valid_from': '2025-01-01'}
STEPS = ('expire', 'match', 'push', 'statistics')
TITLES = ('一种轻质发泡鞋底材料', '防水透气面料的制备', '一种茶叶烘干机', '陶瓷釉料及其烧制工艺')


def patent(i):
    return {'publication_number': f'CN{106000000 + i}A', 'title': f'{TITLES[i % 4]} {i}', 'abstract': '本发明公开了' + TITLES[i % 4],
            'applicants': [f'丙{i % 7}研究所'], 'ipc': ['A43B 13/04']}


class World:
    """A database with a firm and its need, and daemons on it."""

    def __init__(self, daemons=1, patents=0):
        self.folder = tempfile.mkdtemp(prefix='patbridge-steps-')
        self.database = Database()
        self.database.env['PATBRIDGE_KEY_FILE'] = os.path.join(self.folder, 'secret.key')
        self.database.command('agency', 'add', 'JJ01', '--name', '甲')
        self.clerk = self.database.key('agency_clerk', '--agency', 'JJ01')
        self.load('enterprise', [FIRM])
        self.load('need', [NEED])
        if patents:
            self.load('patent', [patent(i) for i in range(patents)])
        self.daemons = [self.start() for _ in range(daemons)]

    def start(self, *words, before=(), env=None):
        return Service(self.database, '--steps', 'all', *words, before=before, env=env)

    def load(self, kind, rows):
        path = os.path.join(self.folder, f'{kind}.jsonl')
        with open(path, 'w', encoding='utf-8') as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + '\n' for row in rows)
        self.database.command('--agency', 'JJ01', 'load', kind, path, '--refused', self.folder)

    def number(self, query):
        return int(self.database.sql(query))

    def leaders(self):
        return dict(line.split('|') for line in self.database.sql('SELECT name, leader FROM step ORDER BY name').splitlines())

    def leading(self, step):
        """The daemon that leads it."""
        pid = int(self.leaders()[step].rsplit(':', 1)[1])
        return next(daemon for daemon in self.daemons if daemon.process.pid == pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for daemon in self.daemons:
            if daemon.process.poll() is None:
                daemon.process.send_signal(signal.SIGCONT)
                daemon.process.terminate()
        for daemon in self.daemons:
            daemon.process.wait(20)
        self.database.close()


def until(true, seconds, what):
    """How long it took to become true."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, f'{what}: not within {seconds} s'
        time.sleep(.02)
    return time.monotonic() - begun


def settled(world):
    until(lambda: len(world.leaders()) == 4, 10, 'every step is led')
    until(lambda: world.number("SELECT count(*) FROM step WHERE last_success IS NOT NULL OR failures > 0") == 4, 15, 'every step was done')
    assert not world.number('SELECT count(*) FROM step WHERE failures > 0'), world.database.sql('SELECT name, last_error FROM step')


def a_new_patent_is_a_lead_for_a_standing_need_within_two_seconds():
    with World(patents=400) as world:
        settled(world)
        service, worst = world.daemons[0], 0
        for i in range(5):
            new = {**patent(1000 + i), 'title': f'轻质发泡鞋底及回弹材料 {i}', 'abstract': '需要轻质发泡鞋底材料，回弹好'}
            begun = time.monotonic()
            assert service.ask('PUT', f"/v1/patents/{new['publication_number']}", world.clerk, new).status == 201
            number = new['publication_number'].removesuffix('A')
            until(lambda: any(number in json.dumps(lead) for lead in service.ask('GET', '/v1/leads?state=proposed', world.clerk).json['items']), 2,
                  'a new patent becomes a lead')
            worst = max(worst, time.monotonic() - begun)
            time.sleep(.3)
        print(f'# slowest of 5: {worst:.2f} s', flush=True)
        assert world.number("SELECT (gauges ->> 'index_bytes')::bigint FROM step WHERE name = 'match'") > 10000


def two_daemons_with_half_of_the_patents_each_find_leads_together():
    with World(daemons=0, patents=60) as world:
        world.daemons = [world.start('--partition', '1/2'), world.start('--partition', '2/2')]
        took = until(lambda: world.number('SELECT count(*) FROM lead') >= 5, 20, 'leads of both')  # near-twins are folded
        leads = world.database.sql('SELECT string_agg(patent_id || score::text, chr(10) ORDER BY rank) FROM lead')
        assert world.number('SELECT count(DISTINCT patent_id > 0) FROM lead') == 2, 'of both halves of the ids'
        print(f'# {took:.2f} s', flush=True)
        for daemon in world.daemons:
            daemon.process.terminate()
            daemon.process.wait(20)
        world.database.sql('DELETE FROM lead; DELETE FROM match_progress')
        world.daemons = [world.start()]
        until(lambda: world.number('SELECT count(*) FROM lead') >= 5, 20, 'leads of one')
        assert leads == world.database.sql('SELECT string_agg(patent_id || score::text, chr(10) ORDER BY rank) FROM lead')


def an_accepted_lead_is_pushed_at_once():
    with World(patents=40) as world:
        settled(world)
        lead = world.daemons[0].ask('GET', '/v1/leads?state=proposed', world.clerk).json['items'][0]['lead']
        assert world.daemons[0].ask('POST', f'/v1/leads/{lead}/accept', world.clerk, {}).status == 200
        took = until(lambda: world.number('SELECT count(*) FROM push') == 1, 2, 'it is pushed')
        print(f'# {took:.2f} s', flush=True)


def of_several_daemons_exactly_one_leads_each_step():
    with World(daemons=3, patents=40) as world:
        settled(world)
        metrics = [dict(line.rsplit(' ', 1) for line in daemon.ask('GET', '/metrics').body.decode().splitlines() if line[0] != '#')
                   for daemon in world.daemons]
        assert sum(int(one['patbridge_steps_led']) for one in metrics) == 4, metrics
        held = world.database.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 "
                                  "AND classid = (hashtext('patbridge.step')::bigint & 4294967295)::oid AND database = "
                                  "(SELECT oid FROM pg_database WHERE datname = current_database())")
        assert held == '4', held
        for step in STEPS:
            assert float(metrics[0][f'patbridge_last_success_timestamp_seconds{{step="{step}"}}']) > time.time() - 60
        assert world.number("SELECT count(*) FROM step WHERE failures > 0") == 0


def a_killed_leader_is_followed_within_ten_seconds():
    with World(daemons=2, patents=40) as world:
        settled(world)
        for _ in range(3):
            victim = world.leading('match')
            fence = world.number("SELECT fence FROM step WHERE name = 'match'")
            victim.process.kill()
            victim.process.wait()
            took = until(lambda: str(victim.process.pid) not in ''.join(world.leaders().values()), 10, 'another leads everything')
            print(f'# handed over in {took:.2f} s', flush=True)
            assert world.number("SELECT fence FROM step WHERE name = 'match'") > fence
            world.daemons.remove(victim)
            world.daemons.append(world.start())


def a_stopped_leader_is_followed_and_what_it_writes_late_is_refused():
    with World(daemons=2, patents=40) as world:
        settled(world)
        for turn in range(2):
            victim = world.leading('match')
            before = world.number("SELECT count(*) FROM lead")
            # The leader stands in the middle of a transaction, waiting for a table, when it is stopped.
            blocker = subprocess.Popen(['psql', '-XAtq', world.database.info(world.database.name)], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)
            blocker.stdin.write('BEGIN; LOCK TABLE lead IN EXCLUSIVE MODE; SELECT 1;\n')
            blocker.stdin.flush()
            assert blocker.stdout.readline() == '1\n'
            new = {**patent(2000 + turn), 'title': f'轻质发泡鞋底及回弹材料 {turn}', 'abstract': '需要轻质发泡鞋底材料，回弹好'}
            world.load('patent', [new])
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            until(lambda: world.number(waiting) >= 1, 5, 'the leader writes')
            victim.process.send_signal(signal.SIGSTOP)
            blocker.stdin.write('COMMIT;\n')
            blocker.stdin.close()
            blocker.wait()
            took = until(lambda: str(victim.process.pid) not in ''.join(world.leaders().values()), 10, 'another leads everything')
            until(lambda: world.number("SELECT count(*) FROM lead") > before or world.number(
                "SELECT count(*) FROM match_progress WHERE patent_seq < (SELECT max(change_seq) FROM patent)") == 0, 5, 'the new leader has done it')
            until(lambda: world.number("SELECT count(*) FROM step WHERE leader <> '' AND last_success > led_since") == 4, 10, 'all are done')
            state = world.database.sql('SELECT * FROM lead ORDER BY 1, 2') + world.database.sql('SELECT * FROM step WHERE name = $$match$$')
            fences = world.database.sql('SELECT name, fence, leader FROM step ORDER BY 1')
            print(f'# handed over in {took:.2f} s', flush=True)
            victim.process.send_signal(signal.SIGCONT)
            time.sleep(3)
            assert world.database.sql('SELECT name, fence, leader FROM step ORDER BY 1') == fences, 'the old leader leads no more'
            assert world.database.sql('SELECT * FROM lead ORDER BY 1, 2') in state
            assert 'match' in victim.log() and victim.ask('GET', '/v1/leads', world.clerk).status == 200, 'it goes on serving'


def the_end_comes_within_ten_seconds_also_in_the_middle_of_work():
    with World(patents=40) as world:
        settled(world)
        blocker = subprocess.Popen(['psql', '-XAtq', world.database.info(world.database.name)], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        blocker.stdin.write('BEGIN; LOCK TABLE lead IN EXCLUSIVE MODE; SELECT 1;\n')
        blocker.stdin.flush()
        assert blocker.stdout.readline() == '1\n'
        world.load('patent', [{**patent(3000), 'title': '轻质发泡鞋底'}])
        time.sleep(1)
        begun = time.monotonic()
        world.daemons[0].process.terminate()
        assert world.daemons[0].process.wait(15) == 0
        took = time.monotonic() - begun
        print(f'# a step that waits for a lock: {took:.2f} s', flush=True)
        assert took < 10, took
        blocker.stdin.write('COMMIT;\n')
        blocker.stdin.close()
        blocker.wait()
        world.daemons.append(world.start())
        until(lambda: world.number('SELECT count(*) FROM match_progress WHERE patent_seq < (SELECT max(change_seq) FROM patent)') == 0, 10,
              'the next daemon does what was left')
        begun = time.monotonic()
        world.daemons[1].process.terminate()
        assert world.daemons[1].process.wait(15) == 0
        print(f'# at rest: {time.monotonic() - begun:.2f} s', flush=True)
        assert time.monotonic() - begun < 3


def what_stands_no_longer_expires():
    with World(patents=8) as world:
        settled(world)
        until(lambda: world.number("SELECT count(*) FROM lead WHERE state = 'proposed'") > 0, 5, 'there are proposals')
        world.database.sql("INSERT INTO api_answer (key_id, idempotency_key, request_digest, begun_at) VALUES ('k', 'old', 'd', now() - "
                           "interval '25 hours'), ('k', 'new', 'd', now() - interval '23 hours')")
        world.load('need', [{**NEED, 'valid_to': '2025-06-30'}])
        until(lambda: world.number("SELECT count(*) FROM lead WHERE state = 'proposed'") == 0, 20, 'proposals of a need that has ended are no more')
        until(lambda: world.database.sql('SELECT idempotency_key FROM api_answer') == 'new', 15, 'answers of more than a day ago are forgotten')
        assert 'proposals expired' in world.daemons[0].log()


def the_configuration_is_read_again_and_what_changed_is_said():
    with World() as world:
        path = os.path.join(world.folder, 'patbridge.conf')

        def write(text):
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)

        write('[patbridge]\nfit_floor=0.2\nleads_a_need=3\nsmtp_password=hidden-1\n')
        daemon = world.start(before=('--config', path))
        world.daemons.append(daemon)
        write('[patbridge]\nfit_floor=0.4\nport=1\nsmtp_password=hidden-2\n')
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: 'smtp_password: changed' in daemon.log(), 5, 'changes are said')
        log = daemon.log()
        for part in ('fit_floor: 0.2 -> 0.4', 'leads_a_need: 3 -> not set', 'port: not set -> 1 (from the next start on)'):
            assert part in log, (part, log)
        assert 'hidden' not in log, 'secrets are not said'
        write('nonsense')
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: 'could not read the configuration' in daemon.log(), 5, 'a broken file is said')
        write('[patbridge]\nfit_floor=0.4\nport=1\nsmtp_password=hidden-2\n')
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: 'nothing has changed' in daemon.log(), 5, 'after a broken file the settings are those before it')


def systemd_is_told_how_it_is():
    with World() as world:
        path = os.path.join(world.folder, 'notify')
        told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        told.bind(path)
        told.settimeout(10)
        daemon = world.start(env={'NOTIFY_SOCKET': path, 'WATCHDOG_USEC': '5000000'})
        assert told.recv(100) == b'READY=1'
        assert told.recv(100) == told.recv(100) == b'WATCHDOG=1'
        daemon.process.send_signal(signal.SIGHUP)
        seen = [told.recv(100) for _ in range(3)]
        assert b'RELOADING=1' in b''.join(seen) and b'READY=1' in seen, seen
        daemon.process.terminate()
        while told.recv(100) != b'STOPPING=1':
            pass
        assert daemon.process.wait(12) == 0


def unknown_steps_are_refused():
    with World(daemons=0) as world:
        done = subprocess.run([os.environ.get('PATBRIDGE_BINARY', 'build/patbridge'), 'serve', '--steps', 'match,nap'], env=world.database.env,
                              capture_output=True, text=True)
        assert done.returncode == 2 and "no step 'nap'" in done.stderr, done
        some = Service(world.database, '--steps', 'expire,push')
        until(lambda: sorted(world.leaders()) == ['expire', 'push'], 5, 'only those are led')
        assert re.search('"event":"step"', some.log().replace(' ', ''))
        some.close()


main([a_new_patent_is_a_lead_for_a_standing_need_within_two_seconds, two_daemons_with_half_of_the_patents_each_find_leads_together, an_accepted_lead_is_pushed_at_once,
      of_several_daemons_exactly_one_leads_each_step, a_killed_leader_is_followed_within_ten_seconds,
      a_stopped_leader_is_followed_and_what_it_writes_late_is_refused, the_end_comes_within_ten_seconds_also_in_the_middle_of_work,
      what_stands_no_longer_expires, the_configuration_is_read_again_and_what_changed_is_said, systemd_is_told_how_it_is,
      unknown_steps_are_refused])
