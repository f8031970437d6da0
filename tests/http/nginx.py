"""nginx.py - a web server of one's own: Debian's nginx in the foreground, on free ports of this machine, its files in a folder that
goes away with it. Behind it, on /liar/, a server that says what no honest one does."""
import http.server
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

CONF = '''
daemon off; worker_processes 1; pid {root}/pid; error_log {root}/error.log warn; {user}
events {{ worker_connections 128; }}
http {{
  log_format asked '$request_uri $status range=$http_range if=$http_if_none_match$http_if_modified_since';
  access_log {root}/access.log asked;
  client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3; uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;
  types {{ text/csv csv; application/json json; application/x-ndjson jsonl; }}
  default_type application/octet-stream;
  map $uri $follows {{ default ''; /link/1.csv '<2.csv>; rel="next", <1.csv>; rel=first'; /link/2.csv '</link/3.csv>; rel=next';
                       /away/1.csv '<http://localhost:{port}/plain.csv>; rel=next'; /circle/1.csv '<1.csv>; rel=next'; }}
  server {{
    listen 127.0.0.1:{port}; listen 127.0.0.1:{tls} ssl; server_name localhost;
    ssl_certificate {root}/cert.pem; ssl_certificate_key {root}/key.pem;
    root {root}/www;
    add_header Link $follows;
    location /slow/ {{ alias {root}/www/; limit_rate 400k; }}
    location /gzip/ {{ alias {root}/www/; gzip on; gzip_types *; gzip_min_length 1; }}
    location /zstd/ {{ alias {root}/www/packed/; add_header Content-Encoding zstd; }}
    location /link/ {{ alias {root}/www/link/; add_header Link $follows; }}
    location = /busy {{ add_header Retry-After 7000 always; return 503; }}
    location = /gone {{ return 410; }}
    location = /here {{ return 302 /plain.csv; }}
    location = /elsewhere {{ return 302 http://localhost:{port}/plain.csv; }}
    location = /round {{ return 302 /round; }}
    location /liar/ {{ proxy_pass http://127.0.0.1:{liar}; proxy_buffering off; }}
  }}
}}
'''


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


class Liar(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    body = b''
    asked = []

    def log_message(self, *_):
        pass

    def do_GET(self):
        Liar.asked.append((self.path, self.headers.get('Range')))
        lies = {'/liar/more': 1000, '/liar/less': -10, '/liar/part': 0, '/liar/silent': None, '/liar/broken': 0}
        self.send_response(206 if self.path == '/liar/part' else 200)
        lie = lies[self.path]
        if lie is not None:
            self.send_header('Content-Length', str(len(self.body) + lie))
        if self.path == '/liar/part':
            self.send_header('Content-Range', f'bytes 5-{len(self.body) + 4}/{len(self.body) + 5}')
        if self.path == '/liar/broken':
            self.send_header('Content-Encoding', 'gzip')
        self.send_header('ETag', '"always the same"')
        self.send_header('Connection', 'close')
        self.end_headers()
        self.wfile.write(self.body[:max(0, len(self.body) + min(0, lie or 0))])
        self.close_connection = True


class Nginx:
    def __init__(self):
        self.root = tempfile.mkdtemp(prefix='patbridge-nginx-')
        os.chmod(self.root, 0o755)
        for folder in ('www', 'www/link', 'www/packed', 'www/away', 'www/circle'):
            os.mkdir(f'{self.root}/{folder}')
        self.liar = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Liar)
        self.liar.daemon_threads = True
        threading.Thread(target=self.liar.serve_forever, daemon=True).start()
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
                        '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', f'{self.root}/key.pem',
                        '-out', f'{self.root}/cert.pem'], check=True, capture_output=True)
        for _ in range(5):  # a port that was free may be taken by the time it is listened on
            self.port, self.tls = free_port(), free_port()
            if self.start():
                return
        raise RuntimeError('nginx does not start: ' + self.read('error.log'))

    def start(self):
        user = 'user root;' if os.geteuid() == 0 else ''
        with open(f'{self.root}/conf', 'w', encoding='utf-8') as conf:
            conf.write(CONF.format(root=self.root, port=self.port, tls=self.tls, liar=self.liar.server_port, user=user))
        binary = shutil.which('nginx') or '/usr/sbin/nginx'
        self.process = subprocess.Popen([binary, '-p', self.root, '-e', f'{self.root}/error.log', '-c', f'{self.root}/conf'],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(('127.0.0.1', self.port), 1).close()
                return True
            except OSError:
                if self.process.poll() is not None:
                    return False
                time.sleep(.05)
        return False

    def read(self, name):
        with open(f'{self.root}/{name}', encoding='utf-8') as file:
            return file.read()

    def put(self, name, content):
        """Takes the place of what was there, all at once."""
        path = f'{self.root}/www/{name}'
        with open(path + '.new', 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.rename(path + '.new', path)
        return path

    def url(self, path):
        return f'http://127.0.0.1:{self.port}{path}'

    def asked(self, path):
        """What stands in the log of requests to this path."""
        return [line.split(' ', 1)[1] for line in self.read('access.log').splitlines() if line.split(' ')[0].split('?')[0] == path]

    def workers(self):
        children = subprocess.run(['ps', '-o', 'pid=', '--ppid', str(self.process.pid)], capture_output=True, text=True).stdout
        return [int(one) for one in re.findall(r'\d+', children)]

    def signal_workers(self, number):
        for one in self.workers():
            os.kill(one, number)

    def close(self):
        self.signal_workers(signal.SIGCONT)
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        self.liar.shutdown()
        shutil.rmtree(self.root)
