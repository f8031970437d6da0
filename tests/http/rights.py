"""rights.py - who may ask what: every route, by every role, for what is its own and what is another agency's.

Each is asked by a key and by a session. A route that has no row here fails, as does an answer that holds a word of the other agency."""
import base64
import hashlib
import hmac
import json
import os
import secrets
import subprocess
import time
import uuid

from client import BINARY, Database, Service, main, quote
from signin_cookie import csrf_of

ROLES = ['administrator', 'agency_manager', 'agency_clerk', 'official', 'enterprise', 'nobody']
#        route, variant           own: by role as above             another agency's
ROWS = [
    ('openapi', '',               '200 200 200 200 200 200',        '200 200 200 200 200 200'),
    ('metrics', '',               '200 200 200 200 200 200',        '200 200 200 200 200 200'),
    ('answer.show', '',           '404 404 404 404 404 404',        '404 404 404 404 404 404'),
    ('answer.give', '',           '404 404 404 404 404 404',        '404 404 404 404 404 404'),
    ('stop.show', '',             '404 404 404 404 404 404',        '404 404 404 404 404 404'),
    ('stop.give', '',             '404 404 404 404 404 404',        '404 404 404 404 404 404'),
    ('session.sign-in', '',       '400 400 400 400 400 400',        '400 400 400 400 400 400'),
    ('session.link', '',          '401 401 401 401 401 401',        '401 401 401 401 401 401'),
    ('session.show', '',          '200 200 200 200 200 401',        '200 200 200 200 200 401'),
    ('sessions.list', '',         '409 409 409 409 409 401',        '409 409 409 409 409 401', '200 200 200 200 200 401'),
    ('session.password', '',      '409 409 409 409 409 401',        '409 409 409 409 409 401', '400 400 400 400 400 401'),
    ('session.totp', '',          '409 409 409 409 409 401',        '409 409 409 409 409 401', '400 400 400 400 409 401'),
    ('session.totp-remove', '',   '409 409 409 409 409 401',        '409 409 409 409 409 401', '400 400 400 400 409 401'),
    ('invitation.show', '',       '404 404 404 404 404 404',        '404 404 404 404 404 404'),
    ('invitation.use', '',        '404 404 404 404 404 404',        '404 404 404 404 404 404'),
    ('invitations.make', '',      '201 201 201 403 403 401',        '201 403 403 403 403 401'),
    ('invitations.make', 'not held', '404 404 404 403 403 401',     '404 403 403 403 403 401'),
    ('users.list', '',            '200 200 403 403 403 401',        '200 403 403 403 403 401'),
    ('users.get', '',             '200 200 403 403 403 401',        '200 404 403 403 403 401'),
    ('users.add', '',             '201 201 403 403 403 401',        '201 403 403 403 403 401'),
    ('users.add', 'official',     '201 403 403 403 403 401',        '201 403 403 403 403 401'),
    ('users.change', '',          '200 200 403 403 403 401',        '200 404 403 403 403 401'),
    ('users.change', 'official',  '200 403 403 403 403 401',        '200 404 403 403 403 401'),
    ('users.password', '',        '200 200 403 403 403 401',        '200 404 403 403 403 401'),
    ('users.totp-remove', '',     '200 200 403 403 403 401',        '200 404 403 403 403 401'),
    ('users.sessions-end', '',    '200 200 403 403 403 401',        '200 404 403 403 403 401'),
    ('users.remove', '',          '200 200 403 403 403 401',        '200 404 403 403 403 401'),
    ('keys.list', '',             '200 200 403 403 403 401',        '200 403 403 403 403 401'),
    ('keys.make', '',             '201 201 403 403 403 401',        '201 403 403 403 403 401'),
    ('keys.revoke', '',           '200 200 403 403 403 401',        '200 404 403 403 403 401'),
    ('endpoints.list', '',        '200 200 200 403 403 401',        '200 403 403 403 403 401'),
    ('endpoints.set', '',         '200 200 403 403 403 401',        '200 403 403 403 403 401'),
    ('endpoints.roll', '',        '200 200 403 403 403 401',        '200 403 403 403 403 401'),
    ('endpoints.off', '',         '200 200 403 403 403 401',        '200 403 403 403 403 401'),
    ('endpoints.on', '',          '200 200 403 403 403 401',        '200 403 403 403 403 401'),
    ('endpoints.test', '',        '200 200 403 403 403 401',        '200 403 403 403 403 401'),
    ('feeds.list', '',            '200 200 200 403 403 401',        '200 403 403 403 403 401'),
    ('feeds.add', '',             '201 201 403 403 403 401',        '201 403 403 403 403 401'),
    ('feeds.change', '',          '200 200 403 403 403 401',        '200 404 403 403 403 401'),
    ('feeds.off', '',             '200 200 403 403 403 401',        '200 404 403 403 403 401'),
    ('leads.list', '',            '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('leads.get', '',             '200 200 200 200 403 401',        '200 404 404 200 403 401'),
    ('leads.why-not', '',         '200 200 200 200 403 401',        '200 404 404 200 403 401'),
    ('who.find', '',              '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('leads.accept', '',          '403 200 200 403 403 401',        '403 404 404 403 403 401'),
    ('leads.reject', '',          '403 200 200 403 403 401',        '403 404 404 403 403 401'),
    ('leads.detail', '',          '200 200 200 200 403 401',        '200 404 404 200 403 401'),
    ('leads.accept-likely', '',   '403 200 200 403 403 401',        '403 403 403 403 403 401'),
    ('leads.take-back', '',       '403 409 409 403 403 401',        '403 403 403 403 403 401'),
    ('pushes.list', '',           '200 200 200 200 200 401',        '200 403 403 200 403 401'),
    ('pushes.get', '',            '200 200 200 200 200 401',        '200 404 404 200 404 401'),
    ('pushes.get', 'neighbour',   '200 200 200 200 404 401',        '200 404 404 200 404 401'),
    ('pushes.story', '',          '200 200 200 200 200 401',        '200 404 404 200 404 401'),
    ('pushes.story', 'neighbour', '200 200 200 200 404 401',        '200 404 404 200 404 401'),
    ('pushes.opened', '',         '403 403 403 403 409 401',        '403 403 403 403 404 401'),
    ('pushes.opened', 'neighbour', '403 403 403 403 404 401',       '403 403 403 403 404 401'),
    ('because.list', '',          '200 200 200 200 200 401',        '200 200 200 200 200 401'),
    ('own.wishes', '',            '403 403 403 403 200 401',        '403 403 403 403 200 401'),
    ('own.wishes-put', '',        '403 403 403 403 200 401',        '403 403 403 403 200 401'),
    ('own.resume', '',            '403 403 403 403 200 401',        '403 403 403 403 200 401'),
    ('own.needs', '',             '403 403 403 403 200 401',        '403 403 403 403 200 401'),
    ('own.need-put', '',          '403 403 403 403 2xx 401',        '403 403 403 403 404 401'),
    ('own.need-put', 'neighbour', '403 403 403 403 404 401',        '403 403 403 403 404 401'),
    ('own.need-close', '',        '403 403 403 403 200 401',        '403 403 403 403 404 401'),
    ('own.need-close', 'neighbour', '403 403 403 403 404 401',      '403 403 403 403 404 401'),
    ('own.look', '',              '403 403 403 403 200 401',        '403 403 403 403 200 401'),
    ('own.lookups', 'own',        '403 403 403 403 409 401',        '403 403 403 403 409 401'),
    ('own.lookups', 'foreign',    '403 403 403 403 409 401',        '403 403 403 403 409 401', '403 403 403 403 404 401'),
    ('deliveries.list', '',       '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('dead-letters.list', '',     '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('dead-letters.replay', '',   '200 200 200 403 403 401',        '200 403 403 403 403 401'),
    ('feedback.list', '',         '200 200 200 200 200 401',        '200 403 403 200 403 401'),
    ('feedback.give', '',         '403 2xx 2xx 403 2xx 401',        '403 404 404 403 404 401'),
    ('feedback.give', 'neighbour', '403 2xx 2xx 403 404 401',       '403 404 404 403 404 401'),
    ('follow-ups.list', '',       '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('follow-ups.get', '',        '200 200 200 200 403 401',        '200 404 404 200 403 401'),
    ('follow-ups.change', '',     '403 200 200 403 403 401',        '403 404 404 403 403 401'),
    ('bounces.take', '',          '403 2xx 2xx 403 403 401',        '403 404 404 403 403 401'),
    ('bounces.take', 'neighbour', '403 2xx 2xx 403 403 401',        '403 404 404 403 403 401'),
    ('decisions.list', '',        '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('decisions.make', '',        '403 403 403 201 403 401',        '403 403 403 201 403 401'),
    ('decisions.waiting', '',     '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('parameters.list', '',       '200 200 200 200 403 401',        '200 200 200 200 403 401'),
    ('parameters.decide', '',     '403 403 403 201 403 401',        '403 403 403 201 403 401'),
    ('documents.list', '',        '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('documents.get', '',         '200 200 200 200 403 401',        '200 404 404 200 403 401'),
    ('documents.attach', '',      '2xx 2xx 2xx 403 403 401',        '2xx 403 403 403 403 401'),
    ('track', '',                 '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('forecast', '',              '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('applications.make', '',     '200 200 403 403 403 401',        '200 403 403 403 403 401'),
    ('evidence', '',              '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('changes', '',               '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('policies.list', '',         '200 200 200 200 403 401',        '200 200 200 200 403 401'),
    ('words', '',                 '200 200 200 200 200 401',        '200 200 200 200 200 401'),
    ('charts', '',                '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('snapshots.take', '',        '403 403 403 201 403 401',        '403 403 403 201 403 401'),
    ('snapshots.list', '',        '200 403 403 200 403 401',        '200 403 403 200 403 401'),
    ('snapshots.file', '',        '200 403 403 200 403 401',        '200 403 403 200 403 401'),
    ('ledger.head', '',           '200 403 403 200 403 401',        '200 403 403 200 403 401'),
    ('ledger.verify', '',         '202 403 403 202 403 401',        '202 403 403 202 403 401'),
    ('ledger.verified', '',       '200 403 403 200 403 401',        '200 403 403 200 403 401'),
    ('oddities.list', '',         '200 403 403 200 403 401',        '200 403 403 200 403 401'),
    ('oddities.look', '',         '403 403 403 404 403 401',        '403 403 403 404 403 401'),
    ('batches.list', '',          '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('batches.get', '',           '200 200 200 200 403 401',        '200 404 404 200 403 401'),
    ('batches.refusals', '',      '200 200 200 200 403 401',        '200 404 404 200 403 401'),
    ('batches.refused-file', '',  '200 200 200 200 403 401',        '200 404 404 200 403 401'),
    ('batches.settle', '',        '2xx 2xx 2xx 403 403 401',        '2xx 403 403 403 403 401'),
    ('loads.progress', '',        '200 200 200 403 403 401',        '200 200 200 403 403 401'),
    ('today', '',                 '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('batches.undo', '',          '200 409 409 403 403 401',        '200 403 403 403 403 401'),
    ('reviews.list', '',          '200 200 200 403 403 401',        '200 403 403 403 403 401'),
    ('reviews.reject', '',        '403 200 409 403 403 401',        '403 404 404 403 403 401'),
    ('reviews.undo', '',          '403 200 409 403 403 401',        '403 404 404 403 403 401'),
    ('reviews.accept', '',        '403 200 409 403 403 401',        '403 404 404 403 403 401'),
    ('mappings.list', '',         '200 200 200 403 403 401',        '200 403 403 403 403 401'),
    ('mappings.keep', '',         '200 200 200 403 403 401',        '200 403 403 403 403 401'),
    ('mappings.remove', '',       '200 404 404 403 403 401',        '200 403 403 403 403 401'),
    ('records.preview', 'needs',  '200 200 200 403 403 401',        '200 403 403 403 403 401'),
    ('records.list', 'needs',     '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('records.list', 'patents',   '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('records.list', 'agencies',  '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('records.export', 'needs',   '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('records.export', 'patents', '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('records.linked', 'needs',   '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('records.linked', 'patents', '200 200 200 200 403 401',        '200 404 404 200 403 401'),
    ('records.linked', 'enterprises', '200 200 200 200 403 401',    '200 404 404 200 403 401'),
    ('records.get', 'needs',      '200 200 200 200 403 401',        '200 403 403 200 403 401'),
    ('records.get', 'patents',    '200 200 200 200 403 401',        '200 404 404 200 403 401'),
    ('records.get', 'enterprises', '200 200 200 200 403 401',       '200 404 404 200 403 401'),
    ('records.get', 'agencies',   '200 200 200 200 403 401',        '200 404 404 200 403 401'),
    ('records.put', 'needs',      '2xx 2xx 2xx 403 403 401',        '2xx 403 403 403 403 401'),
    ('records.put', 'agencies',   '200 403 403 403 403 401',        '200 403 403 403 403 401'),
    ('records.load', 'needs',     '200 200 200 403 403 401',        '200 403 403 403 403 401'),
    ('records.load', 'agencies',  '200 403 403 403 403 401',        '200 403 403 403 403 401'),
    ('session.end', '',           '409 409 409 409 409 401',        '409 409 409 409 409 401', '200 200 200 200 200 401'),
    ('sessions.end', '',          '409 409 409 409 409 401',        '409 409 409 409 409 401', '200 200 200 200 200 401'),
]
WEBHOOK_SECRET = 'whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODk='
FORM = 'application/x-www-form-urlencoded'
CODES = {'own': 'JJ01', 'foreign': 'JJ02'}
USCC = {'own': '91350582MA0077119D', 'neighbour': '91350582MA00771278', 'foreign': '91350582MA00771353'}
NEED = {'own': 'XQ-OWN', 'neighbour': 'XQ-NEXT', 'foreign': 'XQ-FOREIGN'}
PATENT = {'own': '202219830104.7', 'foreign': '202119831298.8'}
TEXT = '轻质发泡鞋底材料，回弹好，用超临界发泡'
PERSON = {'own': '本方小李', 'foreign': '外方小王'}
ACCOUNTS = {'administrator': '管理员', 'agency_manager': '本方经理', 'agency_clerk': '本方小陈', 'official': '林审'}
SECRETS = ['XQ-FOREIGN', 'JJ02', '外方', '91350582MA00771353']


def patent(whose):
    return {'application_number': PATENT[whose], 'title': f'{TEXT} {"外方" if whose == "foreign" else ""}', 'abstract': TEXT,
            'legal_status': 'granted', 'type': 'invention', 'application_date': '2022-04-07', 'applicants': ['某大学']}


def need(name):
    return {'source_id': NEED[name], 'enterprise_uscc': USCC[name], 'title': TEXT, 'text': TEXT, 'valid_from': '2025-01-01'}


def enterprise(name):
    return {'uscc': USCC[name], 'name': {'own': '甲鞋业', 'neighbour': '乙鞋业', 'foreign': '外方鞋业'}[name] + '有限公司',
            'division_code': '350582'}


class World:
    """Two agencies that have the same things, each its own."""

    def __init__(self):
        self.database = Database()
        self.database.env['PATBRIDGE_KEY_FILE'] = f'{self.database.folder}/secret.key'
        with open(os.open(f'{self.database.folder}/secret.key', os.O_CREAT | os.O_WRONLY, 0o600), 'w', encoding='ascii') as file:
            file.write('07' * 32)
        self.service = Service(self.database)
        self.keys = {'administrator': self.database.key('administrator'), 'nobody': None}
        for whose, code in CODES.items():
            self.ask('PUT', f'/v1/agencies/{code}', self.keys['administrator'],
                     {'code': code, 'name': ('外方' if whose == 'foreign' else '本方') + '运营公司'})
        self.made = 0
        for role, name in ACCOUNTS.items():
            self.database.command(*(('--agency', 'JJ01') if 'agency' in role else ()), 'user', 'add', name, '--role', role)
        for whose, name in PERSON.items():
            self.database.command('--agency', CODES[whose], 'user', 'add', name, '--role', 'agency_clerk', '--generate')
        self.lead, self.push, self.paper = {}, {}, {}
        self.lead, self.push, self.refused, self.review, self.undone, self.spare = {}, {}, {}, {}, {}, {}
        for whose, code in CODES.items():
            self.fill(whose, code)
        self.mail()
        self.keys['agency_manager'] = self.database.key('agency_manager', '--agency', 'JJ01')
        self.keys['agency_clerk'] = self.database.key('agency_clerk', '--agency', 'JJ01')
        self.keys['official'] = self.key('official', '--account', '林审')
        self.sessions = {role: self.session(role) for role in ROLES}
        self.keys['enterprise'] = self.key('enterprise', '--enterprise', USCC['own'], of=('--agency', 'JJ01'))

    def key(self, role, *words, of=()):
        return self.database.command(*of, 'key', 'add', role, '--role', role, '--rate', '0', *words)['key']

    def session(self, role):
        """What a browser sends for a new session of this role; as if somebody had signed in a moment ago."""
        name, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        if role == 'nobody':
            return {}
        digest, moments = hashlib.sha256(secret.encode()).hexdigest(), "now(), now(), 3600, now() + interval '1 hour'"
        bound = f"'{ACCOUNTS[role]}', NULL, NULL" if role in ACCOUNTS else \
            f"NULL, (SELECT agency_id FROM agency WHERE code = 'JJ01'), (SELECT enterprise_id FROM enterprise WHERE uscc = '{USCC['own']}')"
        self.database.sql('INSERT INTO session (session_id, digest, account, agency_id, enterprise_id, address, made_at, used_at, idle_s, ends_at) '
                          f"VALUES ('{name}', '{digest}', {bound}, '', {moments})")
        token = f'pb_{name}_{secret}'
        return {'Cookie': f'patbridge={token}', 'X-CSRF-Token': csrf_of(token), 'Sec-Fetch-Site': 'same-origin'}

    def new_user(self, whose):
        """The path of an account that nobody asked for yet."""
        self.made += 1
        name = f"{'外方' if whose == 'foreign' else '本方'}第{self.made}位"
        self.database.command('--agency', CODES[whose], 'user', 'add', name, '--role', 'agency_clerk')
        return f'/v1/users/{quote(name)}'

    def new_need(self):
        """The name of a need of the own enterprise that nobody has ended yet."""
        name = f'XQ-ENDS-{self.made}'
        self.ask('PUT', f'/v1/needs/{name}', self.keys['agency_clerk'], {**need('own'), 'source_id': name})
        return name

    def ask(self, *words, **named):
        answer = self.service.ask(*words, **named)
        assert answer.status < 300, (words, answer.body)
        return answer.json

    def fill(self, whose, code):
        clerk = self.database.key('agency_clerk', '--agency', code)
        names = [whose] if whose == 'foreign' else [whose, 'neighbour']
        self.ask('PUT', f'/v1/patents/{PATENT[whose]}', clerk, patent(whose))
        for name in names:
            self.ask('PUT', f'/v1/enterprises/{USCC[name]}', clerk, enterprise(name))
            self.ask('PUT', f'/v1/needs/{NEED[name]}', clerk, need(name))
        self.database.command('--agency', code, 'match')
        for lead in self.ask('GET', '/v1/leads', clerk)['items']:
            self.lead[lead['need']] = lead['lead']
            self.ask('POST', f"/v1/leads/{lead['lead']}/accept", clerk, {})
        self.database.command('--agency', code, 'push', '--once', '--ignore-quiet')
        for push in self.ask('GET', '/v1/pushes', clerk)['items']:
            self.push[push['need']] = push['push_id']
        self.ask('POST', '/v1/feedback', clerk, {'lead': self.lead[NEED[whose]], 'answer': 'interested'})
        self.paper[whose] = hashlib.sha256(self.content(whose)).hexdigest()
        self.ask('POST', f'/v1/documents?kind=need&key={NEED[whose]}&file=paper.pdf', clerk, self.content(whose), kind='application/pdf')
        self.fill_refused(whose, clerk)
        self.spare[whose] = self.database.command('--agency', code, 'key', 'add', whose, '--role', 'agency_clerk')['id']
        # One more that waits for review: the same need, another patent.
        more = {'own': '202219831307.8', 'foreign': '202219831081.1'}[whose]
        self.ask('PUT', f'/v1/patents/{more}', clerk, {**patent(whose), 'application_number': more})
        self.database.command('--agency', code, 'match')
        waiting = [lead for lead in self.ask('GET', '/v1/leads?state=proposed', clerk)['items'] if lead['need'] == NEED[whose]]
        self.lead[f'{whose} waiting'] = waiting[0]['lead']

    def mail(self):
        """As if each push had gone out as mail."""
        self.database.sql(
            "INSERT INTO endpoint (endpoint_id, agency_id, enterprise_id, channel, url, secret_sealed, created_at) "
            "SELECT DISTINCT ON (agency_id, enterprise_id) hashint8(enterprise_id), agency_id, enterprise_id, 'email', 'mailto:x', '', now() FROM push;"
            "INSERT INTO outbox (outbox_id, push_id, patent_id, agency_id, enterprise_id, endpoint_id, channel, body, state, next_attempt_at, created_at) "
            "SELECT 900 + row_number() OVER (), push_id, patent_id, agency_id, enterprise_id, hashint8(enterprise_id), 'email', '', CASE WHEN row_number() OVER () = 1 THEN 'dead' ELSE 'done' END, now(), now() FROM push;"
            "INSERT INTO attempt (outbox_id, agency_id, number, started_at, ended_at, outcome) "
            "SELECT outbox_id, agency_id, 1, now(), now(), 'sent' FROM outbox WHERE outbox_id > 900")

    def bounce(self, push):
        """A mail server's letter, to an address that names the push as the product's own does."""
        derived = hashlib.blake2b(b'patbridge answer links 1', key=bytes([7] * 32), digest_size=32).digest()
        signed = uuid.UUID(push).bytes + (int(time.time()) // 86400 + 180).to_bytes(4, 'big')
        token = base64.urlsafe_b64encode(signed + hmac.new(derived, signed, hashlib.sha256).digest()[:16]).decode()
        return f'From: postmaster@mx.example.cn\r\nTo: b+{token}@bounce.example.cn\r\n\r\n550 5.7.1 no\r\n'.encode()

    @staticmethod
    def content(whose):
        return f'%PDF {CODES[whose]}'.encode()
    def fill_refused(self, whose, clerk):
        """A load that refused a row which bears the name of a known organisation, and one to be taken back."""
        name = enterprise(whose)['name']
        report = self.ask('POST', '/v1/enterprises:load', clerk, f'企业名称,行政区划代码\n{name},350582\n'.encode(), kind='text/csv')
        self.refused[whose] = report['batch']
        self.review[whose] = self.ask('GET', '/v1/reviews', clerk)['items'][0]['id']
        line = f'发票号码,客户,金额（元）,开票日期,服务内容\nFP-{whose},甲,10,2025-01-02,检索\n'
        self.undone[whose] = self.ask('POST', '/v1/sales:load', clerk, line.encode(), kind='text/csv')['batch']

    def request(self, route, variant, whose, role):
        """(method, path, body, kind of body)"""
        name = variant if variant == 'neighbour' and whose == 'own' else whose
        code, lead, push = CODES[whose], self.lead[NEED[name]], self.push[NEED[name]]
        of = f'?agency={code}' if whose == 'foreign' else ''
        always, asked = f'?agency={code}', f'?agency={code}' if role == 'administrator' else ''
        place = self.refused_place(whose) if route == 'batches.settle' else None
        feed = self.feed(whose) if route in ('feeds.change', 'feeds.off') else None
        user, webhook = f'/v1/users/{quote(PERSON[whose])}', f'/v1/endpoints/{USCC[whose]}/webhook'
        if route in ('endpoints.off', 'endpoints.on'):
            self.database.sql("UPDATE endpoint SET disabled_at = %s WHERE endpoint_id IN (SELECT max(endpoint_id) FROM endpoint WHERE channel = 'webhook' "
                              "GROUP BY enterprise_id)" % {'off': 'NULL', 'on': 'now()'}[route[10:]])
        while route == 'ledger.verify' and self.ask('GET', '/v1/ledger/verify', self.keys['administrator'])['state'] == 'verifying':
            time.sleep(.05)  # one at a time
        self.made += 1
        if route == 'users.remove':
            return 'POST', self.new_user(whose) + '/remove', {}
        if route == 'users.change' and variant == 'official':
            return 'PUT', self.new_user(whose), {'role': 'official'}
        if route == 'records.linked' and variant != 'needs':
            return 'GET', f'/v1/{variant}:linked?key={self.record_path(variant, whose).split("/")[3]}'
        if route == 'own.need-close' and name == 'own':
            return 'POST', f'/v1/own/needs/{self.new_need()}/close', {}
        line = json.dumps(need(name) if variant == 'needs' else {'code': code, 'name': '甲'}).encode()
        return {
            'openapi': ('GET', '/v1/openapi.json'), 'metrics': ('GET', '/metrics'),
            'answer.show': ('GET', f'/a/{push}'), 'stop.show': ('GET', f'/u/{push}'),  # a push's id is no link to it
            'answer.give': ('POST', f'/a/{push}', b'answer=stop', FORM), 'stop.give': ('POST', f'/u/{push}', b'answer=stop', FORM),
            'session.sign-in': ('POST', '/v1/session', {'name': '某人'}), 'session.link': ('POST', '/v1/session/link', {'token': push}),
            'session.show': ('GET', '/v1/session'), 'session.end': ('DELETE', '/v1/session'), 'sessions.list': ('GET', '/v1/sessions'),
            'sessions.end': ('DELETE', '/v1/sessions'), 'session.password': ('POST', '/v1/session/password', {}),
            'session.totp': ('POST', '/v1/session/totp', {}), 'session.totp-remove': ('POST', '/v1/session/totp/remove', {}),
            'invitation.show': ('GET', f'/s/{push}'), 'invitation.use': ('POST', f'/s/{push}', b'', FORM),
            'invitations.make': ('POST', f'/v1/invitations{always}',
                                 {'enterprise_uscc': USCC[{'own': 'foreign', 'foreign': 'own'}[whose] if variant else whose]}),
            'users.list': ('GET', f'/v1/users{of}'), 'users.get': ('GET', user),
            'users.add': ('POST', f'/v1/users{"" if variant else always}',
                          {'name': f'新人{self.made}', 'role': variant or 'agency_clerk'}),
            'users.change': ('PUT', user, {'disabled': False}), 'users.password': ('POST', f'{user}/password', {}),
            'users.totp-remove': ('POST', f'{user}/totp/remove', {}), 'users.sessions-end': ('DELETE', f'{user}/sessions'),
            'keys.list': ('GET', f'/v1/keys{of}'), 'keys.make': ('POST', f'/v1/keys{always}', {'name': '程序', 'role': 'agency_clerk'}),
            'keys.revoke': ('POST', f'/v1/keys/{self.spare[whose]}/revoke', {}),
            'endpoints.list': ('GET', f'/v1/endpoints{of}'), 'feeds.list': ('GET', f'/v1/feeds{of}'),
            'feeds.add': ('POST', f'/v1/feeds{always}', {'address': 'https://127.0.0.1:9/a.csv', 'kind': 'patent'}),
            'feeds.change': ('PUT', f'/v1/feeds/{feed}{asked}', {'every_s': 7200}),
            'feeds.off': ('POST', f'/v1/feeds/{feed}/off{asked}', {}),
            'endpoints.set': ('PUT', f'{webhook}{always}', {'address': 'https://127.0.0.1:9/in', 'secret': WEBHOOK_SECRET}),
            'endpoints.roll': ('POST', f'{webhook}/roll{always}', {'secret': WEBHOOK_SECRET}),
            'endpoints.off': ('POST', f'{webhook}/off{always}', {}), 'endpoints.on': ('POST', f'{webhook}/on{always}', {}),
            'endpoints.test': ('POST', f'/v1/endpoint-tests{always}', {'enterprise_uscc': USCC[whose], 'channel': 'webhook'}),
            'leads.list': ('GET', f'/v1/leads{of}'), 'leads.get': ('GET', f'/v1/leads/{lead}'),
            'leads.detail': ('GET', f'/v1/leads/{lead}/detail'),
            'leads.accept-likely': ('POST', f'/v1/leads/accept-likely{always}', {'probability': 1}),
            'leads.take-back': ('POST', f'/v1/leads/take-back{always}', {'decided_at': '2025-01-01T00:00:00Z'}),
            'leads.why-not': ('GET', f'/v1/leads/{lead}/why-not'),
            'who.find': ('GET', f'/v1/who{always}&who=institutions&need={NEED[name]}'),
            'leads.accept': ('POST', f"/v1/leads/{self.lead[whose + ' waiting']}/accept", {}),
            'leads.reject': ('POST', f"/v1/leads/{self.lead[whose + ' waiting']}/reject", {'reason': '此前已寄送'}),
            'pushes.list': ('GET', f'/v1/pushes{of}'), 'pushes.get': ('GET', f'/v1/pushes/{push}'),
            'pushes.story': ('GET', f'/v1/pushes/{push}/story'), 'pushes.opened': ('POST', f'/v1/pushes/{push}/opened', {}),
            'because.list': ('GET', '/v1/because'), 'own.wishes': ('GET', '/v1/own/wishes'),
            'own.wishes-put': ('PUT', '/v1/own/wishes', {'quiet': '21:00-07:30', 'weekly_limit': None}),
            'own.resume': ('POST', '/v1/own/resume', {}),
            'own.needs': ('GET', '/v1/own/needs'), 'own.need-put': ('PUT', f'/v1/own/needs/{NEED[name]}', {'text': TEXT}),
            'own.need-close': ('POST', f'/v1/own/needs/{NEED[name]}/close', {}),
            'own.look': ('POST', '/v1/own/look', {'text': TEXT}), 'own.lookups': ('POST', '/v1/own/lookups', {'patent': PATENT.get(variant)}),
            'deliveries.list': ('GET', f'/v1/deliveries{of}'),
            'dead-letters.list': ('GET', f'/v1/dead-letters{of}'),
            'dead-letters.replay': ('POST', f'/v1/dead-letters/replay{always}', {'letters': ['901', '902', '903']}),
            'feedback.list': ('GET', f'/v1/feedback{of}'),
            'feedback.give': ('POST', '/v1/feedback', {'lead': lead, 'answer': 'interested'}),
            'follow-ups.list': ('GET', f'/v1/follow-ups{of}'), 'follow-ups.get': ('GET', f'/v1/follow-ups/{lead}'),
            'follow-ups.change': ('PUT', f'/v1/follow-ups/{lead}', {'stage': 'contact', 'note': '已电话联系'}),
            'bounces.take': ('POST', '/v1/bounces', self.bounce(push), 'message/rfc822'),
            'decisions.list': ('GET', f'/v1/decisions{of}'),
            'decisions.make': ('POST', f'/v1/decisions{always}',
                               {'verdict': 'accept', 'kind': 'need', 'keys': [NEED[whose]], 'reason': '已核实'}),
            'parameters.list': ('GET', '/v1/parameters/jinjiang-2023-6'),
            'parameters.decide': ('POST', '/v1/parameters/jinjiang-2023-6',
                                  {'verdict': 'set', 'clause': '4.2', 'parameter': 'need_text_min', 'value': 10, 'reason': '已商议'}),
            'documents.list': ('GET', f'/v1/documents{of}'), 'documents.get': ('GET', f'/v1/documents/{self.paper[whose]}'),
            'documents.attach': ('POST', f'/v1/documents{always}&kind=need&key={NEED[whose]}&file=paper.pdf', self.content(whose), 'application/pdf'),
            'track': ('GET', f'/v1/track?policy=jinjiang-2023-6&{always[1:] if of else ""}'.rstrip('&')),
            'forecast': ('GET', f'/v1/forecast?policy=jinjiang-2023-6&{always[1:] if of else ""}'.rstrip('&')),
            'applications.make': ('POST', f'/v1/applications{always}', {'policy': 'jinjiang-2023-6', 'clause': '4.2'}),
            'evidence': ('GET', f'/v1/evidence/jinjiang-2023-6/needs{of}'),
            'decisions.waiting': ('GET', f'/v1/decisions/waiting{of}'),
            'changes': ('GET', f'/v1/changes/jinjiang-2023-6/needs?before=2024-01-01{"&" + of[1:] if of else ""}'),
            'policies.list': ('GET', '/v1/policies'), 'words': ('GET', '/v1/words'), 'charts': ('GET', f'/v1/charts{of}'),
            'snapshots.take': ('POST', '/v1/snapshots', {}), 'snapshots.list': ('GET', '/v1/snapshots'),
            'snapshots.file': ('GET', '/v1/snapshots/1'), 'ledger.head': ('GET', '/v1/ledger/head'),
            'ledger.verify': ('POST', '/v1/ledger/verify', {}), 'ledger.verified': ('GET', '/v1/ledger/verify'), 'oddities.list': ('GET', f'/v1/oddities{of}'),
            'oddities.look': ('POST', '/v1/oddities', {'rule': 'round_amounts', 'key': 'nobody', 'reason': '看过'}),
            'records.list': ('GET', f'/v1/{variant}{of}'),
            'records.export': ('GET', f'/v1/{variant}:export?columns=title{"&" + always[1:] if of else ""}'),
            'records.linked': ('GET', f'/v1/needs:linked{always}&key={NEED[whose]}'),
            'records.get': ('GET', self.record_path(variant, whose)),
            'records.put': ('PUT', f'/v1/{variant}/{NEED[whose] if variant == "needs" else code}{always}',
                            need(whose) if variant == 'needs' else {'code': code, 'name': '外方' if whose == 'foreign' else '甲'}),
            'batches.list': ('GET', f'/v1/batches{of}'), 'batches.get': ('GET', f'/v1/batches/{self.refused[whose]}'),
            'batches.refusals': ('GET', f'/v1/batches/{self.refused[whose]}/refusals'),
            'batches.refused-file': ('GET', f'/v1/batches/{self.refused[whose]}/refused.xlsx'),
            'batches.settle': ('POST', f'/v1/batches/{self.refused[whose]}/refusals/{place}/settle{always}', {'set_aside': True}),
            'loads.progress': ('GET', f'/v1/progress/{self.made}'), 'today': ('GET', f'/v1/today{of}'),
            'batches.undo': ('POST', f'/v1/batches/{self.undone[whose]}/undo{always}', {}),
            'reviews.list': ('GET', f'/v1/reviews{always}'),
            'reviews.reject': ('POST', f'/v1/reviews/{self.review[whose]}/reject', {}),
            'reviews.undo': ('POST', f'/v1/reviews/{self.review[whose]}/undo', {}),
            'reviews.accept': ('POST', f'/v1/reviews/{self.review[whose]}/accept', {}),
            'mappings.list': ('GET', f'/v1/mappings{always}'),
            'mappings.keep': ('PUT', f'/v1/mappings/need/{quote("某库")}{always}', {'header': ['no', 'what'], 'mapping': {
                'kind': 'need', 'columns': {'no': 'source_id', 'what': 'text'}}}),
            'mappings.remove': ('POST', f'/v1/mappings/need/{quote("某库")}/remove{always}', {}),
            'records.preview': ('POST', f'/v1/{variant}:preview{always}', line, 'application/x-ndjson'),
            'records.load': ('POST', f'/v1/{variant}:load{always}', line, 'application/x-ndjson'),
        }[route]

    def feed(self, whose):
        """One that is in use again."""
        of = f"agency_id = (SELECT agency_id FROM agency WHERE code = '{CODES[whose]}')"
        self.database.sql(f'UPDATE feed SET off_at = NULL WHERE {of}')
        return self.database.sql(f'SELECT max(feed_id) FROM feed WHERE {of}') or '1'

    def refused_place(self, whose):
        """Where the refused row stands, which waits again."""
        self.database.sql(f'UPDATE refused_row SET settled_at = NULL WHERE batch_id = {self.refused[whose]}')
        return self.database.sql(f'SELECT place FROM refused_row WHERE batch_id = {self.refused[whose]} LIMIT 1')

    def record_path(self, variant, whose):
        code = CODES[whose]
        return {'needs': f'/v1/needs/{NEED[whose]}?agency={code}', 'patents': f'/v1/patents/{quote(PATENT[whose])}',
                'enterprises': f'/v1/enterprises/{USCC[whose]}', 'agencies': f'/v1/agencies/{code}'}.get(variant)

    def close(self):
        self.service.close()
        self.database.close()


def fits(status, wanted):
    return str(status) == wanted or (wanted == '2xx' and 200 <= status < 300)


def every_route_has_a_row():
    table = json.loads(subprocess.run([BINARY, 'serve', '--routes'], capture_output=True, check=True).stdout)
    missing = {route['name'] for route in table['routes']} - {row[0] for row in ROWS}
    assert not missing, f'no row for {missing}'


def grants(status, wanted):
    """The same in the second round: what could be done may be done already; what may not is refused with the very same status."""
    done = ('2xx', '200', '201', '409')
    return fits(status, wanted) or (wanted in done and (200 <= status < 300 or status == 409))


class Walk:
    """Every row, by every role, for its own and another agency's."""

    def __init__(self, world, how, wanted_of, fit, headers_of, key_of):
        self.world, self.how, self.fit, self.headers_of, self.key_of, self.wrong = world, how, fit, headers_of, key_of, []
        for row in ROWS:
            for whose in CODES:
                for role, wanted in zip(ROLES, wanted_of(row, whose).split()):
                    self.ask(row[0], row[1], whose, role, wanted)

    def ask(self, route, variant, whose, role, wanted):
        method, path, *rest = self.world.request(route, variant, whose, role)
        answer = self.world.service.ask(method, path, self.key_of(role), rest[0] if rest else None,
                                        headers=self.headers_of(route, role), kind=rest[1] if len(rest) > 1 else 'application/json')
        where = f'{self.how}: {route} {variant}, {role}, {whose}'
        if not self.fit(answer.status, wanted):
            self.wrong.append(f'{where}: {answer.status}, not {wanted}: {answer.body[:150]}')
        text = answer.body.decode(errors='replace')
        if role in ('agency_manager', 'agency_clerk', 'enterprise', 'nobody') and route not in ('openapi', 'metrics'):
            self.wrong += [f'{where}: sees {secret}' for secret in SECRETS if secret in text]
        if role == 'enterprise' and 'XQ-NEXT' in text:
            self.wrong.append(f'{where}: sees its neighbour')


def every_role_gets_what_is_its_own_and_nothing_else_by_key_and_by_session():
    world = World()
    ending = ('session.end', 'sessions.end')
    try:
        by_key = Walk(world, 'by key', lambda row, whose: row[2 if whose == 'own' else 3], fits, lambda route, role: {}, world.keys.get)
        by_session = Walk(world, 'by session', lambda row, whose: row[4] if len(row) > 4 else row[2 if whose == 'own' else 3], grants,
                          lambda route, role: world.session(role) if route in ending else world.sessions[role], lambda role: None)
        wrong = by_key.wrong + by_session.wrong
        assert not wrong, '\n'.join(wrong)
    finally:
        world.close()


main([every_route_has_a_row, every_role_gets_what_is_its_own_and_nothing_else_by_key_and_by_session])
