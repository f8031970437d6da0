"""contract.py - the description holds what the table of routes has: routes, roles, parameters, bodies."""
import json
import re
import subprocess

import yaml
from client import BINARY, Database, Service, main

TABLE = json.loads(subprocess.run([BINARY, 'serve', '--routes'], capture_output=True, check=True, text=True).stdout)
FORM = {'number': {'type': 'integer'}, 'day': {'type': 'string', 'format': 'date'}, 'text': {'type': 'string'}, 'moment': {'type': 'string'}}
BODY = {'json': {'application/json'}, 'none': set(),
        'file': {'application/x-ndjson', 'text/csv', 'text/tab-separated-values', 'application/xml',
                 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'},
        'form': {'application/x-www-form-urlencoded', 'multipart/form-data'}, 'paper': {'application/octet-stream'}, 'mail': {'message/rfc822'}}
with open('service/http/openapi.yaml', encoding='utf-8') as described:
    WRITTEN = yaml.safe_load(described)


def follow(document, item):
    while '$ref' in item:
        place = document
        for part in item['$ref'][2:].split('/'):
            place = place[part]
        item = place
    return item


def operations(document):
    return {(method.upper(), path): operation for path, item in document['paths'].items() for method, operation in item.items()}


def params(document, operation, where):
    found = [follow(document, item) for item in operation.get('parameters', [])]
    return {item['name']: item for item in found if item['in'] == where}


def same(what, found, wanted):
    assert found == wanted, f'{what}: described {found}, in the table {wanted}'


def every_route_is_described_and_nothing_else():
    same('routes', sorted(operations(WRITTEN)), sorted((route['method'], route['path']) for route in TABLE['routes']))


def roles_parameters_and_bodies_are_those_of_the_table():
    described = operations(WRITTEN)
    for route in TABLE['routes']:
        name, operation = route['name'], described[route['method'], route['path']]
        same(f'{name}: name', operation['operationId'], name)
        same(f'{name}: roles', sorted(operation['x-roles']), sorted(route['roles']))
        same(f'{name}: without a key', operation.get('security') == [], not route['roles'])
        asked = params(WRITTEN, operation, 'query')
        same(f'{name}: parameters', sorted(asked), sorted(route['params']))
        for param, kind in route['params'].items():
            schema = asked[param]['schema']
            wanted = FORM.get(kind)
            assert 'enum' in schema if kind == 'word' else wanted.items() <= schema.items(), (name, param, schema)
        same(f'{name}: places', sorted(params(WRITTEN, operation, 'path')), sorted(re.findall(r'\{(\w+)\}', route['path'])))
        same(f'{name}: Idempotency-Key', 'Idempotency-Key' in params(WRITTEN, operation, 'header'), route['repeats'])
        same(f'{name}: If-Match', 'If-Match' in params(WRITTEN, operation, 'header'), route['tags'] and route['writes'])
        body = follow(WRITTEN, operation['requestBody'])['content'] if 'requestBody' in operation else {}
        same(f'{name}: body', set(body), BODY[route['body']])


def as_served_every_kind_has_its_own_paths_roles_fields_and_filters():
    database = Database()
    service = Service(database)
    try:
        served = operations(service.description)
        wanted = set()
        for route in TABLE['routes']:
            for kind in TABLE['kinds'] if '{records}' in route['path'] else [None]:
                path = route['path'].replace('{records}', kind['plural']) if kind else route['path']
                wanted.add((route['method'], path))
                operation = served[route['method'], path]
                roles = set(route['roles'])
                if kind:
                    roles &= set(kind['writers' if route['writes'] else 'readers'])
                same(f'{path}: roles', sorted(operation['x-roles']), sorted(roles))
                asked = set(route['params']) | (set(kind['filters']) if kind and route['filters'] else set())
                same(f'{path}: parameters', sorted(params(service.description, operation, 'query')), sorted(asked))
        same('routes as served', sorted(served), sorted(wanted))
        for kind in TABLE['kinds']:
            assert service.description['components']['schemas'][kind['kind']]['properties'], kind
    finally:
        service.close()
        database.close()


main([every_route_is_described_and_nothing_else, roles_parameters_and_bodies_are_those_of_the_table,
      as_served_every_kind_has_its_own_paths_roles_fields_and_filters])
