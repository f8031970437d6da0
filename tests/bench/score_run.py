#!/usr/bin/env python3
"""score_run.py RUN QUERIES - how good a TREC run is: MRR@10 and R@100 over the queries of a file with the columns qid and
relevant_id (one right answer a query; more are parted by commas). A query without any line in the run counts as a miss."""
import csv
import sys


def read_run(path):
    ranked = {}
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            qid, _, doc, rank, _, _ = line.split()
            ranked.setdefault(qid, []).append((int(rank), doc))
    return {qid: [doc for _, doc in sorted(docs)] for qid, docs in ranked.items()}


def main():
    run = read_run(sys.argv[1])
    reciprocal = recall = count = 0
    with open(sys.argv[2], encoding='utf-8', newline='') as lines:
        for row in csv.DictReader(lines, delimiter='\t', quoting=csv.QUOTE_NONE):
            wanted = set(row['relevant_id'].split(','))
            got = run.get(row['qid'], [])
            reciprocal += next((1 / (i + 1) for i, doc in enumerate(got[:10]) if doc in wanted), 0)
            recall += len(wanted & set(got[:100])) / len(wanted)
            count += 1
    print(f'{count} queries: MRR@10 {reciprocal / count:.4f}  R@100 {recall / count:.4f}')


main()
