"""official.py - what the official's desk asks for: two days compared, snapshots taken and sent, the ledger verified, oddities looked at,
what waits for a second official, numbers for charts."""
import os
import subprocess
import tempfile
import time

from client import BINARY, Database, Service, main

SAMPLE = 'deploy/sample'
DAY = '2025-06-30'


class World:
    def __init__(self):
        self.database = Database()
        self.database.env['PATBRIDGE_SIGN_KEY'] = os.path.join(self.database.folder, 'sign.key')
        self.database.command('load', 'agency', f'{SAMPLE}/agencies.jsonl')
        for kind, file in [('patent', 'patents'), ('enterprise', 'enterprises'), ('need', 'needs'), ('declared_push', 'declared_pushes'), ('deal', 'deals')]:
            self.database.command('--agency', 'JJ01', 'load', kind, f'{SAMPLE}/{file}.jsonl', codes=(0, 3))
        for name in ('林审', '王审'):
            self.database.command('user', 'add', name, '--role', 'official')
        self.database.env['TMPDIR'] = self.database.folder
        self.service = Service(self.database)
        self.keys = {name: self.database.command('key', 'add', name, '--role', 'official', '--rate', '0', '--account', name)['key']
                     for name in ('林审', '王审')}

    def ask(self, method, path, body=None, who='林审', status=200):
        answer = self.service.ask(method, path, self.keys[who], body)
        assert answer.status == status, (path, answer.status, answer.body)
        return answer

    def decide(self, verdict, keys, effective):
        self.ask('POST', '/v1/decisions?agency=JJ01', {'verdict': verdict, 'kind': 'need', 'keys': keys, 'reason': '已核实', 'effective': effective}, status=201)

    def verify(self, body):
        assert self.ask('POST', '/v1/ledger/verify', body, status=202).json['state'] == 'verifying'
        while (told := self.ask('GET', '/v1/ledger/verify').json)['state'] == 'verifying':
            time.sleep(.05)
        assert told['state'] == 'done' and told['ended_at'] >= told['begun_at'], told
        return told['found']

    def close(self):
        self.service.close()
        self.database.close()


def with_world(test):
    def run():
        world = World()
        try:
            test(world)
        finally:
            world.close()
    run.__name__ = test.__name__
    return run


def all_changes(world, query, limit):
    rows, after, first = [], '', None
    while after is not None:
        page = world.ask('GET', f'/v1/changes/jinjiang-2023-6/needs?{query}&limit={limit}{after and "&after=" + after}').json
        first = first or page
        rows += page['items']
        after = page['next']
    return first, rows


@with_world
def what_came_and_went_between_two_days_is_shown_with_both_reasons_page_by_page(world):
    needs = [row['key'] for row in world.ask('GET', '/v1/evidence/jinjiang-2023-6/needs?agency=JJ01&limit=1000').json['items']]
    world.decide('accept', needs, DAY)
    world.decide('reject', needs[:3], '2025-09-01')
    value = {}
    for day in ('2025-01-31', DAY, '2025-12-31'):
        figures = world.ask('GET', f'/v1/track?as_of={day}').json
        value[day] = next(item['value'] for clause in figures['clauses'] if (clause['id'], clause['agency']) == ('4.2', 'JJ01')
                          for item in clause['items'] if item['metric'] == 'needs')
    for before, as_of in (('2025-01-31', DAY), (DAY, '2025-12-31')):
        first, rows = all_changes(world, f'before={before}&as_of={as_of}', 7)
        assert first['came'] - first['went'] == value[as_of] - value[before], (first, value)
        assert len(rows) == first['came'] + first['went'] > 0
        keys = [(row['agency_id'], row['key']) for row in rows]
        assert keys == sorted(set(keys)), 'each once, in order'
        for row in rows:
            loser = row['before'] if row['change'] == 'came' else row['after']
            assert loser is None or (not loser['counted'] and loser['reasons']), row
    _, rows = all_changes(world, f'before={DAY}&as_of=2025-12-31', 100)
    gone = {row['key'] for row in rows if row['change'] == 'went' and row['after']['reasons'][0] == 'rejected'}
    assert gone <= set(needs[:3]) and gone, rows


@with_world
def a_snapshot_is_taken_sent_and_found_whole_and_the_ledger_names_what_was_altered(world):
    taken = world.ask('POST', '/v1/snapshots', {'as_of': DAY}, status=201).json
    assert taken['as_of'] == DAY and f"snapshot {taken['number']} {taken['digest']}" in taken['head']
    listed = world.ask('GET', '/v1/snapshots').json['items']
    assert [one['digest'] for one in listed] == [taken['digest']]
    sent = world.ask('GET', f"/v1/snapshots/{taken['number']}").body
    with tempfile.NamedTemporaryFile(suffix='.txt') as file, tempfile.NamedTemporaryFile() as other:
        file.write(sent)
        file.flush()
        subprocess.run([BINARY, 'verify', file.name], check=True, capture_output=True)
        world.database.command('snapshot', '--export', str(taken['number']), '--out', other.name)
        assert other.read() == sent, 'the same bytes as the command writes'
    world.ask('GET', '/v1/snapshots/77', status=404)
    world.ask('GET', '/v1/snapshots/first', status=404)
    world.ask('POST', '/v1/snapshots', {'as_of': 'today'}, status=400)
    head = world.ask('GET', '/v1/ledger/head').json['text']
    assert world.verify({'head': head})['findings'] == []
    world.database.sql("ALTER TABLE need DISABLE TRIGGER USER; UPDATE need SET title = title || '！' WHERE source_id = 'XQ-2024-002'")
    found = world.verify({'head': head})['findings']
    assert found and 'need' in found[0]['what'], found
    left = [name for name in os.listdir(world.database.folder) if name.startswith('patbridge-snapshot-')]
    assert not left, 'what was sent leaves no file behind'


class Lock:
    """Holds a table that nothing but a verification reads, so that one stays under way."""

    def __init__(self, database):
        self.process = subprocess.Popen(['psql', '-XAtq', database.info(database.name)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write("BEGIN; LOCK TABLE snapshot; SELECT 'locked';\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == 'locked\n'

    def release(self):
        self.process.communicate('ROLLBACK;\n')


@with_world
def a_verification_holds_up_nobody_and_tells_how_it_goes(world):
    one = Service(world.database, '--workers', '1')
    key = world.keys['林审']
    state = lambda: one.ask('GET', '/v1/ledger/verify', key).json['state']
    assert state() == 'none'
    lock = Lock(world.database)
    assert one.ask('POST', '/v1/ledger/verify', key, {}).status == 202
    assert one.ask('GET', '/v1/agencies', key).status == 200, 'the only worker is free'
    assert state() == 'verifying' and one.ask('POST', '/v1/ledger/verify', key, {}).status == 409, 'one at a time'
    lock.release()
    while state() == 'verifying':
        time.sleep(.05)
    told = one.ask('GET', '/v1/ledger/verify', key).json
    assert told['state'] == 'done' and told['found']['findings'] == [] and told['found']['entries'] > 0
    assert one.ask('POST', '/v1/ledger/verify', key, {'head': 7}).status == 400 and state() == 'done', 'what can\'t be begun changes nothing'
    lock = Lock(world.database)
    assert one.ask('POST', '/v1/ledger/verify', key, {}).status == 202
    one.close()  # ends although one goes on
    lock.release()


@with_world
def an_oddity_is_marked_by_an_official_with_a_word_why(world):
    items = world.ask('GET', '/v1/oddities').json['items']
    assert items == world.database.command('oddities')['oddities'] and items
    one = items[0]
    world.ask('POST', '/v1/oddities', {'rule': one['rule'], 'key': one['key'], 'reason': '已电话核实'}, status=201)
    again = world.ask('GET', f"/v1/oddities?rule={one['rule']}").json['items']
    assert next(row for row in again if row['key'] == one['key'])['mark']['by'] == '林审'
    world.ask('POST', '/v1/oddities', {'rule': one['rule'], 'key': one['key']}, status=400)
    world.ask('POST', '/v1/oddities', {'rule': one['rule'], 'key': 'nobody', 'reason': '无'}, status=404)


@with_world
def charts_count_what_there_is_and_words_say_what_codes_mean(world):
    charts = world.ask('GET', '/v1/charts').json
    assert sum(row['pushed'] for row in charts['funnel']) == int(world.database.sql('SELECT count(*) FROM declared_push'))
    assert sum(row['recorded'] for row in charts['late']) == int(world.database.sql(
        'SELECT (SELECT count(*) FROM need) + (SELECT count(*) FROM deal) + (SELECT count(*) FROM declared_push)'))
    none = int(world.database.sql("SELECT count(*) FROM need WHERE coalesce(ipc, '{}') = '{}'"))
    assert {row['section']: row['needs'] for row in charts['needs']}[''] == none
    assert world.ask('GET', '/v1/charts?agency=JJ02').json['funnel'] == []
    words = world.ask('GET', '/v1/words').json['items']
    assert words['not_accepted'] == {'zh': '未经认可', 'en': 'not accepted'}
    policies = {row['policy']: row for row in world.ask('GET', '/v1/policies').json['items']}
    assert policies['jinjiang-2023-6']['to'] == '2025-12-31' and policies['successor-template']['template']


main([what_came_and_went_between_two_days_is_shown_with_both_reasons_page_by_page,
      a_snapshot_is_taken_sent_and_found_whole_and_the_ledger_names_what_was_altered,
      a_verification_holds_up_nobody_and_tells_how_it_goes, an_oddity_is_marked_by_an_official_with_a_word_why, charts_count_what_there_is_and_words_say_what_codes_mean])
