"""channels.py - the robots of groups and mail, against stand-ins that check what the real ones check, by their own code; and the
pages behind the signed links in them."""
import asyncio
import base64
import email
import email.policy
import hashlib
import hmac
import json
import os
import re
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request

from client import BINARY, Database, Service, main

SECRET = 'SEC' + 'a1' * 20
TITLE = '一种<@all>发泡[鞋底](http://evil.example)**及** <at user_id="all"> @所有人'
CHANNELS = ('wecom', 'dingtalk', 'feishu', 'email')


def sign(key, message):
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


class StandIns:
    """The three platforms on one port, and a mail relay on another."""

    def __init__(self, folder):
        self.seen, self.wrong, self.mails, self.script = {}, [], [], []
        self.folder, self.starttls = folder, True
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext',
                        'subjectAltName=DNS:localhost', '-keyout', f'{folder}/key.pem', '-out', f'{folder}/cert.pem'],
                       check=True, capture_output=True)
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.tls.load_cert_chain(f'{folder}/cert.pem', f'{folder}/key.pem')
        self.loop = asyncio.new_event_loop()
        web = self.loop.run_until_complete(asyncio.start_server(self.web, '127.0.0.1', 0))
        relay = self.loop.run_until_complete(asyncio.start_server(self.relay, '127.0.0.1', 0))
        self.port, self.relay_port = (server.sockets[0].getsockname()[1] for server in (web, relay))
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    # ---- robots

    async def web(self, reader, writer):
        try:
            head = (await reader.readuntil(b'\r\n\r\n')).decode()
            lines = {n.lower(): v for n, v in (line.split(': ', 1) for line in head.split('\r\n')[1:] if ': ' in line)}
            raw = await reader.readexactly(int(lines['content-length']))
            target = urllib.parse.urlsplit(head.split(' ')[1])
            channel = {'/cgi-bin/webhook/send': 'wecom', '/robot/send': 'dingtalk'}.get(target.path, 'feishu')
            problem = self.check(channel, target, lines, raw)
            times = self.seen.setdefault(channel, [])
            now = time.monotonic()
            fast = sum(now - at < 60 for at, _ in times) >= {'feishu': 100}.get(channel, 20) or (
                channel == 'feishu' and sum(now - at < 1 for at, _ in times) >= 5)
            if problem or fast:
                self.wrong.append((channel, problem or 'too fast'))
            answer = self.script.pop(0) if self.script else (200, {'code': 0} if channel == 'feishu' else {'errcode': 0, 'errmsg': 'ok'})
            times.append((now, json.loads(raw)))
            text = json.dumps(answer[1]).encode()
            writer.write(f'HTTP/1.1 {answer[0]} x\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n'.encode() + text)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        writer.close()

    def check(self, channel, target, lines, raw):
        query = dict(urllib.parse.parse_qsl(target.query))
        if not lines.get('content-type', '').startswith('application/json') or b'\\u' in raw:
            return 'content type, or an escape'
        body = json.loads(raw)
        if channel == 'wecom':
            content = body['markdown']['content']
            if query.get('key') != 'K' or body['msgtype'] != 'markdown' or len(content.encode()) > 4096:
                return 'key or form'
        elif channel == 'dingtalk':
            now, at = time.time() * 1000, int(query['timestamp'])
            if query['access_token'] != 'T' or abs(now - at) > 3600000 or len(query['timestamp']) != 13:
                return 'token or time'
            if query['sign'] != sign(SECRET, f"{query['timestamp']}\n{SECRET}"):
                return 'sign not match'
            if '专利' not in body['actionCard']['text'] or len(raw) > 20000 or not body['msgUuid']:
                return 'keyword, size, id'
            if not {'title', 'text', 'singleTitle', 'singleURL'} <= set(body['actionCard']):
                return 'form'
        else:
            stamp = body['timestamp']
            if not isinstance(stamp, str) or abs(time.time() - int(stamp)) > 3600 or body['sign'] != sign(f'{stamp}\n{SECRET}', ''):
                return '19021'
            if body['msg_type'] != 'interactive' or 'card' not in body or len(raw) > 20480 or target.path != '/open-apis/bot/v2/hook/H':
                return 'form'
        return None

    # ---- the relay

    async def relay(self, reader, writer):
        async def say(text):
            writer.write(text.encode() + b'\r\n')
            await writer.drain()

        secure, envelope = False, {}
        await say('220 relay')
        while True:
            line = (await reader.readline()).decode().strip()
            verb = line.split(' ')[0].upper()
            if not line or verb == 'QUIT':
                break
            if verb == 'EHLO':
                extra = '250-STARTTLS\r\n' if self.starttls and not secure else ''
                await say(f'250-relay\r\n{extra}250-AUTH PLAIN\r\n250 8BITMIME')
            elif verb == 'STARTTLS':
                await say('220 go')
                try:
                    await writer.start_tls(self.tls)
                except (OSError, ssl.SSLError):
                    break
                secure = True
            elif verb == 'AUTH':
                if not secure:
                    self.wrong.append(('email', 'a password in the clear'))
                await say('334 ')
                await say('235 in' if base64.b64decode(await reader.readline()) == b'\0user\0pass' else '535 no')
            elif verb == 'MAIL':
                envelope = {'from': re.search('<(.*)>', line)[1], 'to': []}
                await say('250 ok')
            elif verb == 'RCPT':
                envelope['to'].append(re.search('<(.*)>', line)[1])
                await say('250 ok')
            elif verb == 'DATA':
                await say('354 go')
                raw = await reader.readuntil(b'\r\n.\r\n')
                answer = self.script.pop(0) if self.script else '250 queued'
                if b'\n' in raw.replace(b'\r\n', b'') or not secure:
                    self.wrong.append(('email', 'a bare line end, or in the clear'))
                self.mails.append((dict(envelope), raw, answer))
                await say(answer)
            else:
                await say('250 ok')
        writer.close()


class World:
    def __init__(self, patents=3, channels=CHANNELS):
        self.folder = tempfile.mkdtemp(prefix='patbridge-channels-')
        self.stand = StandIns(self.folder)
        self.database = Database()
        port = self.stand.port
        with open(f'{self.folder}/secret', 'w', encoding='ascii') as file:
            file.write(SECRET + '\n')
        self.database.env.update(
            PATBRIDGE_KEY_FILE=f'{self.folder}/secret.key', PATBRIDGE_IGNORE_QUIET='true', PATBRIDGE_PUBLIC_URL='https://patents.example.cn',
            PATBRIDGE_ALLOW_PRIVATE=f'127.0.0.1:{port}', PATBRIDGE_SMTP_URL=f'smtp://localhost:{self.stand.relay_port}/patents.example.cn',
            PATBRIDGE_SMTP_USER='user', PATBRIDGE_SMTP_PASSWORD='pass', PATBRIDGE_SMTP_AUTHORITIES=f'{self.folder}/cert.pem',
            PATBRIDGE_MAIL_FROM='push@patents.example.cn', PATBRIDGE_MAIL_FROM_NAME='晋江专利推送', PATBRIDGE_BOUNCE_DOMAIN='bounce.example.cn')
        self.database.command('agency', 'add', 'JJ01', '--name', '甲')
        columns = 'change_seq, first_recorded_at, recorded_at'
        self.database.sql(
            f"INSERT INTO enterprise (enterprise_id, uscc, name, name_key, division_code, {columns}) VALUES (1, 'E1', '甲', '甲', '350582', 1, now(), now());"
            f"INSERT INTO need (need_id, agency_id, source_id, enterprise_id, title, text, valid_from, {columns}) "
            f"SELECT 1, (SELECT agency_id FROM agency), 'N1', 1, '轻质鞋底', '鞋底', '2024-01-01', 1, now(), now();"
            f"INSERT INTO patent (patent_id, publication_number, title, applicants, {columns}) "
            f"SELECT n, 'CN1' || lpad(n::text, 8, '0') || 'A', $t${TITLE}$t$ || n, '{{丙所}}', 1, now(), now() FROM generate_series(1, {patents}) n;"
            "INSERT INTO lead (patent_id, need_id, agency_id, score, fit, probability, rank, reasons, model, state, change_seq, proposed_at) "
            "SELECT n, 1, (SELECT agency_id FROM agency), 1000, .62, .5, 1, '[{\"text\": \"鞋底\", \"kind\": \"term\", \"points\": 1000}]', 'm', "
            f"'accepted', 1, now() FROM generate_series(1, {patents}) n")
        addresses = {'wecom': f'http://127.0.0.1:{port}/cgi-bin/webhook/send?key=K', 'dingtalk': f'http://127.0.0.1:{port}/robot/send?access_token=T',
                     'feishu': f'http://127.0.0.1:{port}/open-apis/bot/v2/hook/H', 'email': 'li@firm.example.cn'}
        for channel in channels:
            signed = ('--secret-file', f'{self.folder}/secret') if channel in ('dingtalk', 'feishu') else ()
            keyword = ('--keyword', '专利') if channel == 'dingtalk' else ()
            shown = self.command('endpoint', 'add', 'E1', channel, addresses[channel], *signed, *keyword)
            assert all(part not in json.dumps(shown) for part in ('key=K', 'access_token', '/H', 'li@')), shown

    def command(self, *words, codes=(0,)):
        return self.database.command('--agency', 'JJ01', *words, codes=codes)

    def push(self):
        return self.command('push', '--once')

    def time_passes(self):
        self.database.sql("UPDATE outbox SET next_attempt_at = now() WHERE state = 'due'; UPDATE endpoint SET hold_until = NULL")

    def events(self):
        return self.database.sql('SELECT channel, event, count(*) FROM push_event GROUP BY 1, 2 ORDER BY 1, 2').splitlines()

    def link(self):
        """The address behind the mail's link, on this server."""
        text = email.message_from_bytes(self.stand.mails[-1][1], policy=email.policy.default).get_body(('plain',)).get_content()
        return re.search(r'https://patents\.example\.cn(/a/\S+)', text)[1]

    def close(self):
        self.database.close()


def each_platform_takes_what_it_asks_for_at_its_own_pace():
    world = World()
    begun = time.monotonic()
    report = world.push()
    took = time.monotonic() - begun
    assert not world.stand.wrong, world.stand.wrong
    assert report['sent'] == 12 and report['accepted'] == 0, report
    assert {channel: len(seen) for channel, seen in world.stand.seen.items()} == {'wecom': 3, 'dingtalk': 3, 'feishu': 3}
    assert took > 6, 'three to one robot take two paces'
    assert world.events() == ['dingtalk|sent|3', 'email|sent|3', 'feishu|sent|3', 'inbox|sent|3', 'wecom|sent|3'], world.events()
    said = json.dumps([body for seen in world.stand.seen.values() for _, body in seen], ensure_ascii=False)
    for markup in ('<@all', '](http://evil', '**及**', '<at user_id', '@所有人'):
        assert markup not in said, f'foreign text became markup: {markup}'
    assert 'https://patents.example.cn/a/' in said and '62%' in said
    log = json.dumps(world.command('push', '--log'))
    assert all(part not in log for part in ('key=K', 'access_token=T', SECRET, '/a/', '/u/', 'hook/H', 'li@')), 'nothing secret is in the log'
    the_log_reads_the_same_over_http(world)
    sealed = world.database.sql('SELECT url FROM endpoint')
    assert all(part not in sealed for part in ('key=K', 'access_token', 'hook/H', 'li@')), sealed
    world.close()


def the_log_reads_the_same_over_http(world):
    service = Service(world.database)
    clerk = world.database.key('agency_clerk', '--agency', 'JJ01')

    def pages(question):
        after = ''
        while after is not None:
            page = service.ask('GET', f'/v1/deliveries?limit=5{question}{after and "&after=" + after}', clerk)
            assert page.status == 200, page.body
            yield from page.json['items']
            after = page.json['next']

    rows, told = list(pages('')), world.command('push', '--log')
    assert rows == told and len(rows) == 12, (len(rows), len(told))
    push = rows[7]['push_id']
    assert list(pages(f'&push={push}')) == [row for row in rows if row['push_id'] == push]
    assert len(list(pages('&enterprise_uscc=E1'))) == 12 and not list(pages('&enterprise_uscc=E2'))
    assert not list(pages('&since=2099-01-01T00:00:00Z'))
    assert service.ask('GET', '/v1/deliveries?push=7', clerk).status == 400
    service.close()


def what_a_platform_answers_decides():
    rows = [('wecom', (200, {'errcode': 93000}), 'endpoint_off'), ('wecom', (200, {'errcode': 45009}), 'retry'),
            ('wecom', (200, {'errcode': 40058}), 'dead'), ('wecom', (502, {}), 'retry'), ('dingtalk', (200, {'errcode': 310000}), 'endpoint_off'),
            ('dingtalk', (200, {'errcode': 130101}), 'retry'), ('feishu', (200, {'code': 19001}), 'endpoint_off'),
            ('feishu', (400, {'code': 9499, 'msg': 'too many request'}), 'retry'), ('feishu', (400, {'code': 9499, 'msg': 'Bad Request'}), 'dead'),
            ('feishu', (400, {'code': 11232}), 'retry')]
    for channel in ('wecom', 'dingtalk', 'feishu'):
        mine = [row for row in rows if row[0] == channel]
        for _, answer, outcome in mine:
            world = World(1, (channel,))
            world.stand.script.append(answer)
            world.push()
            got = world.database.sql('SELECT outcome FROM attempt')
            assert got == outcome, (channel, answer, got)
            if answer[1].get('errcode') == 45009:
                held = float(world.database.sql('SELECT extract(epoch FROM hold_until - now()) FROM endpoint'))
                assert 55 < held < 75, 'the whole robot waits'
            if outcome == 'retry':
                world.time_passes()
                world.push()
                assert world.database.sql("SELECT state FROM outbox") == 'done' and f'{channel}|sent|1' in world.events()
            world.close()


def a_mail_is_one_that_others_can_read_and_keeps_its_id_when_sent_again():
    world = World(1, ('email',))
    world.stand.script.append('451 4.7.1 later')
    assert world.push()['retry'] == 1
    wait = float(world.database.sql('SELECT extract(epoch FROM next_attempt_at - now()) FROM outbox'))
    assert wait > 1700, 'half an hour at the least'
    world.time_passes()
    assert world.push()['sent'] == 1 and not world.stand.wrong, world.stand.wrong
    (first, second) = world.stand.mails
    for envelope, raw, _ in world.stand.mails:
        assert envelope['to'] == ['li@firm.example.cn'] and re.fullmatch(r'b\+[\w-]{48}@bounce\.example\.cn', envelope['from']), envelope
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        for name in ('From', 'To', 'Date', 'Message-ID', 'Subject', 'List-Unsubscribe', 'List-Unsubscribe-Post'):
            assert len(mail.get_all(name)) == 1, name
        assert mail['Subject'].startswith('专利推送：一种') and mail['From'] == '晋江专利推送 <push@patents.example.cn>', mail['From']
        assert mail['List-Unsubscribe-Post'] == 'List-Unsubscribe=One-Click' and mail['List-Unsubscribe'].startswith('<https://patents.example.cn/u/')
        assert mail.get_content_type() == 'multipart/alternative'
        assert [part.get_content_type() for part in mail.iter_parts()] == ['text/plain', 'text/html']
        assert '轻质鞋底' in mail.get_body(('plain',)).get_content() and '<at' not in mail.get_body(('html',)).get_content()
        assert all(len(line) <= 998 for line in raw.split(b'\r\n'))
    ids = [email.message_from_bytes(raw, policy=email.policy.default)['Message-ID'] for _, raw, _ in (first, second)]
    assert ids[0] == ids[1], ids
    world.close()


def nothing_is_mailed_in_the_clear_or_to_a_relay_that_can_not_be_trusted():
    world = World(1, ('email',))
    world.stand.starttls = False
    assert world.push()['retry'] == 1
    world.stand.starttls = True
    world.time_passes()
    world.database.env.pop('PATBRIDGE_SMTP_AUTHORITIES')
    assert world.push()['retry'] == 1
    assert not world.stand.mails and not world.stand.wrong, world.stand.wrong
    errors = world.database.sql('SELECT error FROM attempt ORDER BY number')
    assert 'no TLS' in errors and "can't be trusted" in errors, errors
    world.close()


def what_a_relay_refuses_is_ours_the_message_s_or_the_address_s():
    for answer, outcome in (('550 5.1.1 Mailbox not found', 'endpoint_off'), ('550 Ip frequency limited', 'retry'), ('554 DT:SPM', 'dead'),
                            ('421 closing', 'retry'), ('553 sender', 'retry')):
        world = World(1, ('email',))
        world.stand.script.append(answer)
        world.push()
        assert world.database.sql('SELECT outcome FROM attempt') == outcome, (answer, world.database.sql('SELECT * FROM attempt'))
        world.close()


def get(service, path):
    with urllib.request.urlopen(service.address + path, timeout=20) as answer:
        return answer.status, answer.read().decode(), answer.headers


def post(service, path, body, **headers):
    request = urllib.request.Request(service.address + path, data=body, headers={'Content-Type': 'application/x-www-form-urlencoded', **headers})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.read().decode()


def a_link_s_get_changes_nothing_and_its_post_answers():
    world = World(2, ('email',))
    world.push()
    service = Service(world.database)
    link = world.link()
    count = 'SELECT count(*) FROM feedback'
    status, page, headers = get(service, link)
    assert status == 200 and '轻质鞋底' in page and '感兴趣' in page and '<at' not in page
    assert "form-action 'self'" in headers['Content-Security-Policy']
    get(service, link.replace('/a/', '/u/'))
    assert world.database.sql(count) == '0' and 'inbox|opened|1' not in world.events(), 'scanners fetch links'
    assert post(service, link, b'answer=interested')[0] == 200
    assert world.database.sql('SELECT answer, given_by FROM feedback') == 'interested|link'
    assert 'inbox|answered|1' in world.events() and 'inbox|opened|1' in world.events()
    for wrong in (link[:-1] + ('A' if link[-1] != 'A' else 'B'), '/a/x', '/u/' + 'A' * 48):
        assert service.ask('GET', wrong).status == 404 and service.ask('POST', wrong, None, b'answer=stop', kind='application/x-www-form-urlencoded').status == 404
    assert post(service, link.replace('/a/', '/u/'), b'List-Unsubscribe=One-Click')[0] == 200
    assert world.database.sql("SELECT count(*) FROM feedback WHERE answer = 'stop'") == '1'
    assert link.split('/')[2] not in service.log(), 'a link is a password: not in the log'
    service.close()
    world.close()


def pushes_opened_at_once_from_one_address_look_odd_and_the_address_is_kept_as_a_digest():
    world = World(3, ('email',))
    world.push()
    service = Service(world.database)
    links = [re.search(r'https://patents\.example\.cn(/a/\S+)', email.message_from_bytes(mail[1], policy=email.policy.default)
                       .get_body(('plain',)).get_content())[1] for mail in world.stand.mails]
    for link, said in zip(links, ('203.0.113.7', '198.51.100.1, 203.0.113.7', 'no address')):
        post(service, link, b'answer=interested', **{'X-Forwarded-For': said})
    kept = world.database.sql("SELECT DISTINCT coalesce(detail ->> 'address', '-') FROM push_event WHERE event = 'opened' ORDER BY 1").splitlines()
    assert len(kept) == 2 and '-' in kept and any(re.fullmatch('hmac:[0-9a-f]{32}', one) for one in kept), kept
    world.database.sql("UPDATE push_event SET at = '2026-01-01 10:00:00.2+08' WHERE event = 'opened'")
    odd = world.command('oddities', '--rule', 'opened_at_once')['oddities'] or world.database.command('oddities', '--rule', 'opened_at_once')['oddities']
    assert [len(one['rows']) for one in odd] == [2], odd
    assert '203.0.113.7' not in service.log() + world.database.sql('SELECT string_agg(detail::text, $$ $$) FROM push_event')
    service.close()
    world.close()


def the_ledger_s_head_is_mailed_to_the_official():
    world = World(1, ())
    program = [BINARY, 'snapshot', '--head', '--mail']
    env = {**world.database.env, 'PATBRIDGE_SIGN_KEY': f'{world.folder}/sign.key'}
    head = subprocess.run([*program, 'chen@bureau.example.cn'], env=env, check=True, capture_output=True).stdout.decode()
    envelope, raw, _ = world.stand.mails[-1]
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    text = mail.get_body(('plain',)).get_content().replace('\r\n', '\n')
    assert envelope['to'] == ['chen@bureau.example.cn'] and not world.stand.wrong, (envelope, world.stand.wrong)
    assert head.startswith('patbridge-head/1\n') and head in text, text
    with open(f'{world.folder}/mail', 'w', encoding='utf-8') as file:
        file.write(text)
    checked = subprocess.run([BINARY, '--json', 'verify', '--head', f'{world.folder}/mail'], env=env, capture_output=True)
    assert 'head' not in [one['check'] for one in json.loads(checked.stdout)['findings']], checked.stdout.decode()
    other = re.sub('(ledger [0-9]+ )[0-9a-f]{8}', r'\g<1>00000000', text)
    found = subprocess.run([BINARY, '--json', 'verify', '--head', other], env=env, capture_output=True).stdout
    assert 'head' in [one['check'] for one in json.loads(found)['findings']], found.decode()
    refused = subprocess.run([*program, 'no address'], env=env, capture_output=True)
    assert refused.returncode == 1 and b'is no address for mail' in refused.stderr, refused.stderr
    world.stand.script = ['550 no such user']
    assert subprocess.run([*program, 'gone@bureau.example.cn'], env=env, capture_output=True).returncode == 1
    env.pop('PATBRIDGE_SMTP_URL')
    assert b'smtp_url' in subprocess.run([*program, 'chen@bureau.example.cn'], env=env, capture_output=True).stderr
    world.close()


def a_secret_is_rolled_with_an_overlap():
    world = World(1, ())
    keys = [os.urandom(32) for _ in range(2)]
    files = []
    for number, key in enumerate(keys):
        files.append(f'{world.folder}/whsec{number}')
        with open(files[-1], 'w', encoding='ascii') as file:
            file.write('whsec_' + base64.b64encode(key).decode() + '\n')
    caught = []
    world.stand.check = lambda channel, target, lines, raw: caught.append((lines, raw))
    world.command('endpoint', 'add', 'E1', 'webhook', f'http://127.0.0.1:{world.stand.port}/hook', '--secret-file', files[0])

    def signers():
        world.push()
        lines, raw = caught[-1]
        signed = f"{lines['webhook-id']}.{lines['webhook-timestamp']}.".encode() + raw
        made = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
        return [made.index(part.removeprefix('v1,')) for part in lines['webhook-signature'].split(' ')]

    assert signers() == [0]
    world.command('endpoint', 'roll', 'E1', 'webhook', '--secret-file', files[1], '--overlap', '2')
    world.command('push', '--replay', '--since', '2020-01-01')
    assert signers() == [1, 0], 'both sign, the new one first'
    world.database.sql("UPDATE endpoint SET old_secret_until = now() - interval '1 second'")
    world.command('push', '--replay', world.database.sql('SELECT outbox_id FROM outbox'))
    assert signers() == [1], 'the old one is over'
    assert world.database.sql("SELECT count(*) FROM push_event WHERE event = 'accepted'") == '1', 'counted once'
    world.close()


if __name__ == '__main__':
    main([each_platform_takes_what_it_asks_for_at_its_own_pace, what_a_platform_answers_decides,
          a_mail_is_one_that_others_can_read_and_keeps_its_id_when_sent_again, nothing_is_mailed_in_the_clear_or_to_a_relay_that_can_not_be_trusted,
          what_a_relay_refuses_is_ours_the_message_s_or_the_address_s, a_link_s_get_changes_nothing_and_its_post_answers,
          a_secret_is_rolled_with_an_overlap, the_ledger_s_head_is_mailed_to_the_official,
          pushes_opened_at_once_from_one_address_look_odd_and_the_address_is_kept_as_a_digest])
