"""feeds.py - feeds from a real web server that is honest, slow, cut off, silent, changing and lying; and folders that are watched."""
import gzip
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

from client import BINARY, Database, Service, main
from nginx import Liar, Nginx

HEAD = '申请号,标题,摘要\n'


def check_character(digits):
    return '0123456789X'[sum(int(d) * w for d, w in zip(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5))) % 11]


def number(n):
    digits = f'20171{n:07d}'
    return f'CN{digits}.{check_character(digits)}'


def rows(first, count, words=''):
    return ''.join(f'{number(n)},标题{n},{words}\n' for n in range(first, first + count))


def table(first, count, words=''):
    return HEAD + rows(first, count, words)


class World:
    """A database, an agency, a web server."""

    def __init__(self):
        self.nginx, self.database, self.folder = Nginx(), Database(), tempfile.mkdtemp(prefix='patbridge-feeds-')
        self.database.env.update(PATBRIDGE_ALLOW_PRIVATE=f'127.0.0.1:{self.nginx.port}, 127.0.0.1:{self.nginx.tls}',
                                 PATBRIDGE_FEED_FOLDER=f'{self.folder}/feeds')
        self.database.command('agency', 'add', 'JJ01', '--name', '甲')

    def add(self, address, *words, kind='patent'):
        return self.database.command('--agency', 'JJ01', 'feed', 'add', address, kind, *words)['feed']

    def web(self, path, *words):
        return self.add(self.nginx.url(path), *words)

    def look(self, *feeds, codes=(0,)):
        return self.database.command('feed', '--once', *feeds, codes=codes)

    def look_at(self, feed, codes=(0,)):
        found = self.look(feed, codes=codes)
        assert len(found) == 1, found
        return found[0]

    def begin(self, feed):
        """The same in the background."""
        return subprocess.Popen([BINARY, '--json', 'feed', '--once', feed], env=self.database.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True)

    def ended(self, process):
        out, err = process.communicate(timeout=120)
        assert out, err
        return json.loads(out)[0]

    def part(self, feed):
        try:
            return os.path.getsize(f'{self.folder}/feeds/{feed}/part')
        except OSError:
            return 0

    def wait_for_part(self, feed, least):
        wait(lambda: self.part(feed) >= least, f'{least} bytes of the file')

    def patents(self):
        return int(self.database.sql('SELECT count(*) FROM patent'))

    def row(self, feed):
        return next(one for one in self.database.command('feed', 'list') if one['feed_id'] == feed)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.database.close()
        self.nginx.close()
        shutil.rmtree(self.folder)


def wait(true, what, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f'waited {seconds} s for {what}'
        time.sleep(.01)


def a_file_is_fetched_once_and_then_only_when_it_has_changed():
    with World() as world:
        world.nginx.put('plain.csv', table(1, 30))
        feed = world.web('/plain.csv')
        first = world.look_at(feed)
        assert (first['outcome'], first['read'], first['new']) == ('loaded', 30, 30), first
        again = world.look_at(feed)
        assert again['outcome'] == 'same' and 'read' not in again, again
        assert [line.split()[0] for line in world.nginx.asked('/plain.csv')] == ['200', '304']
        assert world.look() == [], 'nothing is due for an hour'
        world.nginx.put('plain.csv', table(1, 31))
        changed = world.look_at(feed)
        assert (changed['outcome'], changed['new'], changed['same']) == ('loaded', 1, 30), changed
        assert world.row(feed)['outcome'] == 'loaded' and world.row(feed)['address'].endswith('/…')


def gzip_and_zstd_are_unpacked_whether_the_server_packs_or_the_file_is_packed():
    with World() as world:
        world.nginx.put('plain.csv', table(1, 300))
        subprocess.run(['zstd', '-q', '-o', f'{world.nginx.root}/www/packed/list.csv', '-'], input=table(301, 300).encode(), check=True)
        world.nginx.put('own.csv.gz', gzip.compress(table(601, 300).encode()))
        world.nginx.put('short.csv.gz', gzip.compress(table(901, 300).encode())[:-40])
        world.nginx.put('bomb.csv.gz', gzip.compress(table(901, 3) .encode() + b'\n' * (3 << 20)))
        for path in ('/gzip/plain.csv', '/zstd/list.csv', '/own.csv.gz'):
            got = world.look_at(world.web(path))
            assert (got['outcome'], got['new']) == ('loaded', 300), (path, got)
        short = world.look_at(world.web('/short.csv.gz'), codes=(1,))
        assert short['outcome'] == 'later' and 'unpack' in short['message'], short
        bomb = world.look_at(world.web('/bomb.csv.gz', '--most-mb', '2'), codes=(1,))
        assert bomb['outcome'] == 'later' and 'longer' in bomb['message'], bomb
        long = world.look_at(world.web('/plain.csv', '--most-mb', '1'))
        assert long['outcome'] == 'loaded', long
        world.nginx.put('long.csv', table(1, 60000))
        long = world.look_at(world.web('/long.csv', '--most-mb', '1'), codes=(1,))
        assert long['outcome'] == 'later' and '1 MB' in long['message'], long
        assert world.patents() == 900


def a_transfer_that_is_cut_goes_on_where_it_was():
    with World() as world:
        world.nginx.put('big.csv', table(1, 9000, '一种轻质发泡鞋底材料及其制备方法'))
        feed = world.web('/slow/big.csv')
        running = world.begin(feed)
        world.wait_for_part(feed, 100000)
        world.nginx.signal_workers(signal.SIGKILL)
        got = world.ended(running)
        assert (got['outcome'], got['new'], got['refused']) == ('loaded', 9000, 0), got
        assert got['resumed'] >= 1, got
        assert any(line.startswith('206 range=bytes=') for line in world.nginx.asked('/slow/big.csv')), world.nginx.asked('/slow/big.csv')


def a_fetch_that_is_killed_goes_on_where_it_was():
    with World() as world:
        world.nginx.put('big.csv', table(1, 9000, '一种轻质发泡鞋底材料及其制备方法'))
        feed = world.web('/slow/big.csv')
        running = world.begin(feed)
        world.wait_for_part(feed, 100000)
        running.kill()
        running.communicate()
        there = world.part(feed)
        got = world.look_at(feed)
        assert (got['outcome'], got['new'], got['tries'], got['resumed']) == ('loaded', 9000, 1, 1), got
        assert world.nginx.asked('/slow/big.csv')[-1].startswith(f'206 range=bytes={there}-'), world.nginx.asked('/slow/big.csv')


def a_server_that_falls_silent_is_left_and_asked_again():
    with World() as world:
        world.nginx.put('big.csv', table(1, 9000, '一种轻质发泡鞋底材料及其制备方法'))
        feed = world.web('/slow/big.csv', '--stall', '1')
        running = world.begin(feed)
        world.wait_for_part(feed, 100000)
        world.nginx.signal_workers(signal.SIGSTOP)
        time.sleep(2.5)
        world.nginx.signal_workers(signal.SIGCONT)
        got = world.ended(running)
        assert (got['outcome'], got['new']) == ('loaded', 9000), got
        assert got['tries'] >= 2 and got['resumed'] >= 1, got
        world.nginx.signal_workers(signal.SIGSTOP)
        begun = time.monotonic()
        silent = world.look_at(world.web('/plain.csv', '--stall', '1'), codes=(1,))
        assert silent['outcome'] == 'later' and time.monotonic() - begun < 40, silent
        world.nginx.signal_workers(signal.SIGCONT)


def a_file_that_changes_half_way_is_taken_as_it_is_now():
    with World() as world:
        old, new = table(1, 9000, '一种轻质发泡鞋底材料及其制备方法'), table(20001, 8000, '另一份清单，内容与长度都不同')
        path = world.nginx.put('big.csv', old)
        feed = world.web('/slow/big.csv')
        running = world.begin(feed)
        world.wait_for_part(feed, 100000)
        with open(path, 'r+b') as file:  # the very file that is being sent: the server can't keep what it has announced
            file.truncate(150000)
            file.seek(0)
            file.write(new.encode())
            file.truncate(len(new.encode()))
        world.nginx.signal_workers(signal.SIGKILL)
        got = world.ended(running)
        assert (got['outcome'], got['new'], got['refused']) == ('loaded', 8000, 0), got
        assert world.patents() == 8000, 'nothing of the old file was mixed in'


def lies_about_lengths_are_not_believed():
    with World() as world:
        Liar.body = table(1, 40).encode()
        for path in ('/liar/more', '/liar/less', '/liar/part', '/liar/broken'):
            got = world.look_at(world.web(path), codes=(1, 3))
            if path == '/liar/less':  # what is announced came: nobody can know that there should be more
                assert (got['outcome'], got['new'], got['refused']) == ('refused', 39, 1), got
                continue
            assert got['outcome'] == 'later' and 'read' not in got, (path, got)
            assert got['message'], got
        assert len([one for one in Liar.asked if one[0] == '/liar/more']) <= 6, 'it is not asked for ever'


def the_next_page_stands_in_Link():
    with World() as world:
        for page in (1, 2, 3):
            world.nginx.put(f'link/{page}.csv', table(page * 100, 10))
        world.nginx.put('away/1.csv', table(500, 5))
        world.nginx.put('circle/1.csv', table(600, 5))
        got = world.look_at(world.web('/link/1.csv', '--paging', 'link'))
        assert (got['outcome'], got['new'], len(got['batches'])) == ('loaded', 30, 3), got
        away = world.look_at(world.web('/away/1.csv', '--paging', 'link'), codes=(1,))
        assert (away['outcome'], away['new']) == ('later', 5) and 'another place' in away['message'], away
        circle = world.look_at(world.web('/circle/1.csv', '--paging', 'link'), codes=(1,))
        assert circle['outcome'] == 'later' and 'back' in circle['message'], circle


def pages_by_cursor_are_those_of_our_own_interface():
    with World() as world:
        record = {'application_number': '', 'title': '标题'}
        pages = [{'data': {'items': [{**record, 'application_number': number(page * 10 + n)} for n in range(5)]},
                  'next': f'/cursor-{page + 1}.json' if page < 3 else None} for page in (1, 2, 3)]
        for page, body in enumerate(pages, 1):
            world.nginx.put(f'cursor-{page}.json', json.dumps(body))
        feed = world.web('/cursor-1.json', '--paging', 'cursor', '--items', 'data.items')
        got = world.look_at(feed)
        assert (got['outcome'], got['new'], len(got['batches'])) == ('loaded', 15, 3), got
        wrong = world.look_at(world.web('/cursor-1.json?other=1', '--paging', 'cursor'), codes=(1,))
        assert wrong['outcome'] == 'later' and "'items'" in wrong['message'], wrong
        # A cursor that is no address goes into a parameter of the feed's own address.
        world.nginx.put('by.json', json.dumps({'items': [{**record, 'application_number': number(900)}], 'next': 'a b&c'}))
        world.look_at(world.web('/by.json?limit=1', '--paging', 'cursor', '--parameter', 'from'), codes=(1,))
        asked = [line.split(' ')[0] for line in world.nginx.read('access.log').splitlines() if line.startswith('/by.json')]
        assert asked[:2] == ['/by.json?limit=1', '/by.json?limit=1&from=a+b%26c'], asked


def redirects_are_followed_at_the_same_place_alone():
    with World() as world:
        world.nginx.put('plain.csv', table(1, 3))
        assert world.look_at(world.web('/here'))['new'] == 3
        away = world.look_at(world.web('/elsewhere'), codes=(1,))
        assert away['outcome'] == 'later' and 'another place' in away['message'], away
        assert world.look_at(world.web('/round'), codes=(1,))['outcome'] == 'later'


def private_networks_are_refused_unless_allowed_by_name():
    with World() as world:
        world.nginx.put('plain.csv', table(1, 3))
        feed = world.add(f'https://localhost:{world.nginx.tls}/plain.csv')
        refused = world.look_at(feed, codes=(1,))
        assert refused['outcome'] == 'later' and 'private' in refused['message'], refused
        for address in (f'http://localhost:{world.nginx.port}/plain.csv', 'ftp://127.0.0.1/x', 'https://a:b@127.0.0.1/x', 'https://'):
            done = subprocess.run([BINARY, '--agency', 'JJ01', 'feed', 'add', address, 'patent'], env=world.database.env, capture_output=True)
            assert done.returncode == 2, (address, done)
        assert world.nginx.asked('/plain.csv') == [], 'no byte was sent'


def certificates_are_verified():
    with World() as world:
        world.nginx.put('plain.csv', table(1, 3))
        feed = world.add(f'https://127.0.0.1:{world.nginx.tls}/plain.csv')
        unknown = world.look_at(feed, codes=(1,))
        assert unknown['outcome'] == 'later' and 'certificate' in unknown['message'], unknown
        world.database.env['PATBRIDGE_CA_FILE'] = f'{world.nginx.root}/cert.pem'
        assert world.look_at(feed)['new'] == 3


def failures_wait_longer_and_longer_and_as_long_as_the_server_says():
    with World() as world:
        busy, missing, gone = world.web('/busy'), world.web('/missing.csv'), world.web('/gone')
        assert world.look_at(busy, codes=(1,))['next_in_s'] == 7000
        waits = [world.look_at(missing, codes=(1,))['next_in_s'] for _ in range(4)]
        assert all(54 * 2 ** n <= wait_s <= 66 * 2 ** n for n, wait_s in enumerate(waits)), waits
        assert world.row(missing)['failures'] == 4
        world.nginx.put('missing.csv', table(1, 2))
        assert world.look_at(missing)['next_in_s'] == 3600
        assert world.row(missing)['failures'] == 0
        assert world.look_at(gone, codes=(1,))['outcome'] == 'off'
        assert world.row(gone)['off_at'] and world.look(gone) == []


def two_programs_fetch_a_feed_once():
    with World() as world:
        world.nginx.put('big.csv', table(1, 9000, '一种轻质发泡鞋底材料及其制备方法'))
        feed = world.web('/slow/big.csv')
        running = world.begin(feed)
        world.wait_for_part(feed, 50000)
        assert world.look(feed) == [], 'another has it'
        assert world.ended(running)['new'] == 9000
        assert len(world.nginx.asked('/slow/big.csv')) == 1


def refused_rows_of_a_feed_are_kept_and_a_mapping_is_used():
    with World() as world:
        with open(f'{world.folder}/map.json', 'w', encoding='utf-8') as file:
            json.dump({'kind': 'patent', 'columns': {'no': 'application_number', 'what': 'title'}}, file)
        world.nginx.put('own.csv', f'no,what\n{number(1)},鞋底\nCN201710000001.0,校验位不对\n')
        feed = world.web('/own.csv', '--map', f'{world.folder}/map.json')
        got = world.look_at(feed, codes=(3,))
        assert (got['outcome'], got['new'], got['refused']) == ('refused', 1, 1), got
        assert world.database.sql('SELECT code FROM refused_row') in ('bad_check', 'bad_number')
        assert world.look_at(feed)['outcome'] == 'same'


def drop(world, folder, name, content):
    path = f'{folder}/inbox/{name}'
    with open(path + '.tmp', 'wb') as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    os.rename(path + '.tmp', path)
    return path


def what_appears_in_a_folder_is_loaded_once_and_moved():
    with World() as world:
        folder = f'{world.folder}/drop'
        feed = world.add(folder, '--settle', '0')
        drop(world, folder, '一月.csv', table(1, 4))
        drop(world, folder, '二月.csv', table(10, 2) + 'CN201710000001.0,校验位不对,\n')
        drop(world, folder, '旧.xls', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(600))
        drop(world, folder, '.hidden.csv', table(30, 4))
        os.symlink('/etc/passwd', f'{folder}/inbox/link.csv')
        got = world.look_at(feed, codes=(3,))
        assert (got['read'], got['new'], got['refused']) == (7, 6, 1), got
        assert sorted((one['file'], one['outcome']) for one in got['files']) == [('一月.csv', 'done'), ('二月.csv', 'refused'), ('旧.xls', 'refused')]
        assert os.listdir(f'{folder}/done') == ['一月.csv']
        assert sorted(os.listdir(f'{folder}/refused')) == ['二月.csv', '二月.csv.refused.csv', '旧.xls', '旧.xls.txt'], os.listdir(f'{folder}/refused')
        with open(f'{folder}/refused/旧.xls.txt', encoding='utf-8') as file:
            assert 'xlsx' in file.read().lower()
        assert sorted(os.listdir(f'{folder}/inbox')) == ['.hidden.csv', 'link.csv']
        assert world.look_at(feed)['outcome'] == 'same'
        drop(world, folder, '一月.csv', table(5, 1))
        assert world.look_at(feed)['new'] == 1
        assert sorted(os.listdir(f'{folder}/done')) == ['一月-2.csv', '一月.csv']
        # The mended rows go the same way.
        mended = f'{folder}/refused/二月.csv.refused.csv'
        with open(mended, encoding='utf-8-sig') as file:
            text = file.read().replace('CN201710000001.0', number(77))
        drop(world, folder, '二月改.csv', text)
        assert world.look_at(feed)['new'] == 1


def a_file_that_is_still_being_written_is_left_alone():
    with World() as world:
        folder = f'{world.folder}/drop'
        feed = world.add(folder, '--settle', '0')
        with open(f'{folder}/inbox/slow.csv', 'w', encoding='utf-8') as file:
            file.write(table(1, 3))
            file.flush()
            assert world.look_at(feed)['outcome'] == 'same' and os.listdir(f'{folder}/inbox') == ['slow.csv']
            file.write(rows(4, 3))
        assert world.look_at(feed)['new'] == 6
        resting = world.add(f'{world.folder}/rest', '--settle', '2')
        drop(world, f'{world.folder}/rest', 'new.csv', table(50, 1))
        assert world.look_at(resting)['outcome'] == 'same', 'it has not rested for two seconds'
        time.sleep(2.1)
        assert world.look_at(resting)['new'] == 1


def the_program_that_serves_looks_at_feeds_by_itself():
    with World() as world:
        folder = f'{world.folder}/drop'
        world.nginx.put('plain.csv', table(1, 5))
        world.add(folder, '--settle', '0', '--every', '1')
        feed = world.web('/plain.csv')
        service = Service(world.database, '--steps', 'expire')
        wait(lambda: world.row(feed)['outcome'] == 'loaded', 'the feed')
        drop(world, folder, 'new.csv', table(100, 5))
        wait(lambda: os.listdir(f'{folder}/done') == ['new.csv'], 'the folder')
        assert world.patents() == 10
        world.nginx.put('big.csv', table(1000, 9000, '一种轻质发泡鞋底材料及其制备方法'))
        slow = world.web('/slow/big.csv')
        world.wait_for_part(slow, 50000)
        service.close()  # SIGTERM in the middle of a fetch ends it cleanly, and soon
        assert world.row(slow)['failures'] == 0
        assert world.look_at(slow)['resumed'] == 1
        assert world.patents() == 9010


def feeds_are_listed_and_removed_by_their_agency_alone():
    with World() as world:
        world.database.command('agency', 'add', 'JJ02', '--name', '乙')
        feed = world.web('/plain.csv?key=geheim')
        listed = world.database.command('feed', 'list')
        assert 'geheim' not in json.dumps(listed) and [one['feed_id'] for one in listed] == [feed]
        assert world.database.command('--agency', 'JJ02', 'feed', 'list') == []
        world.database.command('--agency', 'JJ02', 'feed', 'remove', feed, codes=(1,))
        assert world.database.command('--agency', 'JJ02', 'feed', '--once', feed) == []
        world.database.command('--agency', 'JJ01', 'feed', 'remove', feed)
        assert world.look(feed) == [] and world.row(feed)['off_reason'] == 'removed'


main([value for name, value in list(globals().items()) if callable(value) and '_' in name and value.__module__ == '__main__' and
      name not in ('check_character',)])
