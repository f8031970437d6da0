"""registers.py - what the agency's desk asks beside everything else: registers searched by words, as a workbook, with what they are linked to;
the forecast; an application file; the follow-up of an answer."""
import datetime
import io
import json
import time
import zipfile
import zoneinfo

from client import Database, Service, main, quote
from road import by_commands

POLICY = 'jinjiang-2023-6'


class World:
    def __init__(self, *words):
        self.database = Database()
        by_commands(self.database)
        self.key = self.database.key('agency_manager', '--agency', 'JJ01')
        self.service = Service(self.database, *words)

    def ask(self, method, path, body=None, status=200, **named):
        answer = self.service.ask(method, path, self.key, body, **named)
        assert answer.status == status, (method, path, answer.status, answer.body[:300])
        return answer

    def get(self, path):
        return self.ask('GET', path).json

    def close(self):
        self.service.close()
        self.database.close()


def sheet(answer):
    """The texts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(answer.body)) as book:
        return book.read('xl/sharedStrings.xml').decode()


def within(world):
    """Runs the checks of this file on one world."""
    for check in (names_are_found, lists_become_workbooks, records_know_what_they_are_linked_to, the_forecast_is_the_commands,
                  an_application_is_made, an_answer_is_followed_up):
        check(world)


def names_are_found(world):
    items = world.get('/v1/enterprises?limit=1000')['items']
    name = items[3]['name']
    found = [one['uscc'] for one in world.get(f'/v1/enterprises?q={quote(name[2:6])}')['items']]
    assert sorted(found) == sorted(one['uscc'] for one in items if name[2:6] in one['name']), (name, found)
    assert [one['name'] for one in world.get(f"/v1/enterprises?q={items[3]['uscc'].lower()}")['items']] == [name]
    assert world.get(f"/v1/enterprises?q={quote('没有这家')}")['items'] == []
    needs = world.get('/v1/needs?limit=1000')['items']
    assert needs[0]['source_id'] in [one['source_id'] for one in world.get(f"/v1/needs?q={quote(needs[0]['title'][:6])}")['items']]
    patents = world.get('/v1/patents?columns=title,applicants')['items']
    assert {'title', 'applicants', 'recorded_at'} <= set(patents[0]) and 'abstract' not in patents[0], patents[0]
    by_number = world.get(f"/v1/patents?q={patents[0]['application_number'].removeprefix('CN')}&columns=title")['items']
    assert [one['title'] for one in by_number] == [patents[0]['title']]
    beginnings(world, patents[0])
    assert world.ask('GET', '/v1/loans?q=x', status=400).json['detail'].startswith('records of this kind')
    assert world.ask('GET', '/v1/patents?columns=no_such', status=400)


def beginnings(world, patent):
    """What begins a number finds every patent with a number that begins so, in whatever spelling, and nothing else."""
    numbers = lambda one: [text.replace('.', '') for text in (one.get('application_number'), one.get('publication_number')) if text]
    all_of_them = world.get('/v1/patents?limit=1000&columns=application_number,publication_number')['items']
    number = patent['application_number']
    for typed in (number[:9], number[2:9], f'ZL{number[2:9]}', number[:9].lower(), f'CN {number[2:6]} {number[6:9]}', number[:14], number):
        beginning = ('CN' + typed.upper().replace(' ', '').removeprefix('ZL').removeprefix('CN')).replace('.', '')[:14]
        found = world.get(f'/v1/patents?q={quote(typed)}&limit=1000&columns=application_number,publication_number')
        wanted = [one for one in all_of_them if any(one_number.startswith(beginning) for one_number in numbers(one))]
        assert wanted and [one['patent_id'] for one in found['items']] == [one['patent_id'] for one in wanted], (typed, found)
        assert 'found_by' not in found
    published = next(one['publication_number'] for one in all_of_them if one.get('publication_number'))
    assert published in [one.get('publication_number') for one in world.get(f'/v1/patents?q={published[:-3]}&limit=1000')['items']]
    first = world.get(f'/v1/patents?q={number[:6]}&limit=1')
    assert first['next'] and first['items'] != world.get(f"/v1/patents?q={number[:6]}&limit=1&after={quote(first['next'])}")['items']
    stranger = world.database.key('agency_manager', '--agency', 'JJ02')
    theirs = lambda path: {one['patent_id'] for one in world.service.ask('GET', path, stranger).json['items']}
    own = theirs('/v1/patents?limit=1000')
    assert patent['patent_id'] not in own and theirs(f'/v1/patents?q={number[:6]}&limit=1000') <= own, 'another agency finds its own alone'


def lists_become_workbooks(world):
    name = world.get('/v1/enterprises?limit=1')['items'][0]['name']
    texts = sheet(world.ask('GET', '/v1/enterprises:export?columns=name,uscc'))
    assert texts.count('<si>') > 50 and name in texts and '统一社会信用代码' in texts
    world.ask('GET', '/v1/enterprises:export', status=400)


def records_know_what_they_are_linked_to(world):
    deal = world.get('/v1/deals?limit=1')['items'][0]
    patent = deal['rights'][0]['number']
    linked = world.get(f'/v1/patents:linked?key={quote(patent)}')
    assert deal['contract_number'] in [one['contract_number'] for one in linked['deals']]
    push = world.get('/v1/pushes?limit=1')['items'][0]
    linked = world.get(f"/v1/enterprises:linked?key={push['enterprise_uscc']}")
    assert push['push_id'] in [one['push_id'] for one in linked['pushes']] and linked['leads']
    assert push['push_id'] in [one['push_id'] for one in world.get(f"/v1/needs:linked?key={quote(push['need'])}")['pushes']]


def the_forecast_is_the_commands(world):
    said = world.get(f'/v1/forecast?policy={POLICY}')
    printed = world.database.command('--agency', 'JJ01', 'track', '--policy', POLICY, '--forecast')
    assert said['clauses'] == printed['clauses'] and any('forecast' in item for clause in said['clauses'] for item in clause['items'])


def an_application_is_made(world):
    book = world.ask('POST', '/v1/applications', {'policy': POLICY, 'clause': '4.2'})
    snapshot = world.database.command('snapshot', '--list')[-1]
    assert '通过数据库促成' in sheet(book) and snapshot['policy'] == POLICY
    with zipfile.ZipFile(io.BytesIO(book.body)) as files:
        assert snapshot['digest'] in files.read('xl/worksheets/sheet1.xml').decode(), 'the digest stands in the footer'
    before = len(world.database.command('snapshot', '--list'))
    world.ask('POST', '/v1/applications', {'policy': POLICY, 'clause': '9.9'}, status=404)
    assert len(world.database.command('snapshot', '--list')) == before, 'no snapshot is taken in vain'


def an_answer_is_followed_up(world):
    board = world.get('/v1/follow-ups')
    card = next(one for one in board['items'] if one['stage'] == 'interested')
    path = f"/v1/follow-ups/{card['lead']}"
    answer = world.ask('GET', path)
    tag = answer.headers['ETag']
    assert answer.json['steps'] == []
    moved = world.ask('PUT', path, {'stage': 'visit', 'due': '2026-12-01', 'note': '<script>已约定</script>'}, headers={'If-Match': tag})
    assert (moved.json['stage'], moved.json['due'], moved.json['notes']) == ('visit', '2026-12-01', 1)
    world.ask('PUT', path, {'stage': 'offer'}, headers={'If-Match': tag}, status=412)
    kept = world.ask('PUT', path, {'deal': 'HT-1', 'stage': 'contract'}).json
    assert kept['due'] == '2026-12-01' and [step['stage'] for step in kept['steps']] == ['contract', 'visit']
    assert world.ask('PUT', path, {'due': None}).json['due'] is None
    for wrong in ({'stage': 'nowhere'}, {'due': '1.12.'}, {'note': 'x' * 4001}, {'deal': 7}):
        world.ask('PUT', path, wrong, status=400)
    world.ask('PUT', path, {'stage': 'ended'})
    assert card['lead'] not in [one['lead'] for one in world.get('/v1/follow-ups')['items']]
    assert [one['lead'] for one in world.get('/v1/follow-ups?stage=ended')['items']] == [card['lead']]
    world.ask('GET', '/v1/follow-ups/1-1', status=404)
    world.ask('PUT', '/v1/follow-ups/1-1', {'stage': 'visit'}, status=404)


def what_waits_to_be_followed_is_what_the_board_says(world):
    waiting = lambda: world.get('/v1/today')['answers_to_follow']
    card = (world.get('/v1/follow-ups')['items'] + world.get('/v1/follow-ups?stage=ended')['items'])[0]
    path = f"/v1/follow-ups/{card['lead']}"
    world.ask('PUT', path, {'stage': 'interested', 'due': None})
    before = waiting()
    assert before > 0
    today = datetime.datetime.now(zoneinfo.ZoneInfo('Asia/Shanghai')).date()  # as the service reckons it: there the day begins at 16:00 of ours
    day = lambda n: (today + datetime.timedelta(days=n)).isoformat()
    for said, more in [({'stage': 'contact', 'due': day(7)}, -1), ({'due': day(-1)}, 0), ({'due': day(0)}, 0), ({'due': None}, 0), ({'stage': 'visit', 'due': day(1)}, -1),
                       ({'stage': 'registered', 'due': day(-1)}, -1), ({'stage': 'contact'}, 0), ({'stage': 'ended'}, -1)]:
        world.ask('PUT', path, said)
        assert waiting() == before + more, (said, waiting(), before)


def registers_forecast_application_and_follow_up():
    world = World()
    try:
        within(world)
        what_waits_to_be_followed_is_what_the_board_says(world)
    finally:
        world.close()


def the_engine_finds_patents_by_what_they_say():
    world = World()
    try:
        patent = world.get('/v1/patents?limit=3')['items'][2]
        path = f"/v1/patents?q={quote(patent['abstract'][:60])}&columns=title"
        for _ in range(100):
            found = world.get(path)
            if found.get('found_by') == 'engine':
                break
            time.sleep(.1)
        assert found['found_by'] == 'engine' and found['next'] is None
        assert found['items'][0]['patent_id'] == patent['patent_id'], json.dumps(found['items'][:3], ensure_ascii=False)
        narrowed = world.get(f"{path}&type={patent['type']}")
        assert patent['patent_id'] in [one['patent_id'] for one in narrowed['items']]
        assert patent['title'] in sheet(world.ask('GET', path.replace('/v1/patents?', '/v1/patents:export?')))
    finally:
        world.close()


main([registers_forecast_application_and_follow_up, the_engine_finds_patents_by_what_they_say])
