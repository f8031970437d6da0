"""proxy.py - the nginx sample (deploy/nginx) in front of the service: TLS, and nothing shown to the world but the interface and the
pages behind signed links."""
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from client import Database, Service, main


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


class Proxy:
    def __init__(self, service):
        self.folder = folder = tempfile.mkdtemp(prefix='patbridge-proxy-')
        os.chmod(folder, 0o755)
        self.plain, self.port = free_port(), free_port()
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext',
                        'subjectAltName=DNS:localhost', '-keyout', f'{folder}/key.pem', '-out', f'{folder}/fullchain.pem'],
                       check=True, capture_output=True)
        with open('deploy/nginx/patbridge.conf', encoding='utf-8') as file:
            text = file.read()
        for old, new in (('/etc/ssl/patbridge', folder), ('listen 80;', f'listen 127.0.0.1:{self.plain};'),
                         ('listen 443 ssl', f'listen 127.0.0.1:{self.port} ssl'), ('127.0.0.1:8080', f'127.0.0.1:{service.port}')):
            assert old in text, old
            text = text.replace(old, new)
        with open(f'{folder}/nginx.conf', 'w', encoding='utf-8') as file:
            file.write(f'daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\nhttp {{\n'
                       + ''.join(f'{name}_temp_path {folder}/{name};\n' for name in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
                       + text + '}\n')
        self.process = subprocess.Popen(['nginx', '-c', f'{folder}/nginx.conf'], stderr=subprocess.PIPE)
        self.trust = ssl.create_default_context(cafile=f'{folder}/fullchain.pem')
        for _ in range(100):
            try:
                socket.create_connection(('127.0.0.1', self.port)).close()
                break
            except OSError:
                time.sleep(.05)

    def ask(self, path, method='GET', body=None, headers=None):
        request = urllib.request.Request(f'https://localhost:{self.port}{path}', data=body, headers=headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20, context=self.trust) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read()

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


def the_sample_speaks_TLS_and_shows_no_more_than_it_shall():
    if not shutil.which('nginx'):
        return 'there is no nginx here'
    database = Database()
    database.command('agency', 'add', 'JJ01', '--name', '甲')
    clerk = database.key('agency_clerk', '--agency', 'JJ01')
    service = Service(database)
    proxy = Proxy(service)
    try:
        assert proxy.ask('/v1/openapi.json')[0] == 200
        assert proxy.ask('/v1/leads')[0] == 401
        status, headers, _ = proxy.ask('/v1/leads', headers={'Authorization': f'Bearer {clerk}'})
        assert status == 200 and 'max-age' in headers['Strict-Transport-Security']
        rows = b'\n'.join(b'{"publication_number": "CN106%06dA", "title": "t"}' % i for i in range(2000))
        status, _, body = proxy.ask('/v1/patents:load', 'POST', rows, {'Authorization': f'Bearer {clerk}', 'Content-Type': 'application/x-ndjson'})
        assert status == 200 and b'"new":2000' in body.replace(b' ', b''), body[:200]
        status, headers, page = proxy.ask('/sign-in')
        script = re.search(rb'src="\./(assets/[^"]+)"', page).group(1).decode()
        assert status == 200 and "script-src 'self'" in headers['Content-Security-Policy']
        status, headers, _ = proxy.ask(f'/{script}')
        assert status == 200 and 'immutable' in headers['Cache-Control'], script
        assert proxy.ask('/')[2] == page, 'whoever names the host alone comes to the sign-in page'
        assert proxy.ask('/a/' + 'A' * 48)[0] == 404 and proxy.ask('/style.css')[0] == 200
        assert '链接已失效'.encode() in proxy.ask('/a/' + 'A' * 48)[2], 'the page of the service itself'
        for hidden in ('/metrics', '/healthz', '/readyz', '/a/..%2F..%2Fmetrics', '/evidence/x', '/leads'):
            status, _, body = proxy.ask(hidden)
            assert status in (400, 404) and b'patbridge' not in body.lower(), (hidden, status)
        plain = socket.create_connection(('127.0.0.1', proxy.plain))
        plain.sendall(b'GET /v1/leads HTTP/1.1\r\nHost: patents.example.cn\r\n\r\n')
        assert b'301' in plain.recv(200).split(b'\r\n')[0]
        plain.close()
    finally:
        proxy.close()
        service.close()
        database.close()


main([the_sample_speaks_TLS_and_shows_no_more_than_it_shall])
