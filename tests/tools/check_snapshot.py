#!/usr/bin/env python3
"""check_snapshot.py FILE [DIGEST] - checks a snapshot's file as docs/ledger.md defines it, with nothing but Python's library.

Checks the chain of lines, the pack's digest, the running numbers, that each figure is the count of its rows, and that time-stamps are
of the digest; with DIGEST (from the head that the official kept) also that the chain ends in it. The Ed25519 signature is left to
`patbridge verify`, who stamped to `openssl ts -verify`.
Prints "whole: N lines, digest …" or the first line that is wrong, and exits with 1."""
import base64
import hashlib
import json
import sys


class Wrong(Exception):
    pass


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def lines_of(path):
    """Yields (number, body as bytes, chain) of each line before the signature; nothing but time-stamps of the digest may follow it."""
    with open(path, 'rb') as file:
        number, chain = 0, b'0' * 64
        for raw in file:
            if raw.startswith(b'signature '):
                imprint = b'\x04\x20' + hashlib.sha256(chain).digest()  # what an authority signs: 32 bytes, SHA-256
                for stamp in map(bytes.split, file):
                    if len(stamp) != 3 or stamp[0] != b'stamp' or imprint not in base64.b64decode(stamp[2], validate=True):
                        raise Wrong(f'line {number}: what follows the signature is no time-stamp of the digest')
                if len(raw.split()) == 3:
                    return
                raise Wrong(f"line {number}: the signature can't be read")
            number += 1
            due, space, body = raw[:64], raw[64:65], raw[65:].rstrip(b'\n')
            if space != b' ' or sha256(chain + b'\n' + body).encode() != due:
                raise Wrong(f'line {number} was altered, or the line before it taken away')
            chain = due
            yield number, body, due.decode()
    raise Wrong(f'line {number}: the signature is missing')


def check(path, wanted):
    head, figures, counted, metric, n, ended = None, None, {}, None, 0, False
    for number, body, chain in lines_of(path):
        line = json.loads(body)
        part = line['part']
        if ended or (part == 'head') != (number == 1):
            raise Wrong(f'line {number}: {part} where it may not stand')
        if part == 'head':
            head = line
        elif part == 'pack' and sha256(line['text'].encode()) != head['pack_digest']:
            raise Wrong(f'line {number}: the pack is not the one that the head names')
        elif part == 'figures':
            figures = line['document']
        elif part == 'row':
            metric, n = line['metric'], n + 1 if line['metric'] == metric else 1
            if line['n'] != n:
                raise Wrong(f'line {number}: {metric} row {line["n"]} where {n} was due')
            name = metric, line['row']['agency']
            counted[name] = counted.get(name, 0) + (line['row']['counted'] is True)
        elif part == 'end':
            ended = line['lines'] == number - 1
    if not ended or not figures:
        raise Wrong(f'line {number}: its end, or its figures, are missing')
    for clause in figures['clauses']:
        for item in clause.get('items', []):
            rows = counted.get((item['metric'], clause['agency']), 0)
            said = item.get('rows', rows) if item.get('sum') or 'rows' not in item else item['value']
            if said != rows:
                raise Wrong(f'the figure of {item["metric"]} {clause["agency"]} is {said}, and {rows} rows count')
    if wanted and chain != wanted:
        raise Wrong(f'it ends in {chain}, not in {wanted}')
    return number, chain


try:
    print('whole: %d lines, digest %s' % check(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None))
except (Wrong, ValueError, KeyError, TypeError) as why:
    sys.exit(str(why))
