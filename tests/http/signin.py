"""signin.py - who comes in: passwords, waiting, codes, sessions and their ends, forgery, links. The clock is set by moving what stands in
the database."""
import base64
import concurrent.futures
import hashlib
import hmac
import json
import os
import statistics
import struct
import subprocess
import time
import uuid

from client import BINARY, Database, Service, main
from signin_cookie import csrf_of

PASSWORD = '正确的马 电池 订书钉'
USCC = {'own': '91350582MA0077119D', 'other': '91350582MA00771278'}
KEY = 'bd' * 32


class Person:
    """A browser: its cookie, and what it sends beside it."""

    def __init__(self, service, name=None, password=PASSWORD, code=None, address='198.51.100.7', cookie=None, want=201):
        self.service, self.address, self.cookie, self.csrf = service, address, cookie, None
        if name is not None:
            self.answer = self.come_in(name, password, code)
            assert self.answer.status == want, (name, self.answer.status, self.answer.body)

    def come_in(self, name, password=PASSWORD, code=None):
        return self.take(self.ask('POST', '/v1/session', {'name': name, 'password': password, **({'code': code} if code else {})}))

    def take(self, answer):
        if answer.status == 201:
            self.cookie, self.csrf = answer.headers['Set-Cookie'].split(';')[0], answer.json['csrf']
        return answer

    def ask(self, method, path, body=None, kind='application/json', **headers):
        sent = {'X-Forwarded-For': self.address, 'Sec-Fetch-Site': 'same-origin'}
        if self.cookie:
            sent['Cookie'] = self.cookie
        if self.csrf:
            sent['X-CSRF-Token'] = self.csrf
        for name, value in headers.items():
            sent[name.replace('_', '-')] = value
        return self.service.ask(method, path, body=body, kind=kind, headers={name: value for name, value in sent.items() if value is not None})

    def status(self, method='GET', path='/v1/session', body=None, **headers):
        return self.ask(method, path, body, **headers).status


class World:
    def __init__(self):
        self.database = Database()
        self.key_file = os.path.join(self.database.folder, 'secret.key')
        with open(os.open(self.key_file, os.O_CREAT | os.O_WRONLY, 0o600), 'w', encoding='ascii') as file:
            file.write(KEY + '\n')
        self.database.env['PATBRIDGE_KEY_FILE'] = self.key_file
        self.database.command('agency', 'add', 'JJ01', '--name', '本方运营公司')
        self.database.command('agency', 'add', 'JJ02', '--name', '外方运营公司')
        self.service = Service(self.database)
        self.typed('root', '--admin')
        for name, role, agency in (('林管', 'agency_manager', 'JJ01'), ('小李', 'agency_clerk', 'JJ01'), ('陈科', 'official', None)):
            self.typed(name, '--role', role, '--password', agency=agency)
        clerk = self.database.key('agency_clerk', '--agency', 'JJ01')
        for name, code in USCC.items():
            self.service.ask('PUT', f'/v1/enterprises/{code}', clerk, {'uscc': code, 'name': f'{name}鞋业', 'division_code': '350582'})

    def typed(self, name, *words, agency=None, password=PASSWORD):
        """`user add`, with the password on stdin."""
        of = ['--agency', agency] if agency else []
        done = subprocess.run([BINARY, *of, 'user', 'add', name, *words], env=self.database.env, input=password + '\n', text=True,
                              capture_output=True)
        assert done.returncode == 0 and password not in done.stdout + done.stderr, done
        return done

    def user(self, *words):
        return self.database.command('user', *words)

    def reset(self):
        """Nobody waits any more."""
        self.database.sql('DELETE FROM signin_attempt')

    def ledger(self, **wanted):
        rows = [json.loads(line) for line in self.database.sql('SELECT body FROM ledger ORDER BY seq').splitlines()]
        return [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]

    def close(self):
        self.service.close()
        self.database.close()


WORLD = []


def world():
    if not WORLD:
        WORLD.append(World())
    WORLD[0].reset()
    return WORLD[0]


def code_at(secret, step):
    """RFC 6238, written apart from the program."""
    mac = hmac.new(base64.b32decode(secret), struct.pack('>q', step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f'{(struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 10**6:06d}'


def sign(purpose, name, end):
    """The token of a link, as service/push/token.h says, written apart from it."""
    body = uuid.UUID(name).bytes + struct.pack('>I', end)
    key = hashlib.blake2b(purpose, key=bytes.fromhex(KEY), digest_size=32).digest()
    return base64.urlsafe_b64encode(body + hmac.new(key, body, hashlib.sha256).digest()[:16]).decode().rstrip('=')


# ---- Passwords

def there_is_no_default_password_and_the_first_administrator_types_one():
    one = world()
    assert Person(one.service, 'root').ask('GET', '/v1/session').json['role'] == 'administrator'
    one.database.command('user', 'add', '没有密码', '--role', 'official')
    for password in ('', 'admin', 'password', '没有密码'):
        assert Person(one.service).come_in('没有密码', password or ' ').status == 401, password
    one.reset()
    made = one.database.command('user', 'add', '生成', '--role', 'official', '--generate')
    assert len(made['password']) == 23 and Person(one.service, '生成', made['password'])
    for bad in ('short', 'aaaaaaaaaaaaaa', '', '名字就是密码一二三四'):
        done = subprocess.run([BINARY, 'user', 'add', '名字就是密码一二三四', '--admin'], env=one.database.env, input=bad + '\n', text=True,
                              capture_output=True)
        assert done.returncode == 2, (bad, done)
    assert '名字就是密码一二三四' not in [user['name'] for user in one.database.command('user', 'list')], 'no account is left behind'
    again = subprocess.run([BINARY, 'user', 'add', '名字就是密码一二三四', '--admin'], env=one.database.env, input='一个好得多的密码 42\n', text=True,
                           capture_output=True)
    assert again.returncode == 0 and Person(one.service, '名字就是密码一二三四', '一个好得多的密码 42'), again
    entries = one.database.sql("SELECT count(*) FROM ledger WHERE body::jsonb ->> 'kind' = 'account' AND body::jsonb ->> 'subject' = '名字就是密码一二三四'")
    assert entries == '1', 'account and password are one entry'
    shown = one.database.command('user', 'show', 'root')
    assert shown['password'] is True and shown['totp'] is False and shown['sessions'] >= 1
    assert '$argon2id' not in json.dumps(one.database.command('user', 'list'))


def a_name_that_is_nobodys_gets_the_same_answer_after_the_same_time():
    one, took, bodies = world(), {'小李': [], '没有这个人': []}, set()
    for _ in range(3):
        for name, times in took.items():
            one.reset()
            begun = time.monotonic()
            answer = Person(one.service, cookie=None).come_in(name, 'wrong password')
            times.append(time.monotonic() - begun)
            document = answer.json
            document.pop('request_id')
            bodies.add((answer.status, json.dumps(document, sort_keys=True)))
    assert len(bodies) == 1, bodies
    ratio = statistics.median(took['小李']) / statistics.median(took['没有这个人'])
    assert .4 < ratio < 2.5, took


def failures_wait_by_name_and_a_stranger_locks_nobody_out():
    one = world()
    Person(one.service, '小李')  # from the usual place
    stranger = Person(one.service, address='203.0.113.9')
    statuses = [stranger.come_in('小李', 'guess').status for _ in range(6)]
    assert statuses == [401] * 5 + [429], statuses
    answer = stranger.come_in('小李')
    assert answer.status == 429 and 1 <= int(answer.headers['Retry-After']) <= 2, 'the right password waits as well'
    assert answer.json['type'] == '/problems/sign-in-later'
    unknown = Person(one.service, address='203.0.113.10')
    assert [unknown.come_in('没有这个人', 'guess').status for _ in range(6)] == statuses, 'nobody is told which names there are'
    Person(one.service, '小李')
    one.database.sql("UPDATE signin_attempt SET until = until - interval '10 seconds'")
    assert stranger.come_in('小李').status == 201, 'nobody waits for ever'
    for house in ('203.0.113.77', '2001:db8:1:2::'):  # of IPv6 64 bits are one household's
        ends = (lambda n: house) if '.' in house else (lambda n: f'{house}{n:x}')
        one.reset()
        assert Person(one.service, address=ends(1)).come_in('人', 'guess').status == 401
        one.database.sql("UPDATE signin_attempt SET failures = 18 WHERE scope = 'address'")
        statuses = [Person(one.service, address=ends(n)).come_in(f'人{n}', 'guess').status for n in range(2, 6)]
        assert statuses == [401, 401, 429, 429], (house, statuses)


def sign_ins_at_once_hold_up_nobody_else():
    one = world()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        many = [pool.submit(Person(one.service, address=f'198.51.100.{n}').come_in, f'众{n}', 'guess at once') for n in range(16)]
        begun = time.monotonic()
        assert one.service.ask('GET', '/v1/openapi.json').status == 200
        took = time.monotonic() - begun
        statuses = {answer.result().status for answer in many}
    assert statuses <= {401, 503} and 401 in statuses, statuses
    assert took < 5, took


# ---- Sessions

def a_session_that_was_there_before_is_not_taken_over():
    one = world()
    planted = Person(one.service, '小李')
    victim = Person(one.service, cookie=planted.cookie)
    assert victim.come_in('林管').status == 201
    assert victim.cookie != planted.cookie
    assert planted.status() == 401, 'the one that was planted has ended'
    assert victim.ask('GET', '/v1/session').json['account'] == '林管'
    made_up = Person(one.service, cookie='patbridge=pb_000000000000_' + 'A' * 43)
    assert made_up.status() == 401 and made_up.come_in('小李').status == 201
    assert 'pb_000000000000' not in made_up.cookie


def a_session_ends_without_use_at_its_time_and_when_it_is_signed_out():
    one = world()
    idle, old, out = (Person(one.service, '小李') for _ in range(3))
    session = lambda person: person.cookie.split('_')[1]  # noqa: short
    one.database.sql(f"UPDATE session SET used_at = used_at - interval '29 minutes' WHERE session_id = '{session(idle)}'")
    assert idle.status() == 200, 'and so it was used'
    one.database.sql(f"UPDATE session SET used_at = used_at - interval '31 minutes' WHERE session_id = '{session(idle)}'")
    assert idle.status() == 401
    one.database.sql(f"UPDATE session SET ends_at = ends_at - interval '12 hours' WHERE session_id = '{session(old)}'")
    assert old.status() == 401
    answer = out.ask('DELETE', '/v1/session')
    assert answer.status == 200 and 'Max-Age=0' in answer.headers['Set-Cookie'] and out.status() == 401
    kept = one.database.sql('SELECT string_agg(digest, \',\') FROM session')
    assert idle.cookie.split('_', 2)[2] not in kept, 'the token itself is kept nowhere'


def signing_out_everywhere_ends_all_of_ones_own():
    one = world()
    phone, desk, other = Person(one.service, '小李'), Person(one.service, '小李'), Person(one.service, '林管')
    listed = phone.ask('GET', '/v1/sessions').json['items']
    assert sum(item['current'] for item in listed) == 1 and len(listed) >= 2
    assert phone.ask('DELETE', '/v1/sessions').json['ended'] >= 2
    assert (phone.status(), desk.status(), other.status()) == (401, 401, 200)
    one.user('sessions', '林管', '--end')
    assert other.status() == 401


def another_password_ends_the_other_sessions():
    one = world()
    one.typed('换密码', '--role', 'official', '--password')
    here, there = Person(one.service, '换密码'), Person(one.service, '换密码')
    change = {'password': PASSWORD, 'new_password': '另一个密码 一二三四'}
    assert here.status('POST', '/v1/session/password', {**change, 'password': 'wrong'}) == 401
    assert here.status('POST', '/v1/session/password', {**change, 'new_password': 'short'}) == 400
    assert here.status('POST', '/v1/session/password', change) == 200
    assert (here.status(), there.status()) == (200, 401)
    Person(one.service, '换密码', want=401)
    Person(one.service, '换密码', change['new_password'])
    subprocess.run([BINARY, 'user', 'password', '换密码'], env=one.database.env, input=PASSWORD + '\n', text=True, check=True, capture_output=True)
    assert here.status() == 401


def another_role_and_none_hold_at_once():
    one = world()
    one.typed('换角色', '--role', 'agency_clerk', '--password', agency='JJ01')
    person = Person(one.service, '换角色')
    assert person.status(path='/v1/users') == 403 and person.status(path='/v1/reviews') == 200
    one.database.command('--agency', 'JJ01', 'user', 'role', '换角色', 'agency_manager')
    assert person.status(path='/v1/users') == 200
    one.user('role', '换角色', 'official')
    assert person.status(path='/v1/users') == 403 and person.status(path='/v1/reviews') == 403
    one.user('disable', '换角色')
    assert person.status() == 401
    Person(one.service, '换角色', want=401)
    one.user('enable', '换角色')
    assert person.status() == 200
    key = one.database.command('key', 'add', '其人', '--role', 'official', '--account', '换角色')['key']
    time.sleep(1.2)
    assert one.service.ask('GET', '/v1/session', key).status == 200
    one.user('disable', '换角色')
    time.sleep(2.2)
    assert one.service.ask('GET', '/v1/session', key).status == 401, 'a key in the name of somebody who is out of use'
    one.user('remove', '换角色')
    assert person.status() == 401


def a_password_that_another_knows_is_changed_first():
    one = world()
    root = Person(one.service, 'root')
    made = root.ask('POST', '/v1/users', {'name': '新官', 'role': 'official'})
    assert made.status == 201 and made.json['given'] is True
    given = made.json['new_password']
    person = Person(one.service, '新官', given)
    assert person.ask('GET', '/v1/session').json['change_password'] is True
    answer = person.ask('GET', '/v1/leads')
    assert (answer.status, answer.json['type']) == (403, '/problems/password-to-change')
    assert person.status('POST', '/v1/session/password', {'password': given, 'new_password': PASSWORD}) == 200
    assert person.status(path='/v1/leads') == 200
    root.ask('POST', '/v1/users/%E6%96%B0%E5%AE%98/password', {})
    assert person.status() == 401


def what_stands_in_a_tag_is_what_can_be_changed():
    one = world()
    root = Person(one.service, 'root')
    path = '/v1/users/%E9%99%88%E7%A7%91'
    tag = root.ask('GET', path).headers['ETag']
    assert root.status('PUT', path, {'disabled': True}, If_Match='"other"') == 412
    assert root.status('PUT', path, {'disabled': True}, If_Match=tag) == 200
    assert root.status('PUT', path, {'disabled': False}, If_Match=tag) == 412
    assert root.status('PUT', path, {'disabled': False}) == 200
    assert root.status('PUT', '/v1/users/root', {'disabled': True}) == 409, 'nobody shuts himself out'
    assert root.status('POST', '/v1/users/root/remove', {}) == 409
    manager = Person(one.service, '林管')
    assert manager.status('PUT', path, {'disabled': True}) == 404, 'an official is none of theirs'
    assert manager.status('POST', '/v1/users', {'name': '越权', 'role': 'official'}) == 403
    assert manager.status('PUT', '/v1/users/%E5%B0%8F%E6%9D%8E', {'role': 'administrator'}) == 403
    assert manager.ask('GET', '/v1/users').json['items'] and 'root' not in manager.ask('GET', '/v1/users').body.decode()


def what_could_not_be_sent_in_one_session_is_done_once_in_the_next():
    one = world()
    path, change = '/v1/users/%E9%99%88%E7%A7%91', {'disabled': False}
    before, after, other = Person(one.service, 'root'), Person(one.service, 'root'), Person(one.service, '林管')
    assert before.ask('PUT', path, change, Idempotency_Key='tap-1').headers['Idempotency-Replayed'] is None
    assert after.ask('PUT', path, change, Idempotency_Key='tap-1').headers['Idempotency-Replayed'] == 'true'
    assert other.ask('PUT', path, change, Idempotency_Key='tap-1').status == 404, "nobody else's key"


# ---- Codes

def a_code_is_asked_for_and_taken_once():
    one = world()
    one.typed('有码', '--role', 'official', '--password')
    person = Person(one.service, '有码')
    assert person.status('POST', '/v1/session/totp', {'password': 'wrong'}) == 401
    offered = person.ask('POST', '/v1/session/totp', {'password': PASSWORD}).json
    secret = offered['secret']
    assert offered['on'] is False and secret in offered['uri']
    Person(one.service, '有码')  # not before it is confirmed
    step = int(time.time()) // 30
    assert person.status('POST', '/v1/session/totp', {'code': code_at(secret, step + 9)}) == 401
    assert person.ask('POST', '/v1/session/totp', {'code': code_at(secret, step)}).json['on'] is True
    assert person.status('POST', '/v1/session/totp', {'password': PASSWORD}) == 409
    asked = Person(one.service, '有码', want=401).answer
    assert asked.json['type'] == '/problems/code-needed', asked.body
    assert Person(one.service, '有码', 'wrong password', want=401).answer.json['type'] == '/problems/sign-in-failed'
    Person(one.service, '有码', code='000000', want=401)
    Person(one.service, '有码', code=code_at(secret, step), want=401)  # it confirmed, and is used up
    later = code_at(secret, step + 1)
    one.reset()
    Person(one.service, '有码', code=later)
    Person(one.service, '有码', code=later, want=401)
    sealed = one.database.sql("SELECT encode(totp_sealed, 'escape') FROM credential WHERE account = '有码'")
    assert secret not in sealed
    root = Person(one.service, 'root')
    assert root.ask('POST', '/v1/users/%E6%9C%89%E7%A0%81/totp/remove', {}).json['totp'] is False
    Person(one.service, '有码')
    by_command = one.user('totp', '有码')
    Person(one.service, '有码', code=code_at(by_command['secret'], int(time.time()) // 30))
    one.user('totp', '有码', '--off')
    Person(one.service, '有码')


# ---- Forgery

def who_changes_something_by_a_cookie_proves_that_it_is_our_page():
    one = world()
    person, other = Person(one.service, '小李'), Person(one.service, '林管')
    host = f'http://127.0.0.1:{one.service.port}'
    need = {'source_id': 'XQ-1', 'enterprise_uscc': USCC['own'], 'text': '轻质发泡鞋底材料', 'valid_from': '2025-01-01'}
    rows = [({}, True), ({'X_CSRF_Token': None}, False), ({'X_CSRF_Token': 'x' * 32}, False), ({'X_CSRF_Token': other.csrf}, False),
            ({'Sec_Fetch_Site': 'cross-site'}, False), ({'Sec_Fetch_Site': 'same-site'}, False), ({'Sec_Fetch_Site': 'none'}, False),
            ({'Sec_Fetch_Site': None}, False), ({'Sec_Fetch_Site': None, 'Origin': 'https://evil.example'}, False),
            ({'Sec_Fetch_Site': None, 'Origin': 'null'}, False), ({'Origin': 'https://evil.example'}, False),
            ({'Sec_Fetch_Site': None, 'Origin': host}, True)]
    for headers, may in rows:
        answer = person.ask('PUT', '/v1/needs/XQ-1', need, **headers)
        assert (answer.status < 300) == may and (may or answer.json['type'] == '/problems/csrf'), (headers, answer.status, answer.body)
    for path in ('/v1/session', '/v1/needs'):
        answer = person.ask('GET', path, X_CSRF_Token=None, Sec_Fetch_Site='cross-site', Origin='https://evil.example')
        named = [name for name in answer.headers if name.lower().startswith('access-control')]
        assert not named, (path, named)
    asked = one.service.ask('OPTIONS', '/v1/needs/XQ-1', headers={'Origin': 'https://evil.example', 'Access-Control-Request-Method': 'PUT'})
    assert asked.status == 405 and 'Access-Control-Allow-Origin' not in asked.headers
    key = one.database.key('agency_clerk', '--agency', 'JJ01')
    assert one.service.ask('PUT', '/v1/needs/XQ-1', key, need, headers={'Origin': 'https://evil.example'}).status == 200, 'keys need none of it'
    foreign = Person(one.service)
    assert foreign.ask('POST', '/v1/session', {'name': '小李', 'password': PASSWORD}, Sec_Fetch_Site='cross-site').status == 403
    assert one.service.ask('POST', '/v1/session', body={'name': '小李', 'password': PASSWORD}).status == 201, 'a program that is no browser'


def a_long_body_is_read_only_from_whoever_is_known():
    one = world()
    line = (json.dumps({'source_id': 'XQ-L', 'enterprise_uscc': USCC['own'], 'text': '轻' * 500000, 'valid_from': '2025-01-01'}) + '\n').encode()
    stranger = Person(one.service, cookie='patbridge=pb_000000000000_' + 'A' * 43)
    stranger.csrf = csrf_of(stranger.cookie.split('=')[1])
    asked = subprocess.run(['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '-X', 'POST', f'{one.service.address}/v1/needs:load', '-H',
                            f'Cookie: {stranger.cookie}', '-H', f'X-CSRF-Token: {stranger.csrf}', '-H', 'Sec-Fetch-Site: same-origin', '-H',
                            'Content-Type: application/x-ndjson', '--data-binary', '@-'], input=line, capture_output=True, check=False)
    assert asked.stdout == b'401', asked
    assert Person(one.service, '小李').ask('POST', '/v1/needs:load?dry_run=true', line, kind='application/x-ndjson').status == 200


def behind_tls_the_cookie_is_of_this_host_alone():
    one = world()
    service = Service(one.database, env={'PATBRIDGE_PUBLIC_URL': 'https://patents.example.cn'})
    try:
        person = Person(service, '小李')
        said = person.answer.headers['Set-Cookie']
        assert said.startswith('__Host-patbridge=pb_') and said.endswith('; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure'), said
        assert person.status() == 200
        ours = {'Sec_Fetch_Site': None, 'Origin': 'https://patents.example.cn', 'Host': 'localhost'}
        assert person.status('DELETE', '/v1/session', Sec_Fetch_Site=None, Origin='http://patents.example.cn', Host='localhost') == 403
        plain = Person(service, cookie=person.cookie.replace('__Host-', ''))
        assert plain.status() == 401, 'a name that any page in the clear can set is not read'
        assert person.status('DELETE', '/v1/session', **ours) == 200
    finally:
        service.close()


# ---- Links

def invite(one, name='own', agency='JJ01'):
    return Person(one.service, '林管').ask('POST', '/v1/invitations', {'enterprise_uscc': USCC[name]}).json


def an_invitation_signs_its_enterprise_in_once_and_looking_changes_nothing():
    one = world()
    token = invite(one)['token']
    for _ in range(3):
        page = one.service.ask('GET', f'/s/{token}')
        assert page.status == 200 and 'own鞋业' in page.body.decode() and 'Set-Cookie' not in page.headers
    bad = token[:-1] + ('A' if token[-1] != 'A' else 'B')
    for wrong in (bad, 'x', sign(b'patbridge invitations 1', str(uuid.uuid4()), int(time.time()) + 100)):
        assert Person(one.service).ask('POST', '/v1/session/link', {'token': wrong}).status == 401, wrong
        assert one.service.ask('GET', f'/s/{wrong}').status == 404
    person = Person(one.service)
    assert person.take(person.ask('POST', '/v1/session/link', {'token': token})).status == 201
    about = person.ask('GET', '/v1/session').json
    assert (about['role'], about['agency'], about['enterprise']['uscc'], about['account']) == ('enterprise', 'JJ01', USCC['own'], None), about
    assert Person(one.service).ask('POST', '/v1/session/link', {'token': token}).status == 401, 'twice'
    assert one.service.ask('GET', f'/s/{token}').status == 404
    late = invite(one)['token']
    one.database.sql("UPDATE signin_link SET ends_at = ends_at - interval '4 days' WHERE used_at IS NULL")
    assert Person(one.service).ask('POST', '/v1/session/link', {'token': late}).status == 401, 'over'
    passed = sign(b'patbridge invitations 1', one.database.sql('SELECT link FROM signin_link WHERE used_at IS NULL LIMIT 1'), int(time.time()))
    assert Person(one.service).ask('POST', '/v1/session/link', {'token': passed}).status == 401
    button = invite(one)['token']
    answer = one.service.ask('POST', f'/s/{button}', body=b'', kind='application/x-www-form-urlencoded', headers={'Sec-Fetch-Site': 'same-origin'})
    assert answer.status == 200 and answer.headers['Set-Cookie'].startswith('patbridge=pb_')
    assert one.service.ask('POST', f'/s/{invite(one)["token"]}', body=b'', kind='application/x-www-form-urlencoded',
                           headers={'Sec-Fetch-Site': 'cross-site'}).status == 403
    by_command = one.database.command('--agency', 'JJ01', 'user', 'invite', USCC['other'])
    assert Person(one.service).ask('POST', '/v1/session/link', {'token': by_command['token']}).json['enterprise']['uscc'] == USCC['other']
    one.database.command('--agency', 'JJ02', 'user', 'invite', USCC['own'], codes=(1,))  # it does not hold it


def the_link_of_a_push_signs_in_once_while_it_is_new():
    one, push = world(), str(uuid.uuid4())
    one.database.sql(
        "INSERT INTO patent (patent_id, publication_number, title, change_seq, first_recorded_at, recorded_at) "
        "VALUES (9, 'CN106000009A', '鞋底', 1, now(), now()); INSERT INTO need (need_id, agency_id, source_id, enterprise_id, title, text, "
        "valid_from, change_seq, first_recorded_at, recorded_at) SELECT 9, a.agency_id, 'N9', e.enterprise_id, '鞋底', '鞋底', '2025-01-01', 1, "
        f"now(), now() FROM agency a, enterprise e WHERE a.code = 'JJ01' AND e.uscc = '{USCC['own']}'; INSERT INTO lead (patent_id, need_id, "
        "agency_id, score, fit, probability, rank, reasons, model, state, change_seq, proposed_at) SELECT 9, 9, agency_id, 1, .5, .5, 1, '[]', "
        "'m', 'pushed', 1, now() FROM need WHERE need_id = 9; INSERT INTO push (patent_id, push_id, origin_patent_id, need_id, agency_id, "
        "enterprise_id, score, fit, probability, threshold, model, reasons, created_at) "
        f"SELECT 9, '{push}', 9, 9, (SELECT agency_id FROM agency WHERE code = 'JJ01'), enterprise_id, 1, .5, .5, .1, 'm', '[]', now() "
        f"FROM enterprise WHERE uscc = '{USCC['own']}'")
    today = int(time.time()) // 86400
    link = lambda made: sign(b'patbridge answer links 1', push, today + 180 - made)  # noqa: days ago
    assert Person(one.service).ask('POST', '/v1/session/link', {'token': link(8)}).status == 401, 'no longer new'
    person = Person(one.service)
    assert person.take(person.ask('POST', '/v1/session/link', {'token': link(0)})).status == 201
    assert person.ask('GET', '/v1/session').json['enterprise']['uscc'] == USCC['own']
    assert Person(one.service).ask('POST', '/v1/session/link', {'token': link(0)}).status == 401, 'twice'
    one.database.sql('DELETE FROM push; DELETE FROM lead; DELETE FROM need WHERE need_id = 9; DELETE FROM patent')  # past the ledger, as they came


def an_enterprise_may_have_a_password_afterwards():
    one = world()
    person = Person(one.service)
    person.take(person.ask('POST', '/v1/session/link', {'token': invite(one, 'other')['token']}))
    assert person.status('POST', '/v1/session/totp', {'password': 'x'}) == 409
    assert person.status('POST', '/v1/session/password', {'name': 'a/b', 'new_password': PASSWORD}) == 400
    assert person.status('POST', '/v1/session/password', {'name': '林管', 'new_password': PASSWORD}) == 409
    assert person.status('POST', '/v1/session/password', {'name': '乙鞋业', 'new_password': PASSWORD}) == 200
    assert person.ask('GET', '/v1/session').json['account'] == '乙鞋业'
    again = Person(one.service, '乙鞋业')
    assert again.ask('GET', '/v1/session').json['enterprise']['uscc'] == USCC['other']
    assert 'Max-Age=2592000' in again.answer.headers['Set-Cookie'], 'nobody signs in each time on a phone'
    users = Person(one.service, '林管').ask('GET', '/v1/users').json['items']
    assert [user['enterprise_uscc'] for user in users if user['name'] == '乙鞋业'] == [USCC['other']]


# ---- The ledger

def sign_ins_failures_and_rights_are_in_the_ledger_and_it_verifies():
    one = world()
    for _ in range(4):
        Person(one.service, '陈科', 'guess', want=401)
    for n in range(8):
        Person(one.service, f'没有{n}', 'guess', want=401, address=f'192.0.2.{n}')
    one.database.sql("UPDATE signin_burst SET last_at = last_at - interval '11 minutes'")
    for _ in range(60):
        if len([row for row in one.ledger(kind='sign_in') if ' failed from ' in row['reason']]) >= 2:
            break
        time.sleep(.1)
    said = [row for row in one.ledger(kind='sign_in', subject='陈科') if 'failed' in row['reason']]
    assert len(said) == 2 and said[0]['reason'].startswith('failed at') and said[1]['reason'].startswith('4 failed from'), said
    nobody = one.ledger(kind='sign_in', subject="nobody's name")
    assert len(nobody) == 2, nobody
    assert one.ledger(kind='sign_in', subject='root', reason='password')
    assert one.ledger(kind='sign_in', subject='有码', reason='password and code')
    assert one.ledger(kind='sign_in', subject=USCC['own'], reason='an invitation')
    assert one.ledger(kind='account', subject='换角色', reason='official') and one.ledger(kind='account', subject='换角色', reason='disabled')
    assert one.ledger(kind='account', subject='新官', who='root', reason='password given')
    one.database.command('verify')
    assert PASSWORD not in one.service.log() and 'pb_' not in one.service.log()


try:
    main([there_is_no_default_password_and_the_first_administrator_types_one, a_name_that_is_nobodys_gets_the_same_answer_after_the_same_time,
          failures_wait_by_name_and_a_stranger_locks_nobody_out, sign_ins_at_once_hold_up_nobody_else,
          a_session_that_was_there_before_is_not_taken_over, a_session_ends_without_use_at_its_time_and_when_it_is_signed_out,
          signing_out_everywhere_ends_all_of_ones_own, another_password_ends_the_other_sessions, another_role_and_none_hold_at_once,
          a_password_that_another_knows_is_changed_first, what_stands_in_a_tag_is_what_can_be_changed,
          what_could_not_be_sent_in_one_session_is_done_once_in_the_next, a_code_is_asked_for_and_taken_once,
          who_changes_something_by_a_cookie_proves_that_it_is_our_page, a_long_body_is_read_only_from_whoever_is_known,
          behind_tls_the_cookie_is_of_this_host_alone, an_invitation_signs_its_enterprise_in_once_and_looking_changes_nothing,
          the_link_of_a_push_signs_in_once_while_it_is_new, an_enterprise_may_have_a_password_afterwards,
          sign_ins_failures_and_rights_are_in_the_ledger_and_it_verifies])
finally:
    if WORLD:
        WORLD[0].close()
