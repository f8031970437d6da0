"""inbox.py - what an enterprise does by itself: it comes in by a link, opens what was pushed, posts needs and ends them, says how many pushes it
wants. Nothing of it touches another enterprise, or what others decided."""
import base64
import hashlib
import hmac
import json
import os
import re
import struct
import time
import uuid

from client import Database, Service, main
from signin_cookie import csrf_of

KEY = 'bd' * 32
USCC = {'own': '91350582MA0077119D', 'other': '91350582MA00771278'}
TEXT = '轻质发泡鞋底材料，回弹好，用超临界发泡'
PATENTS = {'202219830104.7': ('轻质发泡鞋底的超临界发泡方法', '鞋底材料轻质，回弹好，用超临界发泡。'),
           '202219831307.8': ('防水透气鞋面', '鞋面防水透气，用复合膜。')}
FORM = 'application/x-www-form-urlencoded'
OURS = {'Sec-Fetch-Site': 'same-origin'}


def sign(purpose, name, end):
    body = uuid.UUID(name).bytes + struct.pack('>I', end)
    key = hashlib.blake2b(purpose, key=bytes.fromhex(KEY), digest_size=32).digest()
    return base64.urlsafe_b64encode(body + hmac.new(key, body, hashlib.sha256).digest()[:16]).decode().rstrip('=')


class World:
    def __init__(self):
        self.database = Database()
        key_file = os.path.join(self.database.folder, 'secret.key')
        with open(os.open(key_file, os.O_CREAT | os.O_WRONLY, 0o600), 'w', encoding='ascii') as file:
            file.write(KEY + '\n')
        self.database.env['PATBRIDGE_KEY_FILE'] = key_file
        self.database.command('agency', 'add', 'JJ01', '--name', '本方运营公司')
        self.service = Service(self.database)
        self.clerk = self.database.key('agency_clerk', '--agency', 'JJ01')
        for number, (title, abstract) in PATENTS.items():
            self.put('patents', number, {'application_number': number, 'title': title, 'abstract': abstract, 'type': 'invention',
                                         'legal_status': 'granted', 'application_date': '2022-04-07', 'applicants': ['某大学'],
                                         'ipc': ['A43B 13/04'], 'offer': {'mode': ['assignment'], 'price_fen': 30000000}})
        for name, uscc in USCC.items():
            self.put('enterprises', uscc, {'uscc': uscc, 'name': f'{name}鞋业有限公司', 'division_code': '350582', 'push': {'channels': ['email']}})
            self.put('needs', f'XQ-{name}', {'source_id': f'XQ-{name}', 'enterprise_uscc': uscc, 'title': '轻质鞋底', 'text': TEXT,
                                             'valid_from': '2025-01-01'})
        self.database.command('--agency', 'JJ01', 'match')
        for lead in self.service.ask('GET', '/v1/leads', self.clerk).json['items']:
            self.service.ask('POST', f"/v1/leads/{lead['lead']}/accept", self.clerk, {})
        self.database.command('--agency', 'JJ01', 'push', '--once', '--ignore-quiet')
        self.cookie = self.csrf = None

    def put(self, plural, key, record):
        answer = self.service.ask('PUT', f'/v1/{plural}/{key}', self.clerk, record)
        assert answer.status == 201, answer.body

    def come_in(self):
        token = self.database.command('--agency', 'JJ01', 'user', 'invite', USCC['own'])['token']
        return self.take(self.service.ask('POST', f'/s/{token}', body=b'', kind=FORM, headers=OURS))

    def take(self, answer):
        """The cookie of a page that signed in."""
        if answer.headers['Set-Cookie']:
            self.cookie = answer.headers['Set-Cookie'].split(';')[0]
            self.csrf = csrf_of(self.cookie.split('=', 1)[1])
        return answer

    def ask(self, method, path, body=None, key=None):
        headers = {'Cookie': self.cookie, 'X-CSRF-Token': self.csrf, 'Sec-Fetch-Site': 'same-origin', **({'Idempotency-Key': key} if key else {})}
        return self.service.ask(method, path, body=body, headers=headers)

    def pushes(self):
        """Those of one moment stand in any order: the one of the foam first."""
        return sorted(self.ask('GET', '/v1/pushes').json['items'], key=lambda push: '发泡' not in push['patent_title'])

    def events(self, push, event):
        return int(self.database.sql(f"SELECT count(*) FROM push_event WHERE push_id = '{push}' AND event = '{event}'"))

    def close(self):
        self.service.close()
        self.database.close()


WORLD = World()


def the_pages_behind_links_lead_to_the_inbox():
    page = WORLD.come_in()
    assert page.status == 200 and 'href="../inbox"' in page.body.decode() and WORLD.ask('GET', '/v1/session').json['role'] == 'enterprise'
    link = sign(b'patbridge answer links 1', WORLD.pushes()[0]['push_id'], int(time.time()) // 86400 + 180)
    for path in ('/a/', '/u/'):
        assert 'name="enter"' in WORLD.service.ask('GET', path + link).body.decode()
    foreign = WORLD.service.ask('POST', f'/u/{link}', body=b'enter=inbox', kind=FORM, headers={'Sec-Fetch-Site': 'cross-site'})
    assert foreign.status == 403, 'another site signs nobody in'
    first = WORLD.take(WORLD.service.ask('POST', f'/u/{link}', body=b'enter=inbox', kind=FORM, headers=OURS))
    assert first.status == 200 and 'href="../inbox"' in first.body.decode() and first.headers['Set-Cookie']
    again = WORLD.service.ask('POST', f'/a/{link}', body=b'enter=inbox', kind=FORM, headers=OURS)
    assert again.status == 404 and not again.headers['Set-Cookie'], 'a link signs in once'
    assert not WORLD.ask('GET', '/v1/feedback').json['items'], 'coming in is no answer, under /u/ neither'


def a_push_tells_whose_the_right_is_what_is_asked_and_which_words_fit():
    push = WORLD.pushes()[0]
    assert push['owners'] == ['某大学'] and push['legal_status'] == 'granted' and push['offer']['price_fen'] == 30000000
    assert push['answer'] is None and push['agency_name'] == '本方运营公司' and push['aspects']
    story = WORLD.ask('GET', f"/v1/pushes/{push['push_id']}/story").json
    assert story['need_text'] == TEXT and story['classes'][0]['symbol'] == 'A43B13/04' and story['answers'] == [] and story['deals'] == []
    words = [push['patent_abstract'][span['char_start']:span['char_start'] + span['char_len']] for span in story['spans']['abstract']]
    assert '超临界发泡' in ''.join(words) and all(word in push['patent_abstract'] for word in words)
    deal = {'contract_number': 'HT-1', 'mode': 'assignment', 'contract_date': '2026-01-05', 'amount_fen': 28000000,
            'rights': [{'type': 'invention', 'office': 'CN', 'number': push['patent']}], 'seller': {'name': '某大学'},
            'buyer': {'name': 'own鞋业有限公司', 'uscc': USCC['own']}}
    stored = WORLD.service.ask('PUT', '/v1/deals/HT-1', WORLD.clerk, deal)
    assert stored.status == 201, stored.body
    told = WORLD.ask('GET', f"/v1/pushes/{push['push_id']}/story").json['deals']
    assert [(one['contract_number'], one['amount_fen']) for one in told] == [('HT-1', 28000000)]


def opening_is_kept_once_and_counts_as_opened():
    push = WORLD.pushes()[0]['push_id']
    entries = WORLD.database.sql("SELECT count(*) FROM ledger")
    first, second = (WORLD.ask('POST', f'/v1/pushes/{push}/opened', {}) for _ in range(2))
    assert (first.status, second.status) == (201, 200) and WORLD.events(push, 'opened') == 1
    assert int(WORLD.database.sql('SELECT count(*) FROM ledger')) == int(entries) + 1, 'it is in the ledger, once'
    key = WORLD.database.command('--agency', 'JJ01', 'key', 'add', 'x', '--role', 'enterprise', '--enterprise', USCC['own'])['key']
    assert WORLD.service.ask('POST', f'/v1/pushes/{push}/opened', key, {}).status == 409, 'a program reads nothing'
    assert WORLD.ask('POST', '/v1/pushes/nonsense/opened', {}).status == 400


def a_tap_that_is_sent_twice_is_one():
    push = WORLD.pushes()[0]
    body = {'lead': push['lead'], 'answer': 'not_fit', 'because': 'price'}
    first, second = (WORLD.ask('POST', '/v1/feedback', body, key='tap-1') for _ in range(2))
    assert first.status == second.status == 201 and second.headers['Idempotency-Replayed'] == 'true'
    assert [one['because'] for one in WORLD.ask('GET', '/v1/feedback').json['items']] == ['price']
    assert WORLD.pushes()[0]['answer']['because'] == 'price'
    assert {one['code'] for one in WORLD.ask('GET', '/v1/because').json['items']} >= {'price', 'other', 'need_is_gone'}


def a_text_is_looked_at_before_it_is_a_need():
    thin = WORLD.ask('POST', '/v1/own/look', {'text': '鞋底'}).json
    assert thin['thin'] and 'process' in thin['thin']['lacks'] and '工艺' in thin['thin']['advice_zh']
    good = WORLD.ask('POST', '/v1/own/look', {'text': f'{TEXT}，密度 0.15 g/cm³'}).json
    assert good['patents'][0]['patent_title'].startswith('轻质发泡鞋底') and good['patents'][0]['owners'] == ['某大学']
    assert {'process', 'number'} <= {one['kind'] for one in good['aspects']}
    assert WORLD.ask('POST', '/v1/own/look', {}).status == 400 and WORLD.ask('POST', '/v1/own/look', {'text': '长' * 20000}).status == 400
    assert WORLD.database.sql("SELECT count(*) FROM need") == '2', 'nothing was written'


def look_ups():
    return WORLD.database.sql("SELECT string_agg(concat_ws(' ', e.uscc, l.looked_by, l.at <= now()), ',') FROM patent_lookup l JOIN enterprise e USING (enterprise_id)")


def a_patent_is_looked_up_by_any_of_its_numbers_and_that_is_kept_once():
    entries = int(WORLD.database.sql('SELECT count(*) FROM ledger'))
    first, second = (WORLD.ask('POST', '/v1/own/lookups', {'patent': number}) for number in ('202219831307.8', 'ＣＮ 2022 1983 1307'))
    assert (first.status, first.json['recorded'], second.status) == (201, True, 200), (first.body, second.body)
    assert {**first.json, 'recorded': False} == second.json and first.json['patent_title'] == '防水透气鞋面' and first.json['applicants'] == ['某大学'], first.body.decode()
    assert (first.json['legal_status'], first.json['ipc'], first.json['application_date']) == ('granted', ['A43B13/04'], '2022-04-07')
    assert re.fullmatch(f"{USCC['own']} session:\\w+ t", look_ups()), look_ups()
    assert int(WORLD.database.sql('SELECT count(*) FROM ledger')) == entries + 1, 'it is in the ledger, once'
    for number, status in (('不是号码', 400), ('202219830104.8', 400), ('CN106970934A', 404), ('', 400), (7, 400)):
        assert WORLD.ask('POST', '/v1/own/lookups', {'patent': number}).status == status, number


def nobody_but_who_is_signed_in_for_an_enterprise_looks_up_and_only_what_the_agency_holds():
    number = {'patent': '202219830104.7'}
    assert WORLD.service.ask('POST', '/v1/own/lookups', key_of('own'), number).status == 409, 'a program reads nothing'
    assert WORLD.service.ask('POST', '/v1/own/lookups', WORLD.clerk, number).status == 403, 'an agency makes no look-up'
    official = WORLD.database.key('official')
    assert WORLD.service.ask('POST', '/v1/own/lookups', official, number).status == 403, 'nor does an official'
    WORLD.database.sql("UPDATE patent_holding SET superseded_at = now() WHERE patent_id = (SELECT patent_id FROM patent_alias WHERE number = 'CN202219830104')")
    assert WORLD.ask('POST', '/v1/own/lookups', number).status == 404, 'the agency holds it no more'
    WORLD.database.sql("UPDATE patent_holding SET superseded_at = NULL")
    assert USCC['own'] in look_ups() and ',' not in look_ups()


def a_need_is_posted_once_changed_and_ended_by_whose_it_is():
    name = f'web-{uuid.uuid4()}'
    path = f'/v1/own/needs/{name}'
    first = WORLD.ask('PUT', path, {'text': TEXT})
    again = WORLD.ask('PUT', path, {'text': TEXT})
    assert (first.status, again.status) == (201, 200), (first.body, again.body)
    need = first.json['need']
    assert need['state'] == 'submitted' and need['text'] == TEXT and need['valid_to'] is None
    stored = WORLD.service.ask('GET', f'/v1/needs/{name}', WORLD.clerk).json
    assert stored['enterprise_uscc'] == USCC['own'] and stored['source'] == '企业收件箱', 'it is the agency\'s that invited'
    short = WORLD.ask('PUT', path, {'text': '鞋底'})
    assert short.status == 200 and short.json['thin']['lacks'] and short.json['need']['text'] == '鞋底'
    assert [one['need'] for one in WORLD.ask('GET', '/v1/own/needs').json['items']] == [name, 'XQ-own']
    ended = WORLD.ask('POST', f'{path}/close', {})
    assert ended.status == 200 and ended.json['need']['state'] == 'closed'
    assert WORLD.ask('PUT', path, {'text': TEXT}).status == 409, 'what has ended has ended'


def nobody_elses_need_can_be_touched_and_no_number_of_the_agency_taken():
    for name in ('XQ-other', 'XQ-new', 'web-1', f'web-{uuid.uuid4()}x'):
        assert WORLD.ask('PUT', f'/v1/own/needs/{name}', {'text': TEXT}).status == 404, name
        assert WORLD.ask('POST', f'/v1/own/needs/{name}/close', {}).status == 404, name
    assert WORLD.ask('POST', f'/v1/own/needs/web-{uuid.uuid4()}/close', {}).status == 404
    assert WORLD.ask('PUT', f'/v1/own/needs/web-{uuid.uuid4()}', {'text': TEXT, 'valid_to': '2025-02-30'}).status == 422
    assert WORLD.ask('PUT', f'/v1/own/needs/web-{uuid.uuid4()}', {'text': TEXT, 'title': 7}).status == 400
    changed = {'source_id': 'XQ-own', 'enterprise_uscc': USCC['own'], 'text': TEXT, 'valid_from': '2025-01-01', 'state': 'accepted'}
    assert WORLD.service.ask('PUT', '/v1/needs/XQ-own', WORLD.clerk, changed).status == 200
    assert WORLD.ask('PUT', '/v1/own/needs/XQ-own', {'text': '别的'}).status == 409, 'what was accepted is not rewritten'


def wishes_are_the_enterprises_own_and_leave_everything_else():
    before = WORLD.service.ask('GET', f"/v1/enterprises/{USCC['own']}", WORLD.clerk).json
    wishes = WORLD.ask('PUT', '/v1/own/wishes', {'weekly_limit': 3, 'quiet': '21:30-07:00'})
    assert wishes.status == 200 and (wishes.json['weekly_limit'], wishes.json['quiet']) == (3, '21:30-07:00')
    after = WORLD.service.ask('GET', f"/v1/enterprises/{USCC['own']}", WORLD.clerk).json
    assert after['push'] == {'channels': ['email'], 'weekly_limit': 3, 'quiet': '21:30-07:00'}
    assert {name: after[name] for name in ('name', 'division_code')} == {name: before[name] for name in ('name', 'division_code')}
    only = WORLD.ask('PUT', '/v1/own/wishes', {'quiet': None}).json
    assert (only['weekly_limit'], only['quiet'], only['channels'], only['held']) == (3, None, ['email'], True)
    assert only['pushed_week'] == len(WORLD.pushes()) and only['stopped_at'] is None
    for bad in ({'weekly_limit': -1}, {'weekly_limit': 1001}, {'weekly_limit': '3'}, {'quiet': '25:00-07:00'}, {'quiet': ''}, {'quiet': 7}):
        assert WORLD.ask('PUT', '/v1/own/wishes', bad).status == 400, bad
    other = WORLD.service.ask('GET', f"/v1/enterprises/{USCC['other']}", WORLD.clerk).json
    assert other['push'] == {'channels': ['email']}


def key_of(name):
    return WORLD.database.command('--agency', 'JJ01', 'key', 'add', 'y', '--role', 'enterprise', '--enterprise', USCC[name])['key']


def steps_of_the_follow_up_are_told_without_what_the_agency_notes():
    push = WORLD.pushes()[0]
    path = f"/v1/follow-ups/{push['lead']}"
    story = f"/v1/pushes/{push['push_id']}/story"
    assert WORLD.ask('POST', '/v1/feedback', {'lead': push['lead'], 'answer': 'interested'}).status == 201
    for stage, note in (('contact', '内部：对方压价'), ('contract', '点错了'), ('contact', None), ('visit', '内部：车间很旧'), ('offer', None)):
        moved = WORLD.service.ask('PUT', path, WORLD.clerk, {'stage': stage, 'note': note, 'due': '2027-01-01'})
        assert moved.status == 200, moved.body
    told = WORLD.ask('GET', story)
    assert [one['stage'] for one in told.json['steps']] == ['contact', 'visit', 'offer'], 'what was moved back is not told'
    assert '内部' not in told.body.decode() and '2027-01-01' not in told.body.decode() and '点错' not in told.body.decode()
    first = WORLD.service.ask('GET', path, WORLD.clerk).json['steps'][-1]
    assert told.json['steps'][0]['at'][:19] == first['at'][:19].replace(' ', 'T'), 'the day is the agency\'s own'
    assert WORLD.service.ask('GET', story, key_of('other')).status == 404, 'another enterprise sees nothing of it'
    assert WORLD.service.ask('PUT', path, WORLD.clerk, {'stage': 'ended', 'note': None}).status == 200
    assert len(WORLD.ask('GET', story).json['steps']) == 3, 'that it was given up is the agency\'s'


def resumptions():
    return int(WORLD.database.sql('SELECT count(*) FROM resumed'))


def a_stop_is_taken_back_by_whom_it_is_of_and_stays_on_record():
    push = WORLD.pushes()[0]
    stop = {'lead': push['lead'], 'answer': 'stop'}
    assert WORLD.ask('POST', '/v1/feedback', stop).json['recorded'] and WORLD.ask('GET', '/v1/own/wishes').json['stopped_at']
    WORLD.put('patents', '202219831081.1', {'application_number': '202219831081.1', 'title': '防水鞋面', 'abstract': '鞋面防水透气，用复合膜。',
                                            'type': 'invention', 'legal_status': 'granted', 'application_date': '2022-04-07', 'applicants': ['某大学']})
    WORLD.put('needs', 'XQ-AFTER', {'source_id': 'XQ-AFTER', 'enterprise_uscc': USCC['own'], 'title': '鞋面', 'text': '防水透气鞋面，用复合膜',
                                    'valid_from': '2025-01-01'})
    WORLD.database.command('--agency', 'JJ01', 'match')
    leads = lambda: [one['lead'] for one in WORLD.service.ask('GET', '/v1/leads?need=XQ-AFTER', WORLD.clerk).json['items']]
    assert not leads(), 'nothing is proposed for one that said stop'
    assert WORLD.service.ask('POST', '/v1/own/resume', key_of('other'), {}).status == 200
    assert WORLD.ask('GET', '/v1/own/wishes').json['stopped_at'] and resumptions() == 0, 'another\'s word takes nothing back'
    entries = int(WORLD.database.sql('SELECT count(*) FROM ledger'))
    first, second = (WORLD.ask('POST', '/v1/own/resume', {}) for _ in range(2))
    assert first.status == second.status == 200 and first.json['stopped_at'] is None and resumptions() == 1
    assert int(WORLD.database.sql('SELECT count(*) FROM ledger')) == entries + 1, 'it is in the ledger, once'
    assert [one['answer'] for one in WORLD.ask('GET', '/v1/feedback').json['items']][0] == 'stop', 'what was said stays said'
    assert len(WORLD.ask('GET', f"/v1/pushes/{push['push_id']}/story").json['resumed']) == 1
    WORLD.database.command('--agency', 'JJ01', 'match')
    assert leads(), 'needs are weighed anew'
    again = WORLD.ask('POST', '/v1/feedback', stop).json
    assert again['recorded'] and WORLD.ask('GET', '/v1/own/wishes').json['stopped_at'], 'the same word counts anew'
    assert WORLD.ask('POST', '/v1/feedback', stop).json['recorded'] is False, 'and once'
    assert WORLD.ask('POST', '/v1/own/resume', {}).json['stopped_at'] is None and resumptions() == 2


def the_ledger_holds_after_all_that():
    WORLD.database.command('verify')  # ends with 1 where something is not as the ledger says
    lines = WORLD.service.log().splitlines()
    assert not [line for line in lines if json.loads(line)['level'] == 'error'], lines[-3:]
    WORLD.close()


main([the_pages_behind_links_lead_to_the_inbox, a_push_tells_whose_the_right_is_what_is_asked_and_which_words_fit,
      opening_is_kept_once_and_counts_as_opened, a_tap_that_is_sent_twice_is_one, a_text_is_looked_at_before_it_is_a_need,
      a_patent_is_looked_up_by_any_of_its_numbers_and_that_is_kept_once,
      nobody_but_who_is_signed_in_for_an_enterprise_looks_up_and_only_what_the_agency_holds,
      a_need_is_posted_once_changed_and_ended_by_whose_it_is, nobody_elses_need_can_be_touched_and_no_number_of_the_agency_taken,
      wishes_are_the_enterprises_own_and_leave_everything_else, steps_of_the_follow_up_are_told_without_what_the_agency_notes,
      a_stop_is_taken_back_by_whom_it_is_of_and_stays_on_record, the_ledger_holds_after_all_that])
