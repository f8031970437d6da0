#!/usr/bin/env python3
"""cross_classify.py BINARY TITLES [--folds N] [--only FOLD] [--plot FILE.svg] [ARGUMENTS…] - how good `patbridge classify` is, by
cross-validation over a file of titles with known subclasses: each fold is asked about by a model that has learned the others
(and whatever ARGUMENTS name: --train …, --scheme …). Prints right first and right in three (the class guessed is one of the
title's), each with its spread over the folds, and the expected calibration error in ten equal steps, of the first guess and
of the first three. --plot draws the reliability of all three."""
import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path


def read_titles(path):
    with open(path, encoding='utf-8') as lines:
        return [json.loads(line) for line in lines if line.strip()]


def ask(binary, folder, train, asked, arguments):
    with open(folder / 'train.jsonl', 'w', encoding='utf-8') as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + '\n' for row in train)
    with open(folder / 'queries.tsv', 'w', encoding='utf-8') as out:
        out.write('qid\ttitle\n')
        out.writelines(f"{i}\t{' '.join(row['title'].split())}\n" for i, row in enumerate(asked))
    command = [binary, 'classify', '--train', folder / 'train.jsonl', '--queries', folder / 'queries.tsv', '--k', '3']
    guesses = [[] for _ in asked]
    for line in subprocess.run([*command, *arguments], check=True, capture_output=True, text=True).stdout.splitlines():
        qid, subclass, probability = line.split('\t')
        guesses[int(qid)].append((float(probability), subclass in asked[int(qid)]['ipc_subclasses']))
    return guesses


def calibration_error(pairs, steps=10):
    sums = [[0, 0, 0] for _ in range(steps)]
    for probability, right in pairs:
        step = sums[min(int(probability * steps), steps - 1)]
        step[0] += 1
        step[1] += probability
        step[2] += right
    return sum(abs(p - r) for n, p, r in sums) / max(len(pairs), 1), sums


def plot(path, sums):
    size, edge = 400, 45
    dots = ''.join(f'<circle cx="{edge + size * p / n:.1f}" cy="{edge + size * (1 - r / n):.1f}" r="{2 + 18 * (n / sum(s[0] for s in sums)) ** .5:.1f}" '
                   f'fill="#36c" fill-opacity=".7"><title>{n} guesses: said {p / n:.3f}, true {r / n:.3f}</title></circle>'
                   for n, p, r in sums if n)
    ticks = ''.join(f'<text x="{edge + size * t / 10}" y="{edge + size + 18}" text-anchor="middle">.{t}</text>'
                    f'<text x="{edge - 8}" y="{edge + size - size * t / 10 + 4}" text-anchor="end">.{t}</text>' for t in range(0, 10, 2))
    Path(path).write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size + 2 * edge}" height="{size + 2 * edge}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="100%" height="100%" fill="white"/><rect x="{edge}" y="{edge}" width="{size}" height="{size}" fill="none" stroke="#999"/>\n'
        f'<line x1="{edge}" y1="{edge + size}" x2="{edge + size}" y2="{edge}" stroke="#999" stroke-dasharray="4"/>\n{dots}\n{ticks}\n'
        f'<text x="{edge + size / 2}" y="{edge + size + 36}" text-anchor="middle">probability said</text>\n'
        f'<text x="{edge}" y="{edge - 12}">share that was right (a dot\'s area: how many guesses)</text>\n</svg>\n', encoding='utf-8')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('binary')
    parser.add_argument('titles')
    parser.add_argument('--folds', type=int, default=5)
    parser.add_argument('--only', type=int)
    parser.add_argument('--plot')
    options, arguments = parser.parse_known_args()
    rows = read_titles(options.titles)
    first, three, every, errors, errors_three = [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for fold in range(options.folds) if options.only is None else [options.only]:
            asked = [row for i, row in enumerate(rows) if i * 7919 % options.folds == fold]
            train = [row for i, row in enumerate(rows) if i * 7919 % options.folds != fold]
            guesses = ask(options.binary, Path(folder), train, asked, arguments)
            first.append(sum(bool(g) and g[0][1] for g in guesses) / len(asked))
            three.append(sum(any(right for _, right in g) for g in guesses) / len(asked))
            every += guesses
            errors.append(calibration_error([g[0] for g in guesses if g])[0])
            errors_three.append(calibration_error([pair for g in guesses for pair in g])[0])
            print(f'fold {fold}: {len(asked)} titles, right first {first[-1]:.4f}, in three {three[-1]:.4f}, '
                  f'calibration error {errors[-1]:.4f}, of the three {errors_three[-1]:.4f}', flush=True)
    for name, values in (('right first', first), ('in three', three), ("a fold's calibration error", errors), ('of its first three', errors_three)):
        print(f'{name} {statistics.mean(values):.4f} ± {statistics.pstdev(values):.4f} over the folds')
    error, _ = calibration_error([g[0] for g in every if g])
    error_three, sums = calibration_error([pair for g in every for pair in g])
    print(f'expected calibration error {error:.4f} of the first guess, {error_three:.4f} of the first three')
    if options.plot:
        plot(options.plot, sums)


sys.exit(main())
