#!/usr/bin/env python3
"""score_judged.py RUN QRELS [OTHER_RUN] - nDCG@10 and MAP of a TREC run by judgements (qid, docid, rel with a header line, or
a TREC qrels file); with another run also how much the first one is better, with the standard error of the difference over the
queries. Only queries with a relevant document count. A grade is its gain, anything below 1 is not relevant."""
import math
import sys


def read_run(path):
    ranked = {}
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            qid, _, doc, rank, _, _ = line.split()
            ranked.setdefault(qid, []).append((int(rank), doc))
    return {qid: [doc for _, doc in sorted(docs)] for qid, docs in ranked.items()}


def read_judgements(path):
    judged = {}
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            parts = line.split()
            if parts[-1].lstrip('-').isdigit() and int(parts[-1]) >= 1:
                judged.setdefault(parts[0], {})[parts[-2]] = int(parts[-1])
    return judged


def ndcg(docs, gains):
    ideal = sorted(gains.values(), reverse=True)[:10]
    best = sum(g / math.log2(i + 2) for i, g in enumerate(ideal))
    return sum(gains.get(d, 0) / math.log2(i + 2) for i, d in enumerate(docs[:10])) / best


def average_precision(docs, gains):
    found = total = 0
    for i, doc in enumerate(docs):
        if doc in gains:
            found += 1
            total += found / (i + 1)
    return total / len(gains)


def values(run, judged, measure):
    return [measure(run.get(qid, []), judged[qid]) for qid in sorted(judged)]


def main():
    judged = read_judgements(sys.argv[2])
    runs = [read_run(path) for path in sys.argv[1:2] + sys.argv[3:]]
    for name, measure in (('nDCG@10', ndcg), ('MAP', average_precision)):
        columns = [values(run, judged, measure) for run in runs]
        n, mean = len(judged), sum(columns[0]) / len(judged)
        line = f'{n} queries: {name} {mean:.4f}'
        if len(columns) > 1:
            differences = [a - b for a, b in zip(*columns)]
            d = sum(differences) / n
            error = math.sqrt(sum((x - d) ** 2 for x in differences) / (n - 1) / n)
            line += f'  against {mean - d:.4f}: {100 * d / (mean - d):+.1f}% ({d:+.4f} ± {error:.4f})'
        print(line)


main()
