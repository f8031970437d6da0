"""client.py - a database of its own, `patbridge serve` on it, keys, and requests whose answers are held against the description
that the server itself serves."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import jsonschema

BINARY = os.environ.get('PATBRIDGE_BINARY', 'build/patbridge')
SERVER = os.environ['PATBRIDGE_TEST_SERVER']


class Database:
    """A new, migrated one; dropped by close()."""

    def __init__(self):
        self.name = f'http_{os.getpid()}_{time.monotonic_ns()}'
        self.sql(f'CREATE DATABASE {self.name} TEMPLATE template0 ENCODING \'UTF8\'', 'postgres')
        self.folder = tempfile.mkdtemp(prefix='patbridge-files-')
        self.env = {**os.environ, 'PATBRIDGE_DATABASE': self.info(self.name), 'PATBRIDGE_EVIDENCE': self.folder}
        self.command('migrate')

    def info(self, name):
        return re.sub(r'dbname=\S+', '', SERVER) + f' dbname={name}'

    def sql(self, statement, name=None):
        done = subprocess.run(['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', self.info(name or self.name), '-c', statement],
                              check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def command(self, *words, codes=(0,)):
        """The document that `patbridge --json WORDS` prints."""
        done = subprocess.run([BINARY, '--json', *words], env=self.env, capture_output=True, text=True)
        assert done.returncode in codes, (words, done.returncode, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def key(self, role, *words):
        return self.command(*words, 'key', 'add', f'of a test: {role}', '--role', role, '--rate', '0')['key']

    def close(self):
        self.sql(f'DROP DATABASE IF EXISTS {self.name} WITH (FORCE)', 'postgres')
        shutil.rmtree(self.folder, ignore_errors=True)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Service:
    """The program, serving a database; its steps stand still unless --steps is among the words."""

    def __init__(self, database, *words, before=(), env=None):
        folder = tempfile.mkdtemp(prefix='patbridge-http-')
        self.port_file = os.path.join(folder, 'address')
        self.log_path = os.path.join(folder, 'log')
        steps = [] if '--steps' in words else ['--steps', 'none']
        with open(self.log_path, 'wb') as log:
            self.process = subprocess.Popen([BINARY, *before, 'serve', '--port', '0', '--port-file', self.port_file, *steps, *words],
                                            env={**database.env, **(env or {})}, stderr=log, stdout=subprocess.DEVNULL)
        for _ in range(400):
            if os.path.exists(self.port_file) or self.process.poll() is not None:
                break
            time.sleep(.05)
        with open(self.port_file, encoding='utf-8') as file:
            self.address = file.read().strip()
        self.port = int(self.address.rsplit(':', 1)[1])
        self.description, self.seen, self.validators = None, set(), {}
        self.description = self.ask('GET', '/v1/openapi.json').json

    def log(self):
        with open(self.log_path, encoding='utf-8') as log:
            return log.read()

    def ask(self, method, path, key=None, body=None, headers=None, kind='application/json'):
        """One request. A body that is no bytes is sent as JSON; the answer fits the description, or this fails."""
        sent = dict(headers or {})
        if key:
            sent['Authorization'] = f'Bearer {key}'
        if body is not None:
            sent['Content-Type'] = kind
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        elif method in ('POST', 'PUT'):
            body = b''
        request = urllib.request.Request(self.address + path, method=method, data=body, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=60) as got:
                answer = Answer(got.status, got.headers, got.read())
        except urllib.error.HTTPError as got:
            answer = Answer(got.code, got.headers, got.read())
        if self.description and path.startswith('/v1/') and method != 'HEAD':
            self.check(method, path, answer)
        return answer

    def operation(self, method, path):
        path = urllib.parse.unquote(path.split('?')[0])
        best = None
        for pattern, item in self.description['paths'].items():
            place = re.sub(r'\\\{key\\\}', '.+', re.escape(pattern))
            place = re.sub(r'\\\{[a-z]+\\\}', '[^/:]+', place)
            if re.fullmatch(place, path) and method.lower() in item:
                if best is None or best[0].count('{') > pattern.count('{'):
                    best = pattern, item[method.lower()]
        return best

    def check(self, method, path, answer):
        """The answer is one that the description has for this operation and status."""
        found = self.operation(method, path)
        if not found:
            assert answer.status in (404, 405), (method, path, answer.status)
            response = self.description['components']['responses']['Problem']
        else:
            responses = found[1]['responses']
            response = responses.get(str(answer.status))
            if response is None:
                assert answer.status >= 400, f'{method} {path}: no answer {answer.status} is described'
                response = responses['default']
            self.seen.add((method, found[0], answer.status))
        while '$ref' in response:
            response = self.resolve(response['$ref'])
        content = response.get('content')
        if not content:
            assert not answer.body, (method, path, answer.body)
            return
        media = answer.headers['Content-Type'].split(';')[0]
        assert media in content, f'{method} {path} {answer.status}: {media} is not described'
        if media.endswith('json') and answer.headers.get('Content-Encoding') != 'gzip':
            self.validator(content[media]['schema']).validate(answer.json)

    def validator(self, schema):
        """Making one reads the whole description: each is made once."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            self.validators[key] = jsonschema.Draft202012Validator({**schema, 'components': self.description['components']})
        return self.validators[key]

    def resolve(self, ref):
        place = self.description
        for part in ref[2:].split('/'):
            place = place[part]
        return place

    def close(self):
        self.process.terminate()
        assert self.process.wait(20) == 0, 'SIGTERM ends it cleanly'


def quote(text):
    return urllib.parse.quote(text, safe='')


def main(tests):
    """Runs functions that are sentences (those alone whose names hold a word of the command line); prints ok and not ok."""
    import sys
    import traceback
    for test in tests:
        if len(sys.argv) > 1 and not any(word in test.__name__ for word in sys.argv[1:]):
            continue
        name = test.__name__.replace('_', ' ')
        try:
            why = test()  # a reason: it could not be tried here
            print(f'ok - {name}' if not why else f"ok - {test.__name__} # SKIP {why}", flush=True)
        except Exception:  # noqa: each failure is shown, and the next test goes on
            print(f'not ok - {name}', flush=True)
            print('\n'.join('# ' + line[:400] for line in traceback.format_exc().splitlines()[-12:]), flush=True)
