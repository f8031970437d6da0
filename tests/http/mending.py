"""mending.py - a clerk's way through the interface: a preview, a load, its refused rows as a list and as a workbook that is mended and
loaded, a row that is a known organisation, a mapping that is kept, a load taken back."""
import io
import re
import zipfile

from client import Database, Service, main, quote

USCC = '91350582MA0077119D'
BOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


class World:
    def __init__(self):
        self.database = Database()
        self.database.command('agency', 'add', 'JJ01', '--name', '甲')
        self.service = Service(self.database)
        self.clerk = self.database.key('agency_clerk', '--agency', 'JJ01')

    def ask(self, method, path, body=None, status=200, kind='application/json'):
        answer = self.service.ask(method, path, self.clerk, body.encode() if isinstance(body, str) else body, kind=kind)
        assert answer.status == status, (method, path, answer.status, answer.body[:400])
        return answer

    def load(self, plural, text, kind='text/csv', query=''):
        return self.ask('POST', f'/v1/{plural}:load{query}', text, kind=kind).json

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.service.close()
        else:
            self.service.process.kill()
        self.database.close()


def texts(book):
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith('.xml')}


def mended(book, bad, good):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, data.replace(bad.encode(), good.encode()) if entry.filename.endswith('.xml') else data)
    return out.getvalue()


def refused_rows_come_as_a_list_and_as_a_workbook_that_is_mended_and_loaded():
    with World() as world:
        table = '单位：万元,,,,\n发票号码,客户,金额,开票日期,服务内容\nFP-1,甲,12.5,2025-01-02,检索\nFP-2,乙,3,四月,撰写\nFP-3,,3,2025-01-04,撰写\n'
        report = world.load('sales', table)
        assert (report['read'], report['new'], report['refused']) == (3, 1, 2), report
        batch = report['batch']
        one = world.ask('GET', f'/v1/batches/{batch}').json
        assert (one['read'], one['refused'], one['kind'], one['agency'], one['undone_at']) == (3, 2, 'sale', 'JJ01', None), one
        assert [row['batch'] for row in world.ask('GET', '/v1/batches?kind=sale').json['items']] == [batch]
        assert world.ask('GET', '/v1/batches?kind=need').json['items'] == []
        first = world.ask('GET', f'/v1/batches/{batch}/refusals?limit=1&lang=zh').json
        assert first['items'][0]['code'] == 'bad_date' and first['items'][0]['record']['发票号码'] == 'FP-2', first
        assert re.search('[一-龥]', first['items'][0]['reason']), first
        rest = world.ask('GET', f'/v1/batches/{batch}/refusals?limit=1&after={quote(first["next"])}').json
        assert [row['code'] for row in rest['items']] == ['missing'] and rest['next'] is None, rest
        answer = world.ask('GET', f'/v1/batches/{batch}/refused.xlsx')
        assert answer.headers['Content-Type'] == BOOK
        seen = texts(answer.body)
        sheet, comments = seen['xl/worksheets/sheet1.xml'], ''.join(text for name, text in seen.items() if 'comments' in name)
        assert '单位：万元' in sheet and sheet.index('发票号码') < sheet.index('服务内容') and '_reason' in sheet
        assert comments, 'the faulty cells have comments'
        again = world.load('sales', mended(answer.body, '四月', '2025-04-03'), BOOK)
        assert (again['read'], again['new'], again['refused']) == (2, 1, 1), again
        stored = world.ask('GET', '/v1/sales').json['items']
        assert {row['invoice']: row['amount_fen'] for row in stored} == {'FP-1': 12500000, 'FP-2': 3000000}, stored
        clean = world.load('sales', '发票号码,客户,金额（元）,开票日期,服务内容\nFP-9,甲,1,2025-01-02,检索\n')['batch']
        world.ask('GET', f'/v1/batches/{clean}/refused.xlsx', status=404)
        world.ask('GET', '/v1/batches/1', status=404)
        world.ask('GET', '/v1/batches/x', status=400)


def json_rows_that_were_refused_become_a_workbook_too():
    with World() as world:
        lines = '{"invoice": "A", "client": "甲", "amount_fen": 100, "date": "2025-02-30", "service": "检索", "extra thing": ["x", 1]}\n'
        report = world.load('sales', lines, 'application/x-ndjson')
        book = world.ask('GET', f"/v1/batches/{report['batch']}/refused.xlsx").body
        again = world.load('sales', mended(book, '2025-02-30', '2025-02-28'), BOOK)
        assert (again['read'], again['new']) == (1, 1), again


def a_load_is_taken_back_and_can_be_made_again():
    with World() as world:
        table = '发票号码,客户,金额（元）,开票日期,服务内容\nFP-1,甲,12.5,2025-01-02,检索\n'
        batch = world.load('sales', table)['batch']
        undone = world.ask('POST', f'/v1/batches/{batch}/undo', {}).json
        assert (undone['withdrawn'], undone['kept']) == (1, 0), undone
        assert world.ask('GET', '/v1/sales').json['items'] == []
        assert world.ask('GET', f'/v1/batches/{batch}').json['undone_at']
        world.ask('POST', f'/v1/batches/{batch}/undo', {}, status=409)
        assert world.load('sales', table)['new'] == 1


def a_row_that_bears_a_known_name_waits_for_a_person():
    with World() as world:
        firm = {'uscc': USCC, 'name': '晋江甲鞋业有限公司', 'division_code': '350582'}
        world.ask('PUT', f'/v1/enterprises/{USCC}', firm, status=201)
        world.load('enterprises', '企业名称,行政区划代码,产品\n晋江甲鞋业有限公司,350582,鞋底\n')
        queue = world.ask('GET', '/v1/reviews').json['items']
        assert len(queue) == 1 and queue[0]['candidates'] == [{'uscc': USCC, 'name': '晋江甲鞋业有限公司'}], queue
        row = queue[0]['id']
        assert queue[0]['record'] == {'企业名称': firm['name'], '行政区划代码': '350582', '产品': '鞋底'}, queue
        assert 'products' not in world.ask('GET', f'/v1/enterprises/{USCC}').json, 'nothing is merged by itself'
        world.ask('POST', f'/v1/reviews/{row}/reject', {})
        assert world.ask('GET', '/v1/reviews').json['items'] == []
        assert [one['state'] for one in world.ask('GET', '/v1/reviews?all=true').json['items']] == ['rejected']
        world.ask('POST', f'/v1/reviews/{row}/undo', {})
        said = world.ask('POST', f'/v1/reviews/{row}/accept', {}).json
        assert said['report']['changed'] == 1, said
        assert world.ask('GET', f'/v1/enterprises/{USCC}').json['products'] == ['鞋底']
        world.ask('POST', '/v1/reviews/nothing/accept', {}, status=404)


def a_preview_writes_nothing_and_a_kept_mapping_is_recognised():
    with World() as world:
        table = 'bill,who,howmuch,when,what\nFP-1,甲,12.5,2025-01-02,检索\n'
        unknown = world.ask('POST', '/v1/sales:preview', table, kind='text/csv').json
        assert unknown['unrecognised'] == table.split('\n')[0].split(',') and unknown['records'] == [], unknown
        assert [one['sample'] for one in unknown['columns']] == ['FP-1', '甲', '12.5', '2025-01-02', '检索'], unknown
        world.ask('POST', '/v1/sales:load', table, kind='text/csv', status=422)
        world.ask('POST', '/v1/sales:preview', 'one column\nand nothing else\n', kind='text/csv', status=422)
        mapping = {'kind': 'sale', 'columns': {'bill': 'invoice', 'who': 'client', 'howmuch': 'amount_yuan', 'when': 'date', 'what': 'service'}}
        header = table.split('\n')[0].split(',')
        kept = f'/v1/mappings/sale/{quote("某系统")}'
        world.ask('PUT', kept, {'header': header, 'mapping': mapping})
        world.ask('PUT', kept, {'header': header, 'mapping': {'kind': 'sale', 'columns': {'bill': 'no such field'}}}, status=400)
        world.ask('PUT', kept, {'header': [], 'mapping': mapping}, status=400)
        listed = world.ask('GET', '/v1/mappings').json['items']
        assert [(one['kind'], one['name'], one['header']) for one in listed] == [('sale', '某系统', header)], listed
        seen = world.ask('POST', '/v1/sales:preview?lang=zh', table, kind='text/csv').json
        assert seen['mapping'] == '某系统' and seen['records'][0]['record']['amount_fen'] == 1250, seen
        assert world.ask('GET', '/v1/sales').json['items'] == []
        report = world.load('sales', table)
        assert (report['new'], report['mapping']) == (1, '某系统'), report
        world.ask('POST', f'{kept}/remove', {})
        assert world.ask('GET', '/v1/mappings').json['items'] == []
        world.ask('POST', f'{kept}/remove', {}, status=404)


def patents_of_a_family_are_found_by_any_number_of_it():
    with World() as world:
        world.load('patents', '公开号,标题,简单同族\nCN113000001A,鞋底,CN113000001A;US7591949B2\nCN113000002A,鞋面,us 7591949 b2\nCN113000003A,鞋带,\n'
                              'CN113000004A,鞋垫,US1\nCN113000005A,鞋扣,CN113000006A\nCN113000006A,鞋眼,\n')
        found = world.ask('GET', f'/v1/patents?family={quote("US 7591949B2")}').json['items']
        assert sorted(one['publication_number'] for one in found) == ['CN113000001A', 'CN113000002A'], found
        assert world.ask('GET', '/v1/patents/CN113000001A').json['links']['family'] == ['CN113000002A']
        assert world.ask('GET', '/v1/patents/CN113000003A').json['links']['family'] == []
        for one, other in (('5', '6'), ('6', '5')):  # it is enough that one names the other
            assert world.ask('GET', f'/v1/patents/CN11300000{one}A').json['links']['family'] == [f'CN11300000{other}A']


main([patents_of_a_family_are_found_by_any_number_of_it, refused_rows_come_as_a_list_and_as_a_workbook_that_is_mended_and_loaded, json_rows_that_were_refused_become_a_workbook_too,
      a_load_is_taken_back_and_can_be_made_again, a_row_that_bears_a_known_name_waits_for_a_person,
      a_preview_writes_nothing_and_a_kept_mapping_is_recognised])
