"""bounces.py - what mail servers say of mails that went out: reports as RFC 3464 has them, plain letters, and what is neither."""
import email
import email.message
import email.policy
import json
import subprocess
import urllib.parse

from channels import World
from client import BINARY, Service, main


def report(envelope, raw, fields, to=None):
    """What a mail server that writes reports as RFC 3464 has them sends to the envelope's sender."""
    text = fields.replace('\n', '\r\n')
    head = (f"From: MAILER-DAEMON@mx.example.cn\r\nTo: {to or envelope['from']}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            'Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b7\r\n\r\n'
            '--b7\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n对不起，您的邮件无法投递。\r\n--b7\r\nContent-Type: message/delivery-status\r\n\r\n'
            f'Reporting-MTA: dns; mx.example.cn\r\n\r\nFinal-Recipient: rfc822; LI@firm.example.cn\r\n{text}\r\n\r\n'
            '--b7\r\nContent-Type: message/rfc822\r\n\r\n')
    return head.encode() + raw.removesuffix(b'\r\n.\r\n') + b'\r\n--b7--\r\n'


def letter(envelope, text, sender='postmaster@qq.example.cn'):
    """A mail that is no report."""
    mail = email.message.EmailMessage()
    mail['From'], mail['To'], mail['Subject'] = sender, envelope['from'], '系统退信'
    mail.set_content(text)
    return mail.as_bytes()


class Bounced:
    """Mails of one agency that went out, one a push, and reports about them given to the command."""

    def __init__(self, count):
        self.world = World(count, ('email',))
        self.world.database.sql("UPDATE enterprise SET push = '{\"weekly_limit\": 50}'")
        assert self.world.push()['sent'] == count
        self.mails = iter(self.world.stand.mails)

    def next(self):
        envelope, raw, _ = next(self.mails)
        return envelope, raw, email.message_from_bytes(raw, policy=email.policy.default)['Message-ID'][1:37]

    def give(self, mail, *words, agency='JJ01'):
        done = subprocess.run([BINARY, '--json', '--agency', agency, 'bounce', *words], env=self.world.database.env, input=mail, capture_output=True)
        assert done.returncode in (0, 3), done.stderr.decode()
        return json.loads(done.stdout)['reports'], done.stderr.decode()

    def taken(self, mail, *words):
        (one,), _ = self.give(mail, *words)
        return one

    def refused(self, mail, agency='JJ01'):
        reports, why = self.give(mail, agency=agency)
        assert reports == [], reports
        return why

    def state(self, push):
        return self.world.database.sql(f"SELECT state FROM outbox WHERE push_id = '{push}'")

    def bounced(self):
        return self.world.database.sql("SELECT count(*) FROM push_event WHERE event = 'bounced' AND channel = 'email'")


FULL = 'Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 <li@firm.example.cn>: Mailbox\n full'
GONE = 'Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <li@firm.example.cn>: no such user'


def a_report_takes_back_that_a_mail_was_sent_once():
    box = Bounced(6)
    sql = box.world.database.sql
    envelope, raw, push = box.next()
    late = box.taken(report(envelope, raw, 'Action: delayed\nStatus: 4.4.1'))
    assert (late['push_id'], late['outcome'], late['status'], late['recorded']) == (push, 'delayed', '4.4.1', True), late
    assert box.state(push) == 'done' and box.bounced() == '0'
    full = box.taken(report(envelope, raw, FULL))
    assert (full['push_id'], full['outcome'], full['endpoint_off'], full['recorded']) == (push, 'bounced', False, True), full
    assert box.state(push) == 'dead' and full['said'] == '552 5.2.2 <...@firm.example.cn>: Mailbox full', full
    again = box.taken(report(envelope, raw, FULL))
    assert not again['recorded'] and box.bounced() == '1', 'the same report changes nothing'
    envelope, raw, push = box.next()
    assert box.taken(report(envelope, raw, 'Action: failed\nStatus: 4.4.7'))['outcome'] == 'bounced', 'given up after days'
    envelope, raw, push = box.next()
    by_link = box.taken(report(envelope, raw, FULL, to='push@patents.example.cn'))
    assert by_link['push_id'] == push, 'the mail that came back names it, too'
    envelope, raw, push = box.next()
    plain = box.taken(letter({'from': 'b@bounce.example.cn'}, '无法投递：\n550 5.7.1 Mail rejected by li@firm.example.cn'), '--to', envelope['from'])
    assert (plain['push_id'], plain['outcome'], plain['status']) == (push, 'bounced', '5.7.1') and 'li@' not in plain['said'], plain
    envelope, raw, push = box.next()
    assert box.taken(report(envelope, raw, 'Action: relayed\nStatus: 2.0.0'))['outcome'] == 'none' and box.state(push) == 'done'
    assert box.bounced() == '4' and sql('SELECT disabled_at IS NULL FROM endpoint') == 't'
    envelope, raw, push = box.next()
    gone = box.taken(report(envelope, raw, GONE))
    assert gone['endpoint_off'] and 'no such mailbox' in sql('SELECT disabled_reason FROM endpoint'), gone
    assert 'li@' not in sql("SELECT string_agg(answer, ' ') FROM attempt") + sql("SELECT string_agg(detail::text, ' ') FROM push_event")
    log = [(row['outcome'], row['answer']) for row in box.world.command('push', '--log')]
    assert ('bounced', '5.1.1 550 5.1.1 <...@firm.example.cn>: no such user') in log and ('delayed', '4.4.1') in log, log
    found = subprocess.run([BINARY, '--json', 'verify'], env=box.world.database.env, capture_output=True, text=True).stdout
    assert 'push_event' not in found and sql("SELECT count(*) FROM ledger_row WHERE source = 'push_event' AND key LIKE '%/bounced'") == '5', found
    box.world.close()


def a_mail_that_proves_nothing_is_refused_with_the_reason():
    box = Bounced(2)
    box.world.database.command('agency', 'add', 'JJ02', '--name', '乙')
    envelope, raw, push = box.next()
    other = {'from': envelope['from'].replace('b+', 'b+A', 1).replace('@', 'A@', 1)}
    for mail, word in ((letter(envelope, '我正在休假，550 元的报销请找李工', 'li@firm.example.cn'), 'no report of delivery'),
                       (letter(envelope, '您的邮件已收到'), 'no report of delivery'), (b'', 'no header'),
                       (letter({'from': 'b@bounce.example.cn'}, '550 no such user'), 'names no push'),
                       (letter({'from': f"b+{envelope['from'][2:49]}A@bounce.example.cn"}, '550 no such user'), 'not ours'),
                       (letter(other, '550 no such user'), 'names no push')):
        assert word in box.refused(mail), (word, mail, box.refused(mail))
    assert 'no mail went out' in box.refused(report(envelope, raw, FULL), agency='JJ02'), "another agency's"
    assert box.bounced() == '0' and box.state(push) == 'done'
    # The address is another by now: a late report about the old one does not turn it off.
    box.world.command('endpoint', 'add', 'E1', 'email', 'wang@firm.example.cn')
    late = box.taken(report(envelope, raw, GONE))
    assert late['outcome'] == 'bounced' and not late['endpoint_off'], late
    box.world.close()


def a_report_is_taken_over_http():
    box = Bounced(1)
    service = Service(box.world.database)
    clerk = box.world.database.key('agency_clerk', '--agency', 'JJ01')
    envelope, raw, push = box.next()
    mail = report(envelope, raw, FULL, to='push@patents.example.cn')
    ask = lambda body, to='', kind='message/rfc822': service.ask('POST', f'/v1/bounces{to}', clerk, body, kind=kind)
    to = '?to=' + urllib.parse.quote(envelope['from'])
    first, second = ask(mail, to), ask(mail, to)
    assert (first.status, second.status) == (201, 200) and first.json['push_id'] == push and not second.json['recorded'], first.body
    assert ask(b'Subject: x\r\n\r\n550').status == 400 and ask(mail, kind='application/json').status == 415
    rows = service.ask('GET', f'/v1/deliveries?push={push}', clerk).json['items']
    assert [row['outcome'] for row in rows] == ['bounced', 'sent'], rows
    events = service.ask('GET', f'/v1/pushes/{push}', clerk).json['events']
    assert ('email', 'bounced') in [(event['channel'], event['event']) for event in events], events
    assert envelope['from'][2:50] not in service.log(), 'a token is a password: not in the log'
    service.close()
    box.world.close()


main([a_report_takes_back_that_a_mail_was_sent_once, a_mail_that_proves_nothing_is_refused_with_the_reason, a_report_is_taken_over_http])
