"""strength.py - many pushes (PUSHES, 1500) to 50 receivers, a third of which are slow, dead, lying or cut the line: the healthy ones
are not held up, nothing is lost, each is counted once."""
import asyncio
import base64
import hashlib
import hmac
import os
import socket
import tempfile
import threading
import time

from client import Database, main

PUSHES = int(os.environ.get('PUSHES', '1500'))
RECEIVERS = 50
KINDS = ('slow', 'dead', 'endless', 'cut', 'failing', 'redirect')  # of every third receiver, in turn
KEY = os.urandom(32)


def kind_of(number):
    return KINDS[number // 3 % len(KINDS)] if number % 3 == 2 else 'healthy'


class Receivers:
    """An endpoint a path; checks signatures with its own code, and keeps which ids it took."""

    def __init__(self):
        self.disturbed, self.taken, self.bad = False, {}, 0
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.serve, '127.0.0.1', 0, backlog=1024))
        self.port = self.server.sockets[0].getsockname()[1]
        with socket.socket() as free:  # nobody listens there
            free.bind(('127.0.0.1', 0))
            self.dead_port = free.getsockname()[1]
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    async def serve(self, reader, writer):
        try:
            head = (await reader.readuntil(b'\r\n\r\n')).decode()
            lines = dict(line.split(': ', 1) for line in head.split('\r\n')[1:] if ': ' in line)
            lines = {name.lower(): value for name, value in lines.items()}
            body = await reader.readexactly(int(lines['content-length']))
            await self.answer(int(head.split(' ')[1].rsplit('/', 1)[1]), lines, body, writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        writer.close()

    async def answer(self, number, lines, body, writer):
        kind = kind_of(number) if self.disturbed else 'healthy'
        if kind == 'slow':
            await asyncio.sleep(20)
        elif kind == 'cut':
            writer.transport.abort()
        elif kind == 'endless':
            self.take(number, lines, body)
            writer.write(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
            for _ in range(40):
                writer.write(b'1000\r\n' + b'x' * 4096 + b'\r\n')
                await writer.drain()
        elif kind == 'failing':
            writer.write(b'HTTP/1.1 503 no\r\nContent-Length: 0\r\n\r\n')
        elif kind == 'redirect':
            writer.write(b'HTTP/1.1 302 no\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n')
        else:
            self.take(number, lines, body)
            writer.write(b'HTTP/1.1 204 taken\r\n\r\n')

    def take(self, number, lines, body):
        signed = f"{lines['webhook-id']}.{lines['webhook-timestamp']}.".encode() + body
        wanted = 'v1,' + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        if lines['webhook-signature'] == wanted and abs(time.time() - int(lines['webhook-timestamp'])) < 300:
            self.taken.setdefault(lines['webhook-id'], []).append(number)
        else:
            self.bad += 1


class World:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='patbridge-strength-')
        self.receivers = Receivers()
        self.database = Database()
        secret = os.path.join(self.folder, 'secret')
        with open(secret, 'w', encoding='ascii') as file:
            file.write('whsec_' + base64.b64encode(KEY).decode())
        ports = self.receivers.port, self.receivers.dead_port
        self.database.env.update(PATBRIDGE_KEY_FILE=os.path.join(self.folder, 'secret.key'), PATBRIDGE_IGNORE_QUIET='true',
                                 PATBRIDGE_ALLOW_PRIVATE=', '.join(f'127.0.0.1:{port}' for port in ports))
        self.database.command('agency', 'add', 'JJ01', '--name', '甲')
        self.fill(PUSHES)
        self.secret = secret
        self.endpoints(False)

    def fill(self, count):
        columns = 'change_seq, first_recorded_at, recorded_at'
        self.database.sql(
            f"INSERT INTO enterprise (enterprise_id, uscc, name, name_key, division_code, {columns}) "
            f"SELECT n, 'E' || n, '甲', '甲', '350582', 1, now(), now() FROM generate_series(0, {RECEIVERS - 1}) n;"
            f"INSERT INTO need (need_id, agency_id, source_id, enterprise_id, title, text, valid_from, {columns}) "
            f"SELECT n, (SELECT agency_id FROM agency), 'N' || n, n, '鞋底', '鞋底', '2024-01-01', 1, now(), now() FROM generate_series(0, {RECEIVERS - 1}) n;"
            f"INSERT INTO patent (patent_id, publication_number, title, applicants, {columns}) "
            f"SELECT n, 'CN1' || lpad(n::text, 8, '0') || 'A', '一种发泡鞋底 ' || n, '{{丙所}}', 1, now(), now() FROM generate_series(1, {count}) n;"
            "INSERT INTO lead (patent_id, need_id, agency_id, score, fit, probability, rank, reasons, model, state, change_seq, proposed_at) "
            f"SELECT n, n % {RECEIVERS}, (SELECT agency_id FROM agency), 1000, .5, .5, 1, '[]', 'm', 'accepted', 1, now() FROM generate_series(1, {count}) n")

    def endpoints(self, disturbed):
        for number in range(RECEIVERS):
            dead = disturbed and kind_of(number) == 'dead'
            port = self.receivers.dead_port if dead else self.receivers.port
            self.database.command('--agency', 'JJ01', 'endpoint', 'add', f'E{number}', 'webhook', f'http://127.0.0.1:{port}/hook/{number}',
                                  '--secret-file', self.secret)

    def again(self):
        """As if nothing had been sent yet."""
        self.database.sql("UPDATE outbox SET state = 'due', attempts = 0, next_attempt_at = now(), finished_at = NULL;"
                          "DELETE FROM attempt; DELETE FROM push_event WHERE channel = 'webhook';"
                          "UPDATE endpoint SET failures = 0, hold_until = NULL")
        self.receivers.taken.clear()

    def push(self):
        begun = time.monotonic()
        report = self.database.command('--agency', 'JJ01', 'push', '--once')
        return report, time.monotonic() - begun

    def p95_of_healthy(self):
        """Seconds from the first attempt of the run to the acceptance of 95 of 100 pushes to healthy receivers."""
        healthy = ', '.join(f"'E{number}'" for number in range(RECEIVERS) if kind_of(number) == 'healthy')
        return float(self.database.sql(
            'SELECT percentile_cont(.95) WITHIN GROUP (ORDER BY extract(epoch FROM a.ended_at - (SELECT min(started_at) FROM attempt))) '
            'FROM attempt a JOIN outbox o USING (outbox_id) JOIN enterprise e USING (enterprise_id) '
            f"WHERE a.outcome = 'accepted' AND e.uscc IN ({healthy})"))


def a_third_that_misbehaves_does_not_hold_up_the_others():
    world = World()
    database, receivers = world.database, world.receivers
    world.push()
    world.again()
    report, took = world.push()
    assert report['accepted'] == PUSHES, report
    alone = world.p95_of_healthy()
    print(f'# undisturbed: {PUSHES} pushes in {took:.1f} s, p95 {alone:.2f} s', flush=True)
    world.again()
    world.endpoints(True)
    receivers.disturbed = True
    report, took = world.push()
    among = world.p95_of_healthy()
    healthy = sum(1 for n in range(1, PUSHES + 1) if kind_of(n % RECEIVERS) in ('healthy', 'endless'))  # its 2xx came
    print(f'# disturbed: p95 {among:.2f} s, {report["accepted"]} accepted, {report["retry"]} attempts failed, all of it {took:.1f} s', flush=True)
    assert report['accepted'] == healthy == len(receivers.taken), (report, healthy, len(receivers.taken))
    assert among <= 2 * alone, (among, alone)
    tried = database.sql("SELECT max(n) FROM (SELECT count(*) AS n FROM attempt a JOIN outbox o USING (outbox_id) WHERE a.outcome <> 'accepted' "
                         'GROUP BY endpoint_id) x')
    assert int(tried) <= 8, f'a breaker opened only after {tried} failures'
    receivers.disturbed = False
    world.endpoints(False)
    for _ in range(20):
        database.sql("UPDATE outbox SET next_attempt_at = now() WHERE state = 'due'; UPDATE endpoint SET hold_until = NULL")
        world.push()
        if database.sql("SELECT count(*) FROM outbox WHERE state <> 'done'") == '0':
            break
    assert database.sql("SELECT count(*) FROM outbox WHERE state = 'done'") == str(PUSHES), 'nothing is lost'
    assert database.sql("SELECT count(*) FROM push_event WHERE channel = 'webhook' AND event = 'accepted'") == str(PUSHES), 'each is counted once'
    assert len(receivers.taken) == PUSHES and receivers.bad == 0, (len(receivers.taken), receivers.bad)
    twice = sum(len(numbers) > 1 for numbers in receivers.taken.values())
    assert twice == 0, f'{twice} came twice though no answer was lost'
    database.close()


main([a_third_that_misbehaves_does_not_hold_up_the_others])
