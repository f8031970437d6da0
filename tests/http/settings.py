"""settings.py - what a manager sets from the desk: channels of enterprises, each tried by a test message over the real transport to a
stand-in that checks signatures by its own code; and feeds."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import threading
import time

from client import Database, Service, main

SECRET, OTHER = ('whsec_' + base64.b64encode(bytes([n] * 32)).decode() for n in (3, 4))
USCC = '91350582MA0077119D'


class Receiver:
    """An enterprise's own system and a group's robot on one port: checks what comes, answers by its script."""

    def __init__(self):
        receiver = self
        self.seen, self.script, self.asked = [], [], []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers['Content-Length']))
                receiver.seen.append((self.path, dict(self.headers), raw))
                status, text = receiver.script.pop(0) if receiver.script else (200, '{"errcode":0,"errmsg":"ok"}')
                self.send_response(status)
                self.send_header('Content-Length', str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def do_GET(self):
                text = f'{{"source_id": "XQ-{len(receiver.asked)}"}}'.encode()
                receiver.asked.append(self.path)
                self.send_response(200)
                self.send_header('Content-Length', str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.host = f'127.0.0.1:{self.server.server_port}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def signed_with(self, secret):
        _, headers, raw = self.seen[-1]
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + raw
        mac = hmac.new(base64.b64decode(secret[6:]), signed, hashlib.sha256).digest()
        return 'v1,' + base64.b64encode(mac).decode() in headers['webhook-signature'].split(' ')


class World:
    def __init__(self):
        self.database, self.receiver = Database(), Receiver()
        key_file = os.path.join(self.database.folder, 'secret.key')
        with open(os.open(key_file, os.O_CREAT | os.O_WRONLY, 0o600), 'w', encoding='ascii') as file:
            file.write('07' * 32 + '\n')
        self.database.env.update(PATBRIDGE_KEY_FILE=key_file, PATBRIDGE_ALLOW_PRIVATE=self.receiver.host, PATBRIDGE_PUBLIC_URL='https://desk.example.cn')
        self.database.command('agency', 'add', 'JJ01', '--name', '晋江知识产权运营')
        path = os.path.join(self.database.folder, 'firm.jsonl')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(json.dumps({'uscc': USCC, 'name': '晋江鞋材有限公司', 'division_code': '350582'}, ensure_ascii=False))
        self.database.command('--agency', 'JJ01', 'load', 'enterprise', path)
        self.key = self.database.key('agency_manager', '--agency', 'JJ01')
        self.before, self.service = 0, Service(self.database)

    def ask(self, method, path, body=None, status=200):
        answer = self.service.ask(method, path, self.key, body)
        assert answer.status == status, (path, answer.status, answer.body)
        return answer.json

    def again(self):
        """The minute of test messages begins anew with the program."""
        self.service.close()
        self.database.sql('DELETE FROM endpoint')
        self.before = int(self.database.sql('SELECT max(seq) FROM ledger'))
        self.service, self.receiver.seen[:] = Service(self.database), []

    def test(self, **said):
        return self.ask('POST', '/v1/endpoint-tests', said)

    def entries(self):
        return [json.loads(line) for line in self.database.sql(f"SELECT body FROM ledger WHERE seq > {self.before} AND body::jsonb ->> 'kind' = 'channel' ORDER BY seq").splitlines()]

    def close(self):
        self.service.close()
        self.receiver.server.shutdown()
        self.database.close()


WORLD = None


def with_world(work):
    """One world for all: its program and its channels begin anew with each."""
    def run():
        global WORLD
        if WORLD:
            WORLD.again()
        WORLD = WORLD or World()
        work(WORLD)
    run.__name__ = work.__name__
    return run


@with_world
def a_channel_is_set_tested_rolled_turned_off_and_on_and_its_secret_never_shown(world):
    url, of = f'http://{world.receiver.host}/hook/inner', f'/v1/endpoints/{USCC}/webhook'
    set_up = world.ask('PUT', of, {'address': url, 'secret': SECRET})
    assert set_up['url'] == f'http://{world.receiver.host}/…', set_up
    said = world.test(enterprise_uscc=USCC, channel='webhook')
    assert said['taken'] and said['outcome'] == 'accepted' and said['status'] == 200 and said['trouble'] is None, said
    body = json.loads(world.receiver.seen[-1][2])
    assert body['type'] == 'channel.test' and body['data']['test'] is True and '晋江知识产权运营' in body['data']['text'], body
    assert world.receiver.signed_with(SECRET) and 'desk.example.cn' not in world.receiver.seen[-1][2].decode()
    world.ask('POST', f'{of}/roll', {'secret': OTHER})
    world.test(enterprise_uscc=USCC, channel='webhook')
    assert world.receiver.signed_with(SECRET) and world.receiver.signed_with(OTHER), 'both sign for a while'
    assert world.ask('POST', f'{of}/off', {})['on'] is False
    world.ask('POST', f'{of}/off', {}, status=404)
    assert world.ask('GET', '/v1/endpoints')['items'][0]['disabled_reason'] == 'removed'
    assert world.ask('POST', f'{of}/on', {})['on'] is True
    world.ask('POST', f'{of}/on', {}, status=409)
    row, = world.ask('GET', '/v1/endpoints')['items']
    assert row['disabled_at'] is None and row['url'] == f'http://{world.receiver.host}/…' and row['old_secret_until'], row
    listed, = world.database.command('endpoint', 'list')
    assert listed['url'] == row['url'] and listed['endpoint_id'] == row['endpoint_id'], 'the command shows the same'
    reasons = [entry['reason'] for entry in world.entries()]
    assert [reason.split(':')[0] for reason in reasons] == ['set', f'test message to http', 'a new secret', 'test message to http', 'turned off', 'turned on'], reasons
    assert all(entry['subject'] == f'webhook of {USCC}' and entry['rows'] == 0 and entry['who'] for entry in world.entries())
    assert 'inner' not in ''.join(reasons) and SECRET not in world.service.log() and 'test message' in world.service.log()
    assert world.database.sql('SELECT count(*) FROM push') == world.database.sql('SELECT count(*) FROM outbox') == '0', 'no push came of it'
    assert world.database.sql('SELECT count(*) FROM push_event') == '0'
    world.database.command('verify')  # the ledger goes on


@with_world
def what_the_other_side_answered_is_said_in_plain_words(world):
    robot = {'channel': 'wecom', 'address': f'http://{world.receiver.host}/cgi-bin/webhook/send?key=K'}
    for answer, code, outcome in [((200, '{"errcode":93000,"errmsg":"x"}'), 'robot_gone', 'endpoint_off'), ((200, '{"errcode":45009}'), 'too_fast', 'retry'),
                                  ((502, '<html>'), 'server_error', 'retry'), ((200, '{"errcode":40058}'), 'message_form', 'dead')]:
        world.receiver.script.append(answer)
        said = world.test(**robot)
        assert (said['taken'], said['trouble']['code'], said['outcome'], said['answer']) == (False, code, outcome, answer[1]), said
        assert said['trouble']['zh'] and said['trouble']['do_en']
    said = world.test(**robot)
    content = json.loads(world.receiver.seen[-1][2])['markdown']['content']
    assert said['taken'] and said['outcome'] == 'sent' and '测试消息' in content and '契合度' not in content, (said, content)
    assert world.database.sql('SELECT count(*) FROM endpoint') == '0', 'an address that was typed in is not kept'
    answer = world.service.ask('POST', '/v1/endpoint-tests', world.key, robot)
    assert answer.status == 429 and 0 < int(answer.headers['Retry-After']) <= 60, (answer.status, answer.body)
    assert len(world.receiver.seen) == 5
    world.again()
    refused = world.test(channel='webhook', address='https://127.0.0.1:9/in', secret=SECRET)
    assert refused['trouble']['code'] == 'private_address' and refused['status'] == 0, refused
    no_relay = world.test(channel='email', address='liu@firm.cn')
    assert no_relay['trouble']['code'] == 'no_relay' and no_relay['outcome'] == 'dead', no_relay


@with_world
def what_can_not_be_a_channel_is_refused_and_changes_nothing(world):
    of = f'/v1/endpoints/{USCC}'
    for path, body in [(f'{of}/webhook', {'address': f'http://{world.receiver.host}/', 'secret': 'whsec_x'}), (f'{of}/webhook', {'address': 'https://a.cn/'}),
                       (f'{of}/webhook', {'address': 'ftp://a.cn/', 'secret': SECRET}), (f'{of}/pigeon', {'address': 'https://a.cn/'}),
                       (f'{of}/wecom', {'address': 'https://evil.example/cgi-bin/webhook/send?key=1'}), (f'{of}/email', {'address': 'nobody'}), (f'{of}/email', {})]:
        world.ask('PUT', path, body, status=400)
    world.ask('PUT', '/v1/endpoints/91350582MA00771278/email', {'address': 'a@b.cn'}, status=404)
    world.ask('POST', f'{of}/wecom/roll', {'secret': SECRET}, status=400)
    world.ask('POST', '/v1/endpoint-tests', {'channel': 'email'}, status=400)
    world.ask('POST', '/v1/endpoint-tests', {'channel': 'email', 'enterprise_uscc': USCC}, status=404)
    assert world.entries() == [] and world.database.sql('SELECT count(*) FROM endpoint') == '0'


@with_world
def a_test_to_a_robot_leaves_its_pushes_within_the_platform_s_limit(world):
    world.ask('PUT', f'/v1/endpoints/{USCC}/wecom', {'address': f'http://{world.receiver.host}/cgi-bin/webhook/send?key=K'})
    began = time.time()
    world.test(enterprise_uscc=USCC, channel='wecom')
    held = float(world.database.sql('SELECT extract(epoch FROM hold_until) FROM endpoint'))
    assert 3 <= held - began <= 5, held - began


@with_world
def a_feed_is_set_changed_looked_at_stopped_and_begun_again_and_its_address_never_shown_whole(world):
    url = f'http://{world.receiver.host}/needs.jsonl?token=GEHEIM'
    feed = world.ask('POST', '/v1/feeds', {'address': url, 'kind': 'need', 'options': {'encoding': 'UTF-8'}}, status=201)
    assert feed['address'] == f'http://{world.receiver.host}/…' and feed['every_s'] == 3600 and feed['options'] == {'encoding': 'UTF-8'}, feed
    of = f"/v1/feeds/{feed['feed_id']}"
    once = world.database.command('--agency', 'JJ01', 'feed', '--once', codes=(0, 1, 3))
    assert [one['feed'] for one in once] == [feed['feed_id']] and world.receiver.asked == ['/needs.jsonl?token=GEHEIM'], once
    assert not world.database.command('--agency', 'JJ01', 'feed', '--once'), 'its time has not come'
    changed = world.ask('PUT', of, {'every_s': 86400, 'options': {'encoding': None}})
    assert changed['every_s'] == 86400 and changed['options'] == {} and changed['feed_id'] == feed['feed_id'], changed
    assert len(world.database.command('--agency', 'JJ01', 'feed', '--once', codes=(0, 1, 3))) == 1, 'looked at at once'
    world.ask('POST', f'{of}/off', {})
    world.ask('POST', f'{of}/off', {}, status=404)
    again = world.ask('PUT', of, {})
    assert again['off_at'] is None and again['feed_id'] != feed['feed_id'] and again['every_s'] == 86400, again
    listed = world.database.command('--agency', 'JJ01', 'feed', 'list')
    assert [(one['feed_id'], one['address'], one['off_at']) for one in listed] == [
        (one['feed_id'], one['address'], one['off_at']) for one in world.ask('GET', '/v1/feeds')['items']], 'the command shows the same'
    assert 'GEHEIM' not in json.dumps(world.ask('GET', '/v1/feeds'))


@with_world
def what_can_not_be_a_feed_is_refused(world):
    for body in [{'address': '/etc', 'kind': 'need'}, {'address': 'http://a.cn/x', 'kind': 'need'}, {'address': 'https://a.cn/', 'kind': 'agency'},
                 {'address': 'https://a.cn/', 'kind': 'need', 'every_s': 999999999}, {'address': 'https://a.cn/', 'kind': 'need', 'options': {'paging': 'leap'}},
                 {'address': 'https://a.cn/', 'kind': 'need', 'options': {'items': 7}}, {'kind': 'need'}]:
        world.ask('POST', '/v1/feeds', body, status=400)
    world.ask('PUT', '/v1/feeds/1', {}, status=404)
    world.ask('PUT', '/v1/feeds/x', {}, status=404)


try:
    main([a_channel_is_set_tested_rolled_turned_off_and_on_and_its_secret_never_shown, what_the_other_side_answered_is_said_in_plain_words,
          what_can_not_be_a_channel_is_refused_and_changes_nothing, a_test_to_a_robot_leaves_its_pushes_within_the_platform_s_limit,
          a_feed_is_set_changed_looked_at_stopped_and_begun_again_and_its_address_never_shown_whole, what_can_not_be_a_feed_is_refused])
finally:
    WORLD.close()
