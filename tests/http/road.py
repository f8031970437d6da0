"""road.py - the whole road through HTTP ends in the same counts as through the commands."""
import json

from client import Database, Service, main, quote

SAMPLE = 'deploy/sample'
LOADS = [('patent', 'patents'), ('enterprise', 'enterprises'), ('expert', 'experts'), ('institution', 'institutions'), ('need', 'needs'),
         ('declared_push', 'declared_pushes'), ('deal', 'deals')]
HELD, REVIEWED, REASON = '2024-03-01', '2025-06-30', '已核实'
POLICIES = ['jinjiang-2023-6', 'successor-template']


def rows(name):
    with open(f'{SAMPLE}/{name}.jsonl', encoding='utf-8') as file:
        return [json.loads(line) for line in file]


NEEDS = [row['source_id'] for row in rows('needs')]
PUSHES = [f"{row['patent']}/{row['enterprise_uscc']}" for row in rows('declared_pushes')]
CODES = [row['code'] for row in rows('agencies')]
ANSWERS = [('interested', None), ('not_fit', 'price'), ('stop', None)]


def best(leads):
    """The best lead of every need, as a clerk would take it."""
    first = {}
    for lead in sorted(leads, key=lambda lead: (lead['rank'], lead['patent'])):
        first.setdefault(lead['need'], lead['lead'])
    return [first[need] for need in sorted(first)]


def pushed_first(pushed):
    return sorted(pushed, key=lambda lead: (lead['need'], lead['patent']))[:len(ANSWERS)]


def counts(figures):
    """What must be equal: the moment of the count and ids of rows are not."""
    for clause in figures['clauses']:
        clause.pop('known_at', None)
    return {name: figures[name] for name in ('policy', 'version', 'as_of', 'window', 'clauses')}


def by_commands(database):
    of = ('--agency', 'JJ01')
    database.command('load', 'agency', f'{SAMPLE}/agencies.jsonl')
    database.command('user', 'add', '林审', '--role', 'official')
    reports = {}
    for kind, file in LOADS:
        held = ('--held-since', HELD) if kind in ('patent', 'enterprise', 'expert', 'institution') else ()
        reports[kind] = database.command(*of, 'load', kind, f'{SAMPLE}/{file}.jsonl', *held, '--refused', '/tmp', codes=(0, 3))
    decide = ('--by', '林审', '--reason', REASON, '--effective', REVIEWED)
    database.command(*of, 'decide', 'accept', 'need', *NEEDS, *decide)
    database.command(*of, 'decide', 'accept', 'declared_push', *PUSHES, *decide)
    database.command(*of, 'match')
    for lead in best(database.command(*of, 'leads', '--limit', '100000')):
        database.command(*of, 'lead', 'accept', lead)
    database.command(*of, 'push', '--once', '--ignore-quiet')
    pushed = database.command(*of, 'leads', '--state', 'pushed', '--limit', '100000')
    for lead, (answer, because) in zip(pushed_first(pushed), ANSWERS):
        database.command(*of, 'feedback', lead['lead'], answer, *(('--because', because) if because else ()))
    return reports, [counts(database.command(*of, 'track', '--policy', policy)) for policy in POLICIES]


def pages(service, path, key):
    """Every item, page by page."""
    items, after = [], ''
    while after is not None:
        page = service.ask('GET', f'{path}limit=97{after and "&after=" + after}', key).json
        items += page['items']
        after = page['next']
    return items


def load(service, key, plural, file, held):
    with open(f'{SAMPLE}/{file}.jsonl', 'rb') as body:
        answer = service.ask('POST', f'/v1/{plural}:load{held}', key, body.read(), kind='application/x-ndjson')
    assert answer.status == 200, answer.body
    return answer.json


def by_http(database, service):
    admin = database.key('administrator')
    for row in rows('agencies'):
        assert service.ask('PUT', f"/v1/agencies/{row['code']}", admin, row).status == 201
    database.command('user', 'add', '林审', '--role', 'official')
    clerk = database.key('agency_clerk', '--agency', 'JJ01')
    official = database.command('key', 'add', 'x', '--role', 'official', '--account', '林审', '--rate', '0')['key']
    reports = {}
    for kind, file in LOADS:
        held = f'?held_since={HELD}' if kind in ('patent', 'enterprise', 'expert', 'institution') else ''
        reports[kind] = load(service, clerk, quote(file.replace('_', '-')), file, held)
    for kind, keys in (('need', NEEDS), ('declared_push', PUSHES)):
        body = {'verdict': 'accept', 'kind': kind, 'keys': keys, 'reason': REASON, 'effective': REVIEWED}
        assert service.ask('POST', '/v1/decisions?agency=JJ01', official, body).status == 201
    database.command('--agency', 'JJ01', 'match')
    for lead in best(pages(service, '/v1/leads?state=proposed&', clerk)):
        assert service.ask('POST', f'/v1/leads/{lead}/accept', clerk, {}).status == 200
    database.command('--agency', 'JJ01', 'push', '--once', '--ignore-quiet')
    for lead, (answer, because) in zip(pushed_first(pages(service, '/v1/leads?state=pushed&', clerk)), ANSWERS):
        body = {'lead': lead['lead'], 'answer': answer, **({'because': because} if because else {})}
        assert service.ask('POST', '/v1/feedback', clerk, body).status == 201
        assert service.ask('POST', '/v1/feedback', clerk, body).status == 200
    return reports, [counts(service.ask('GET', f'/v1/track?policy={policy}', clerk).json) for policy in POLICIES], clerk


def walk(service, clerk):
    """Everything else that can be read, so that each answer is held against the description."""
    for plural in ('patents', 'enterprises', 'experts', 'institutions', 'needs', 'deals', 'declared-pushes'):
        assert service.ask('GET', f'/v1/{plural}?limit=5', clerk).json['items'], plural
    lead = service.ask('GET', '/v1/leads?limit=1', clerk).json['items'][0]
    for path in (f"/v1/leads/{lead['lead']}", f"/v1/leads/{lead['lead']}/why-not", f"/v1/patents/{lead['patent']}",
                 f"/v1/needs/{quote(lead['need'])}", f"/v1/enterprises/{lead['enterprise_uscc']}", '/v1/pushes', '/v1/feedback',
                 '/v1/decisions?kind=need', '/v1/evidence/jinjiang-2023-6/needs?show=counted', '/v1/agencies/JJ01'):
        assert service.ask('GET', path, clerk).status == 200, path
    push = service.ask('GET', '/v1/pushes?limit=1', clerk).json['items'][0]
    assert service.ask('GET', f"/v1/pushes/{push['push_id']}", clerk).json['push_id'] == push['push_id']


def the_road_through_HTTP_ends_in_the_same_counts_as_through_the_commands():
    first, second = Database(), Database()
    service = Service(second)
    try:
        wanted_reports, wanted = by_commands(first)
        reports, found, clerk = by_http(second, service)
        for kind, report in reports.items():
            for name in ('read', 'new', 'changed', 'same', 'refused', 'skipped'):
                assert report[name] == wanted_reports[kind][name], (kind, name, report[name], wanted_reports[kind][name])
        assert found == wanted, (found, wanted)
        some = [item['value'] for clause in found[0]['clauses'] for item in clause['items']]
        assert sum(value > 0 for value in some if isinstance(value, int)) >= 7, some
        walk(service, clerk)
        for name in NEEDS[:3] + ['Bearer', clerk]:
            assert name not in service.log(), f'{name} stands in the log'
    finally:
        service.close()
        first.close()
        second.close()


if __name__ == '__main__':
    main([the_road_through_HTTP_ends_in_the_same_counts_as_through_the_commands])
