"""reviewing.py - what the agency's desk asks: a decision that is held and taken back, two people at once, many at once, both texts with what
agrees marked, what waits today, refused rows one by one, and a load that is watched while it goes on."""
import http.client
import json
import threading
import time

from client import Database, Service, main, quote
from road import by_commands

OF = ('--agency', 'JJ01')


class World:
    def __init__(self):
        self.database = Database()
        by_commands(self.database)
        self.service = Service(self.database)
        self.people = {}
        for name in ('小李', '小王'):
            self.database.command(*OF, 'user', 'add', name, '--role', 'agency_clerk')
            self.people[name] = self.key(name)
        self.clerk, self.other = self.people.values()

    def key(self, name):
        return self.database.command(*OF, 'key', 'add', name, '--role', 'agency_clerk', '--rate', '0', '--account', name)['key']

    def ask(self, method, path, body=None, key=None, status=200, **named):
        answer = self.service.ask(method, path, key or self.clerk, body, **named)
        assert answer.status == status, (method, path, answer.status, answer.body)
        return answer.json

    def proposed(self, count=1):
        return self.ask('GET', f'/v1/leads?state=proposed&limit={count}')['items']

    def close(self):
        self.service.close()
        self.database.close()


def a_held_decision_is_there_at_once_and_can_be_taken_back_by_whoever_made_it(world):
    lead = world.proposed()[0]['lead']
    said = world.ask('POST', f'/v1/leads/{lead}/accept', {'hold': True})
    assert (said['state'], said['decided_by'], said['already']) == ('accepted', '小李', False) and said['held_until']
    world.database.command(*OF, 'push', '--once', '--ignore-quiet')
    assert world.ask('GET', f'/v1/leads/{lead}')['state'] == 'accepted', 'what can be taken back is not pushed'
    world.ask('POST', '/v1/leads/take-back', {'decided_at': said['decided_at']}, world.other, 409)
    back = world.ask('POST', '/v1/leads/take-back', {'decided_at': said['decided_at']})
    assert back == {'leads': [lead]}
    now = world.ask('GET', f'/v1/leads/{lead}')
    assert (now['state'], now['decided_by'], now['decision_reason']) == ('proposed', None, None)
    world.ask('POST', '/v1/leads/take-back', {'decided_at': said['decided_at']}, status=409)


def what_is_held_no_longer_holds_and_is_pushed(world):
    lead = world.proposed()[0]['lead']
    said = world.ask('POST', f'/v1/leads/{lead}/accept', {'hold': True})
    patent, need = lead.rsplit('-', 1)
    world.database.sql(f"UPDATE lead SET held_until = now() - interval '1 second' WHERE patent_id = {patent} AND need_id = {need}")
    world.ask('POST', '/v1/leads/take-back', {'decided_at': said['decided_at']}, status=409)
    world.database.command(*OF, 'push', '--once', '--ignore-quiet', '--floor', '0')
    assert world.ask('GET', f'/v1/leads/{lead}')['state'] in ('pushed', 'accepted')
    waits = [row['lead'] for row in world.ask('GET', '/v1/leads?state=accepted&limit=1000')['items']]
    held = world.ask('GET', f'/v1/leads/{lead}/why-not')
    assert lead not in waits or held['because'], 'what keeps it back now is a rule, not the hold'


def of_two_the_second_is_told_what_the_first_decided(world):
    lead = world.proposed()[0]['lead']
    world.ask('POST', f'/v1/leads/{lead}/reject', {'hold': True, 'reason': '领域不符'})
    problem = world.ask('POST', f'/v1/leads/{lead}/accept', {'hold': True}, world.other, 409)
    assert '小李' in problem['detail'], problem
    same = world.ask('POST', f'/v1/leads/{lead}/reject', {'hold': True, 'reason': '别的'}, world.other)
    assert (same['already'], same['decided_by'], same['decision_reason']) == (True, '小李', '领域不符')
    world.ask('POST', f'/v1/leads/{lead}/reject', {'hold': 'yes'}, status=400)


def racing_for_one_lead_exactly_one_wins(world):
    for item in world.proposed(6):
        answers = []
        def decide(verdict, key):
            answers.append(world.service.ask('POST', f"/v1/leads/{item['lead']}/{verdict}", key, {'hold': True}))
        threads = [threading.Thread(target=decide, args=pair) for pair in (('accept', world.clerk), ('reject', world.other))]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert sorted(answer.status for answer in answers) == [200, 409], [answer.body for answer in answers]
        won = next(answer.json for answer in answers if answer.status == 200)
        now = world.ask('GET', f"/v1/leads/{item['lead']}")
        assert (now['state'], now['decided_by']) == (won['state'], won['decided_by'])


def many_at_once_are_those_that_were_told_and_all_of_them_can_be_taken_back(world):
    leads = world.ask('GET', '/v1/leads?state=proposed&limit=1000')['items']
    floor = sorted((lead['probability'] for lead in leads), reverse=True)[min(20, len(leads) - 1)]
    wanted = {lead['lead'] for lead in leads if lead['probability'] >= floor}
    told = world.ask('POST', '/v1/leads/accept-likely', {'probability': floor, 'dry_run': True})
    assert told['count'] == len(wanted) and told['decided_at'] is None
    world.ask('POST', '/v1/leads/accept-likely', {'probability': floor, 'count': told['count'] + 1}, status=409)
    done = world.ask('POST', '/v1/leads/accept-likely', {'probability': floor, 'count': told['count'], 'hold': True})
    assert done['count'] == len(wanted)
    assert set(world.ask('POST', '/v1/leads/take-back', {'decided_at': done['decided_at']})['leads']) == wanted
    for wrong in (-1, 2, '多', None):
        world.ask('POST', '/v1/leads/accept-likely', {'probability': wrong}, status=400)


def both_texts_have_marked_what_the_command_marks(world):
    lead = world.proposed()[0]
    detail = world.ask('GET', f"/v1/leads/{lead['lead']}/detail")
    explained = world.database.command(*OF, 'match', '--explain', lead['patent'], lead['need'])
    assert detail['marks'] == explained['spans'] and detail['terms'] == explained['terms']
    whole = f"{detail['need']['title']}\n{detail['need']['text']}"
    found = {term['text'] for term in detail['terms'] if term['points'] and term['kind'] != 'class'}
    for text, spans in ((whole, detail['marks']['need']), (detail['patent']['abstract'], detail['marks']['abstract'])):
        marked = [text[span['char_start']:span['char_start'] + span['char_len']] for span in spans]
        assert marked and all(any(term in piece or piece in term for term in found) for piece in marked), (marked, found)
    world.database.sql(f"UPDATE need SET valid_to = valid_from WHERE need_id = {lead['need_id']}")
    assert world.ask('GET', f"/v1/leads/{lead['lead']}/detail")['marks'] is None, 'a need that stands no longer'
    world.database.sql(f"UPDATE need SET valid_to = NULL WHERE need_id = {lead['need_id']}")
    world.ask('GET', '/v1/leads/1-1/detail', status=404)


def why_another_patent_is_no_lead_of_the_need(world):
    lead = world.proposed()[0]
    other = next(row['application_number'] for row in world.ask('GET', '/v1/patents?limit=200')['items']
                 if not world.ask('GET', f"/v1/leads?need={quote(lead['need'])}&patent={quote(row['application_number'])}")['items'])
    why = world.ask('GET', f"/v1/leads/{lead['lead']}/why-not?patent={quote(other)}")
    assert why['patent'] == other and why['need'] == lead['need'] and why['reason_zh'], why


def today_counts_what_the_lists_hold(world):
    today = world.ask('GET', '/v1/today')
    assert today['leads_to_review'] == len(world.database.command(*OF, 'leads', '--state', 'proposed', '--limit', '100000'))
    assert today['refused_rows'] == sum(batch['waiting'] for batch in world.ask('GET', '/v1/batches?limit=1000')['items'])
    need = world.proposed()[0]
    world.database.sql(f"UPDATE need SET valid_to = (now() AT TIME ZONE 'Asia/Shanghai')::date + 3 WHERE need_id = {need['need_id']}")
    after = world.ask('GET', '/v1/today')
    assert after['needs_ending'] == today['needs_ending'] + 1 and need['need'] in [one['need'] for one in after['ending']]
    world.database.sql("UPDATE outbox SET state = 'dead' WHERE outbox_id = (SELECT min(outbox_id) FROM outbox)")
    assert world.ask('GET', '/v1/today')['dead_letters'] == int(world.database.sql("SELECT count(*) FROM outbox WHERE state = 'dead'"))


def refused_rows_are_mended_one_by_one_or_set_aside(world):
    lines = '发票号码,客户,金额（万元）,开票日期,服务内容\nFP-1,甲,多少,2025-01-02,检索\nFP-2,乙,10,不知道,检索\nFP-3,丙,30,2025-01-02,检索\n'
    loaded = world.ask('POST', '/v1/sales:load?file=' + quote('开票.csv'), lines.encode(), kind='text/csv')
    batch, before = loaded['batch'], world.ask('GET', '/v1/today')['refused_rows']
    assert loaded['refused'] == 2 and world.ask('GET', f'/v1/batches/{batch}')['file'] == '开票.csv'
    one, two = world.ask('GET', f'/v1/batches/{batch}/refusals')['items']
    where = f"/v1/batches/{batch}/refusals/{one['place']}/settle"
    problem = world.ask('POST', where, {'record': {**one['record'], '金额（万元）': '还是不知道'}}, status=422)
    assert problem['refusals'] and world.ask('GET', '/v1/today')['refused_rows'] == before
    mended = world.ask('POST', where, {'record': {**one['record'], '金额（万元）': '12.5'}})
    assert mended['report']['new'] == 1
    assert world.ask('GET', '/v1/sales/FP-1')['amount_fen'] == 12500000
    world.ask('POST', where, {'set_aside': True}, status=409)
    world.ask('POST', f"/v1/batches/{batch}/refusals/{two['place']}/settle", {'set_aside': True})
    assert world.ask('GET', '/v1/today')['refused_rows'] == before - 2 and world.ask('GET', f'/v1/batches/{batch}')['waiting'] == 0
    for body, status in (({}, 400), ({'record': '甲'}, 400)):
        world.ask('POST', where, body, status=status)
    world.ask('POST', f'/v1/batches/{batch}/refusals/999/settle', {'set_aside': True}, status=404)
    again = world.ask('POST', '/v1/sales:load?file=' + quote('开票.csv'), lines.encode() + b'FP-4,x,1,2025-01-02,y\n', kind='text/csv')
    assert world.ask('GET', f"/v1/batches/{again['batch']}")['waiting'] == 2, 'the same file once more'
    third = world.ask('POST', '/v1/sales:load?file=' + quote('开票.csv'), lines.encode() + b'FP-5,x,1,2025-01-02,y\n', kind='text/csv')
    assert world.ask('GET', f"/v1/batches/{again['batch']}")['waiting'] == 0, 'a later load of the file stands for it'
    world.ask('POST', f"/v1/batches/{third['batch']}/undo", {})
    for bad in ('a/b', 'x' * 201, '%0A'):
        world.ask('POST', f'/v1/sales:load?file={bad}', lines.encode(), kind='text/csv', status=400)


class Watcher(threading.Thread):
    """Listens as a browser does: when an answer has ended, it asks again."""

    def __init__(self, service, name, key):
        super().__init__()
        self.service, self.name_, self.key, self.events, self.first, self.over = service, name, key, [], None, False
        self.start()

    def run(self):
        end = time.monotonic() + 60
        while not self.over and time.monotonic() < end:
            line = http.client.HTTPConnection('127.0.0.1', self.service.port, timeout=60)
            line.request('GET', f'/v1/progress/{self.name_}', headers={'Authorization': f'Bearer {self.key}'})
            got = line.getresponse()
            self.first = self.first or (got.status, got.headers['Content-Type'], got.headers['X-Accel-Buffering'])
            for text in got:
                if text.startswith(b'data: '):
                    self.events.append((json.loads(text[6:]), time.monotonic()))
                    self.over = self.over or self.events[-1][0]['state'] in ('done', 'failed')
            line.close()
            time.sleep(.05)


def a_load_is_watched_while_it_goes_on_by_whoever_began_it_alone(world):
    rows = 60000
    lines = '发票号码,客户,金额（元）,开票日期,服务内容\n' + ''.join(f'PG-{i},甲,{i},2025-01-02,检索\n' for i in range(rows))
    watcher, stranger = Watcher(world.service, 'mine-1', world.clerk), Watcher(world.service, 'mine-1', world.other)
    world.ask('POST', '/v1/sales:load?progress=mine-1', lines.encode(), kind='text/csv')
    ended = time.monotonic()
    watcher.join(20)
    assert watcher.first == (200, 'text/event-stream', 'no'), watcher.first
    states = [event['state'] for event, _ in watcher.events]
    assert states[-1] == 'done' and 'loading' in states, states
    going = [event for event, at in watcher.events if event['state'] == 'loading' and at < ended and event['rows'] > 0]
    assert len(going) >= 2 and [event['rows'] for event in going] == sorted(event['rows'] for event in going), going
    assert going[-1]['rows'] < rows or going[-1]['lines_total'] >= rows
    assert {event['state'] for event, _ in stranger.events} == {'waiting'}, 'nobody else sees it'
    stranger.over = True
    stranger.join(20)


def watching_is_bounded_and_a_stop_of_the_service_waits_for_nobody(world):
    world.database.command(*OF, 'user', 'add', '小赵', '--role', 'agency_clerk')
    key = world.key('小赵')
    service = Service(world.database)
    lines = '发票号码,客户,金额（元）,开票日期,服务内容\n' + ''.join(f'PH-{i},甲,{i},2025-01-02,检索\n' for i in range(120000))
    load = threading.Thread(target=lambda: service.ask('POST', '/v1/sales:load?progress=p', key, lines.encode(), kind='text/csv'))
    load.start()
    connections, statuses, end = [], [], time.monotonic() + 20
    while len(connections) < 5 and time.monotonic() < end:  # four are let in while the load goes on; the fifth is told to come later
        line = http.client.HTTPConnection('127.0.0.1', service.port, timeout=30)
        line.request('GET', '/v1/progress/p', headers={'Authorization': f'Bearer {key}'})
        got = line.getresponse()
        first = next((text for text in got if text.startswith(b'data: ')), b'') if got.status == 200 else b''
        if b'waiting' in first:  # the load has not begun
            line.close()
            time.sleep(.02)
            continue
        connections.append((line, got))
        statuses.append(got.status)
    assert statuses == [200] * 4 + [503], statuses
    load.join(60)
    for _, got in connections[:4]:
        assert b'"done"' in got.read(), 'each ends with the load'
    begun = time.monotonic()
    service.close()
    assert time.monotonic() - begun < 8


TESTS = [a_held_decision_is_there_at_once_and_can_be_taken_back_by_whoever_made_it, what_is_held_no_longer_holds_and_is_pushed,
         of_two_the_second_is_told_what_the_first_decided, racing_for_one_lead_exactly_one_wins,
         many_at_once_are_those_that_were_told_and_all_of_them_can_be_taken_back, both_texts_have_marked_what_the_command_marks,
         why_another_patent_is_no_lead_of_the_need, today_counts_what_the_lists_hold, refused_rows_are_mended_one_by_one_or_set_aside,
         a_load_is_watched_while_it_goes_on_by_whoever_began_it_alone, watching_is_bounded_and_a_stop_of_the_service_waits_for_nobody]


def in_one_world(test):
    def run():
        return test(WORLD)
    run.__name__ = test.__name__
    return run


WORLD = World()
try:
    main([in_one_world(test) for test in TESTS])
finally:
    WORLD.close()
