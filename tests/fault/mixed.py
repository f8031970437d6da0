"""mixed.py - full mixed load on two daemons, with kills and without; see mixed.sh. What was answered 2xx is there, once; nothing that was not
sent is there; every push is made, delivered and counted once; the ledger and the counts hold."""
import base64
import concurrent.futures
import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

SEED = int(os.environ.get('SEED') or random.randrange(1 << 30))
KILLS = int(os.environ.get('KILLS') or 25)
KILLS = KILLS if KILLS >= 100 else max(KILLS // 5, 3)
CALM_SECONDS = int(os.environ.get('MIXED_SECONDS') or 8)
BINARY = os.environ.get('PATBRIDGE_BINARY', 'build/patbridge')
HOME = tempfile.mkdtemp(prefix='patbridge-mixed-', dir='/tmp')
FIRMS, NEEDS_AT_FIRST, PATENTS_AT_FIRST, BATCH, NEEDS_MOST = 30, 30, 600, 50, 100
GROWS_BY = 1.15  # of memory, from the second quarter to the last; and this much beside it:
GROWS_MB = 16

for name in [name for name in os.environ if name.startswith(('PG', 'PATBRIDGE_'))]:
    del os.environ[name]
os.chmod(HOME, 0o755)
os.environ.update(PATBRIDGE_VAR=HOME, LC_ALL='C.UTF-8', TZ='UTC')


def path(name):
    return os.path.join(HOME, name)


def invent(kind, count, seed):
    text = subprocess.run([sys.executable, 'tests/fault/invent.py', kind, str(count), '--seed', str(seed)], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in text.splitlines()]


class Cluster:
    def __init__(self):
        self.run('start')
        self.info = self.run('env').strip()
        self.data = os.path.realpath(self.sql('SHOW data_directory'))

    def run(self, *words):
        return subprocess.run(['deploy/scripts/cluster.sh', *words], check=True, capture_output=True, text=True).stdout

    def sql(self, statement):
        return subprocess.run(['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', self.info, '-c', statement], check=True, capture_output=True, text=True).stdout.strip()

    def kill(self):
        """The postmaster and its children at once, as a power cut would; then it is started again."""
        for entry in os.listdir('/proc'):
            with contextlib.suppress(OSError):
                if entry.isdigit() and os.readlink(f'/proc/{entry}/cwd') == self.data:
                    os.kill(int(entry), signal.SIGKILL)
        self.run('start')


class Daemon:
    def __init__(self, number):
        self.number, self.process = number, None
        self.start()

    def start(self):
        file = path(f'address{self.number}')
        with contextlib.suppress(FileNotFoundError):
            os.remove(file)
        with open(path(f'log{self.number}'), 'ab') as log:
            self.process = subprocess.Popen([BINARY, 'serve', '--port', '0', '--port-file', file], stderr=log, stdout=subprocess.DEVNULL)

    def address(self):
        try:
            with open(path(f'address{self.number}'), encoding='utf-8') as file:
                return file.read().strip()
        except FileNotFoundError:
            return ''

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.start()

    def memory_mb(self):
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as file:
            return next(int(line.split()[1]) // 1024 for line in file if line.startswith('VmRSS'))


class World:
    def __init__(self):
        self.cluster = Cluster()
        os.environ.update(PATBRIDGE_DATABASE=self.cluster.info, PATBRIDGE_KEY_FILE=path('secret.key'), PATBRIDGE_EVIDENCE=path('evidence'),
                          PATBRIDGE_SIGN_KEY=path('sign.key'), PATBRIDGE_IGNORE_QUIET='true', PATBRIDGE_FEED_FOLDER=path('feeds'))
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.sent = {'need': {}, 'patent': set(), 'verdict': {}, 'answer': {}}  # what was answered 2xx
        self.asked = self.again = self.looked = 0
        self.fill()
        self.daemons = [Daemon(0), Daemon(1)]
        self.worker = self.push()

    def command(self, *words, codes=(0,)):
        done = subprocess.run([BINARY, '--json', *words], capture_output=True, text=True)
        assert done.returncode in codes, (words, done.returncode, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def load(self, kind, rows):
        with open(path('rows.jsonl'), 'w', encoding='utf-8') as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + '\n' for row in rows)
        self.command('--agency', 'JJ01', 'load', kind, path('rows.jsonl'))

    def fill(self):
        self.command('migrate')
        self.command('agency', 'add', 'JJ01', '--name', '试验机构', '--settled', '2023-03-15', '--invented')
        self.firms = invent('enterprise', FIRMS, SEED)
        self.load('enterprise', self.firms)
        self.load('patent', invent('patent', PATENTS_AT_FIRST, SEED))
        self.load('need', invent('need', NEEDS_AT_FIRST, SEED))
        self.texts = invent('need', 400, SEED + 1)
        self.at_first = {kind: int(self.cluster.sql(f'SELECT count(*) FROM {kind}')) for kind in ('patent', 'need')}
        self.key = self.command('--agency', 'JJ01', 'key', 'add', 'mixed', '--role', 'agency_manager', '--rate', '0')['key']
        self.receive()

    def receive(self):
        with open(os.open(path('secret'), os.O_CREAT | os.O_WRONLY, 0o600), 'w', encoding='ascii') as file:
            file.write('whsec_' + base64.b64encode(random.Random(SEED).randbytes(32)).decode())
        demo = os.path.join(os.path.dirname(BINARY), 'demo')
        self.receiver = subprocess.Popen([demo, 'receiver', '--port', '0', '--log', path('received'), '--secret-file', path('secret'), '--port-file',
                                          path('port'), '--answer', '*0=500:1', '--answer', '*4=reset:1'], stderr=subprocess.DEVNULL)
        wait_for(lambda: os.path.exists(path('port')) and os.path.getsize(path('port')), 10, 'the receiver')
        with open(path('port'), encoding='ascii') as file:
            port = file.read().strip()
        os.environ['PATBRIDGE_ALLOW_PRIVATE'] = f'127.0.0.1:{port}'
        for firm in self.firms[:20]:
            self.command('--agency', 'JJ01', 'endpoint', 'add', firm['uscc'], 'webhook', f'http://127.0.0.1:{port}/hook', '--secret-file', path('secret'))

    def push(self):
        return subprocess.Popen([BINARY, '--agency', 'JJ01', 'push', '--once'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    # ---- one request, sent until it is answered

    def once(self, method, target, body=None, headers=None, kind='application/json'):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body, ensure_ascii=False).encode()
        sent = {'Authorization': f'Bearer {self.key}', **(headers or {}), **({'Content-Type': kind} if data is not None else {})}
        address = random.choice(self.daemons).address()
        request = urllib.request.Request(address + target, method=method, data=data, headers=sent)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read() or b'null')

    def ask(self, method, target, body=None, headers=None, kind='application/json'):
        """Until it is answered otherwise than by 503, or the line was cut; every writing request may be sent again."""
        while True:
            try:
                self.asked += 1
                return self.once(method, target, body, headers, kind)
            except urllib.error.HTTPError as error:
                answer = error.read()
                if error.code not in (503, 409) or (error.code == 409 and b'in-use' not in answer):
                    return error.code, json.loads(answer)
            except (OSError, ValueError, urllib.error.URLError):  # ValueError: no daemon has an address just now
                pass
            except Exception as error:  # noqa: http.client's, of a line that was cut
                if type(error).__module__ != 'http.client':
                    raise
            self.again += 1
            time.sleep(.05)

    # ---- people

    def keeps_needs(self, name):
        for i in range(10 ** 9):
            if self.stop.is_set():
                return
            source = f'{name}-{i // 2 % NEEDS_MOST}'  # each is written twice, and again where there are many: memory is compared
            before, words = self.sent['need'].get(source), random.choice(self.texts)
            need = {'source_id': source, 'enterprise_uscc': before['enterprise_uscc'] if before else random.choice(self.firms)['uscc'],
                    'title': f"{words['title']} {i}", 'text': f"{words['text']} 需要轻质发泡、耐磨的鞋底材料，编号 {i}", 'valid_from': '2024-01-01'}
            status, _ = self.ask('PUT', f'/v1/needs/{source}', need)
            assert status in (200, 201), (status, _)
            with self.lock:
                self.sent['need'][source] = need
            time.sleep(.1)

    def loads_patents(self, name):
        for i in range(10 ** 9):
            if self.stop.is_set():
                return
            numbers = [f'CN{195000000 + i * BATCH + k}A' for k in range(BATCH)]
            rows = [{'publication_number': number, 'title': f'一种轻质发泡鞋底材料{number}', 'abstract': f'耐磨、回弹好，用于鞋底与注塑模具，编号{number}',
                     'applicants': [f'{number}研究所'], 'ipc': ['A43B13/04'], 'invented': True} for number in numbers]
            body = ''.join(json.dumps(row, ensure_ascii=False) + '\n' for row in rows).encode()
            status, report = self.ask('POST', '/v1/patents:load', body, {'Idempotency-Key': f'{name}-{i}'}, 'application/x-ndjson')
            assert status == 200 and report['read'] == BATCH and report['refused'] == 0, (status, report)
            with self.lock:
                self.sent['patent'].update(numbers)
            time.sleep(.3)

    def reviews(self, name):
        i = 0
        while not self.stop.is_set():
            status, page = self.ask('GET', '/v1/leads?state=proposed&limit=20')
            assert status == 200, page
            for lead in random.sample(page['items'], min(5, len(page['items']))):
                i += 1
                verdict = random.choice(('accept', 'accept', 'reject'))
                status, said = self.ask('POST', f"/v1/leads/{lead['lead']}/{verdict}", {'reason': '试'}, {'Idempotency-Key': f'{name}-{SEED}-{i}'})
                assert status in (200, 404, 409), (status, said)  # superseded or expired meanwhile
                if status == 200:
                    with self.lock:
                        self.sent['verdict'][lead['lead']] = verdict
            time.sleep(.2)

    def answers(self, name):
        i = 0
        while not self.stop.is_set():
            _, page = self.ask('GET', '/v1/pushes?limit=50')
            for push in random.sample(page['items'], min(3, len(page['items']))):
                i += 1
                answer = random.choice(('interested', 'not_fit'))
                body = {'lead': push['lead'], 'answer': answer, **({'because': 'price'} if answer == 'not_fit' else {})}
                status, said = self.ask('POST', '/v1/feedback', body, {'Idempotency-Key': f'{name}-{SEED}-{i}'})
                assert status in (200, 201), (status, said)
                with self.lock:
                    self.sent['answer'][push['lead']] = answer
            time.sleep(.3)

    def looks(self, name):
        targets = ['/v1/track?policy=jinjiang-2023-6', '/v1/needs?limit=100', '/v1/leads?limit=50', '/v1/evidence/jinjiang-2023-6/needs?limit=50',
                   '/v1/deliveries?limit=20', '/v1/batches', '/v1/patents?limit=50']
        while not self.stop.is_set():
            status, page = self.ask('GET', random.choice(targets))
            assert status == 200, page
            self.looked += 1
            time.sleep(.05)

    @contextlib.contextmanager
    def people(self, tag):
        self.stop.clear()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            jobs = [pool.submit(do, f'{tag}{do.__name__}{i}') for i, do in enumerate(
                (self.keeps_needs, self.keeps_needs, self.loads_patents if tag == 'a' else self.looks, self.reviews, self.answers, self.looks))]
            try:
                yield jobs
            finally:
                self.stop.set()
                for job in jobs:
                    job.result(120)

    # ---- kills

    def kill(self, victim):
        if victim == 'PostgreSQL':
            self.cluster.kill()
        elif victim == 'worker':
            self.worker.kill()
            self.worker.wait()
            self.worker = self.push()
        else:
            random.choice(self.daemons).kill()

    def disturb(self, jobs):
        killed = {}
        for _ in range(KILLS):
            time.sleep(random.uniform(.1, 1.5))
            victim = random.choice(('daemon', 'daemon', 'worker', 'PostgreSQL'))
            if self.worker.poll() is not None:
                self.worker = self.push()
            self.kill(victim)
            killed[victim] = killed.get(victim, 0) + 1
            for job in jobs:
                if job.done():
                    job.result()
        return killed

    def watch_memory(self, seconds, jobs):
        samples = [[] for _ in self.daemons]
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for daemon, list_of in zip(self.daemons, samples):
                list_of.append(daemon.memory_mb())
            for job in jobs:
                if job.done():
                    job.result()
            time.sleep(max(seconds / 200, .2))
        return samples

    def settle(self):
        """Nothing is due any more: time passes for what was put off."""
        def is_settled():
            self.cluster.sql("UPDATE outbox SET next_attempt_at = now() WHERE state = 'due'; UPDATE endpoint SET hold_until = NULL")
            return self.cluster.sql("SELECT count(*) FROM outbox WHERE state <> 'done'") == '0' and self.command(
                '--agency', 'JJ01', 'push', '--once')['made'] == 0  # what is still accepted is held: the enterprise has that patent already
        wait_for(is_settled, 240, 'everything that was accepted is pushed')

    def close(self):
        for daemon in self.daemons:
            daemon.process.kill()
        self.worker.kill()
        self.receiver.kill()
        self.cluster.run('remove')


def wait_for(true, seconds, what):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f'{what}: not within {seconds} s'
        time.sleep(.2)


# ---- what must be true

def needs_are_those_that_were_answered(world):
    rows = world.cluster.sql("SELECT source_id, title FROM need WHERE source_id LIKE '%keeps_needs%'").splitlines()
    stored = dict(row.split('|', 1) for row in rows)
    assert len(rows) == len(stored), 'none is there twice'
    assert stored == {source: need['title'] for source, need in world.sent['need'].items()}, 'each as it was last answered, and no other'


def patents_are_those_that_were_answered(world):
    stored = world.cluster.sql("SELECT publication_number FROM patent WHERE publication_number >= 'CN195' AND publication_number < 'CN196'").splitlines()
    assert len(stored) == len(set(stored)) and set(stored) == world.sent['patent'], (len(stored), len(world.sent['patent']))
    counts = world.cluster.sql("SELECT sum(new), sum(read - new - changed - same - refused - skipped) FROM load_batch WHERE kind = 'patent'")
    assert counts == f"{world.at_first['patent'] + len(stored)}|0", counts


def verdicts_stand(world):
    states = dict(row.split('|') for row in world.cluster.sql("SELECT patent_id || '-' || need_id, state FROM lead").splitlines())
    wrong = {lead: (verdict, states.get(lead)) for lead, verdict in world.sent['verdict'].items()
             if states.get(lead) not in (('pushed', 'accepted', 'superseded') if verdict == 'accept' else ('rejected', 'superseded'))}
    assert not wrong, list(wrong.items())[:5]


def pushes_are_made_delivered_and_counted_once(world):
    sql = world.cluster.sql
    assert sql('SELECT count(*) - count(DISTINCT (patent_id, agency_id, enterprise_id)) FROM push') == '0', 'none is made twice'
    ids = set(sql("SELECT 'msg_' || push_id FROM outbox").split())
    taken = set()
    with open(path('received'), encoding='utf-8', errors='replace') as file:
        for line in file:
            with contextlib.suppress(ValueError):
                delivery = json.loads(line)
                assert delivery['verified'] and delivery['id'] in ids, delivery
                if 200 <= delivery['status'] < 300:
                    taken.add(delivery['id'])
    assert taken == ids, (len(taken), len(ids))
    assert sql("SELECT count(*) FROM push_event WHERE channel = 'webhook' AND event = 'accepted'") == str(len(ids)), 'each is counted once'
    assert sql("SELECT count(*) FROM push_event WHERE channel = 'inbox' AND event = 'sent'") == sql('SELECT count(*) FROM push')


def answers_are_there_once(world):
    last = dict(row.split('|') for row in world.cluster.sql(
        "SELECT DISTINCT ON (patent_id, need_id) patent_id || '-' || need_id, answer FROM feedback ORDER BY patent_id, need_id, at DESC").splitlines())
    assert last == world.sent['answer'], [(k, v, last.get(k)) for k, v in world.sent['answer'].items() if last.get(k) != v][:5]


def the_ledger_and_the_counts_hold(world):
    world.command('verify')
    figures = world.command('--agency', 'JJ01', 'track', '--policy', 'jinjiang-2023-6', '--evidence', 'needs', '--limit', '1000000')
    assert len(figures['rows']) == world.at_first['need'] + len(world.sent['need']), len(figures['rows'])
    figures = world.command('--agency', 'JJ01', 'track', '--policy', 'jinjiang-2023-6', '--evidence', 'pushes', '--limit', '1000000')
    assert len(figures['rows']) == int(world.cluster.sql('SELECT count(*) FROM push')), len(figures['rows'])


LAWS = [needs_are_those_that_were_answered, patents_are_those_that_were_answered, verdicts_stand, pushes_are_made_delivered_and_counted_once,
        answers_are_there_once, the_ledger_and_the_counts_hold]


def of_the_log(text):
    """What the daemons' logs say of the request that a failure names."""
    named = re.search("'request_id': '([0-9a-f]+)'", text)
    if not named:
        return
    for number in range(2):
        with open(path(f'log{number}'), encoding='utf-8', errors='replace') as log:
            for line in log:
                if named[1] in line:
                    print('# ' + line[:600].rstrip())


def check(sentence, test, *args):
    try:
        test(*args)
        print(f'ok - {sentence}', flush=True)
    except Exception as error:  # noqa: each failure is shown, and the next goes on
        print(f'not ok - {sentence}; repeat: SEED={SEED} KILLS={os.environ.get("KILLS", 25)} tests/fault/mixed.sh\n# {type(error).__name__}: {str(error)[:600]}', flush=True)
        of_the_log(str(error))


def disturbed(world):
    with world.people('a') as jobs:
        wait_for(lambda: len(world.sent['verdict']) >= 5 and world.sent['answer'], 60, 'people are at work')
        killed = world.disturb(jobs)
        time.sleep(2)
    print(f'# seed {SEED}: {KILLS} kills ({", ".join(f"{what} {n}" for what, n in sorted(killed.items()))}); {world.asked} requests, {world.again} sent again, '
          f'{len(world.sent["need"])} needs, {len(world.sent["patent"])} patents, {len(world.sent["verdict"])} verdicts, {len(world.sent["answer"])} answers', flush=True)
    world.settle()


def flat(world):
    with world.people('b') as jobs:
        samples = world.watch_memory(CALM_SECONDS, jobs)
    world.settle()
    for number, list_of in enumerate(samples):
        quarter = max(len(list_of) // 4, 1)
        early, late = sorted(list_of[quarter:2 * quarter] or list_of)[-1], sorted(list_of[-quarter:])[-1]
        print(f'# daemon {number}: {early} MB at most in the second quarter of {CALM_SECONDS} s, {late} MB in the last', flush=True)
        assert late <= early * GROWS_BY + GROWS_MB, (early, late)


def main():
    random.seed(SEED)
    world = World()
    try:
        check(f'{KILLS} kills under mixed load, seed {SEED}: all that people asked for was answered', disturbed, world)
        for law in LAWS:
            check(f'after the kills: {law.__name__.replace("_", " ")}', law, world)
        check(f'{CALM_SECONDS} s of it undisturbed: the memory of both daemons stays flat', flat, world)
        for law in LAWS:
            check(f'after that: {law.__name__.replace("_", " ")}', law, world)
    finally:
        world.close()
        shutil.rmtree(HOME, ignore_errors=True)


main()
