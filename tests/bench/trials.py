#!/usr/bin/python3
"""trials.py DATA [NAME…] - ideas for finding more needs' patents, tried on the judged needs, each as a difference from the recipe
in use (matcher/index.h) with its standard error over the needs and its value in each of 5 folds. What came of them stands in
docs/measurements.md; none is in use. The recipe is written out again here, over words cut by jieba itself.

Needs Debian's python3-jieba and python3-scipy. Names: weights, cohesion, feedback, coverage, latent, similar, nearest; all when
none is named. More of them: trials_words.py."""
import csv
import json
import re
import sys
import unicodedata
from collections import Counter

import jieba
import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as linalg

data, names = sys.argv[1], sys.argv[2:]
RUNS = re.compile(r'[a-z0-9]+|[\u3400-\u4dbf\u4e00-\u9fff]+')


def read_terms(text):
    words, pairs = [], []
    for run in RUNS.findall(unicodedata.normalize('NFKC', text or '').lower()):
        if run[0] < '\x80':
            words.append(run)
            pairs.append(run)
        else:
            words += jieba.cut(run, HMM=False)
            pairs += [run[i:i + 2] for i in range(len(run) - 1)] or [run]
    return words, pairs


rows = [json.loads(line) for line in open(f'{data}/patents/cn_abstracts.jsonl', encoding='utf-8')]
with open(f'{data}/quality/needs_dev.tsv', encoding='utf-8', newline='') as lines:
    needs = list(csv.DictReader(lines, delimiter='\t', quoting=csv.QUOTE_NONE))
number = {row['id']: i for i, row in enumerate(rows)}
N, target = len(rows), np.array([number[need['relevant_id']] for need in needs])
titles, abstracts = [read_terms(row['title']) for row in rows], [read_terms(row.get('abstract')) for row in rows]
asked = [read_terms(need['need']) for need in needs]


class Kind:
    """One kind of term: its statistics, and the matrix of times."""

    def __init__(self, kind):
        self.voc, places, self.stats, self.length = {}, [], [], np.zeros(N)
        for i in range(N):
            t, a = Counter(titles[i][kind]), Counter(abstracts[i][kind])
            for term in t.keys() | a.keys():
                j = self.voc.setdefault(term, len(self.voc))
                if j == len(self.stats):
                    self.stats.append([0] * 6)
                n, s = t[term] + a[term], self.stats[j]
                for k, v in enumerate((1, n >= 2, a[term] > 0, a[term] > 0 and t[term] > 0, n >= 3, n - 1)):
                    s[k] += v
                places.append((i, j, 3 * t[term] + a[term]))
            self.length[i] = 3 * t.total() + a.total()
        self.stats, self.places = np.array(self.stats, float).T, np.array(places, float).T
        q = [(i, self.voc[term], n) for i, need in enumerate(asked) for term, n in Counter(need[kind]).items() if term in self.voc]
        r, c, v = zip(*q)
        self.Q = sp.csr_matrix((np.array(v, float), (r, c)), (len(needs), len(self.voc)))
        self.w, self.D = self.weights(), self.times()

    def weights(self, alpha=.6, beta=.1, thrice=0, extra=0):
        df, df2, da, dta, df3, more = self.stats
        share = lambda x: (x + x.sum() / df.sum()) / (df + 1)
        return (np.log1p((N - df + .5) / (df + .5)) * share(df2) ** alpha * share(df3) ** thrice * share(more) ** extra
                * ((dta + 5 * dta.sum() / da.sum()) / (da + 5)) ** beta)

    def times(self, k1=1.2):
        i, j, f = self.places
        tfn = (k1 + 1) * f / (f + k1 * (.25 + .75 * self.length[i.astype(int)] / self.length.mean()))
        return sp.csr_matrix((tfn, (i.astype(int), j.astype(int))), (N, len(self.voc)))

    def score(self, w=None, D=None, Q=None):
        Q = self.Q if Q is None else Q
        return np.asarray((Q.multiply((self.w if w is None else w)[None, :]).tocsr() @ (self.D if D is None else D).T).todense())

    def reweigh(self, factor):
        """The score when `factor(need, terms)` multiplies the weights of a need's terms."""
        Q = self.Q.copy()
        for i in range(len(needs)):
            part = slice(Q.indptr[i], Q.indptr[i + 1])
            if part.stop > part.start:
                Q.data[part] *= factor(i, Q.indices[part])
        return self.score(Q=Q)


W, P = Kind(0), Kind(1)
both, base = (W, P), W.score() + P.score()


def measure(scores):
    rank = 1 + (scores > scores[np.arange(len(needs)), target][:, None]).sum(1)
    return np.where(rank <= 10, 1 / rank, 0), (rank <= 100).mean()


def report(name, scores):
    (got, recall), (was, _) = measure(scores), measure(base)
    d = got - was
    print(f'{name:52s} {got.mean():.4f} {recall:.4f}  {d.mean():+.4f} ± {d.std(ddof=1) / len(d) ** .5:.4f}  '
          f'{[round(float(d[i::5].mean()), 3) for i in range(5)]}', flush=True)


def weights():
    for alpha in (.4, .5, .7, .8):
        report(f'alpha {alpha} for words', W.score(W.weights(alpha)) + P.score())
        report(f'alpha {alpha} for pairs', W.score() + P.score(P.weights(alpha)))
    for g in (.1, .2):
        report(f'share of three times, {g}', sum(k.score(k.weights(.6 - g, thrice=g)) for k in both))
    for g in (.2, .4, .6):
        report(f'mean number of further ones, {g}', sum(k.score(k.weights(.6 - g, extra=g)) for k in both))
    for k1 in (.8, 1.6, 2):
        report(f'k1 {k1}', sum(k.score(D=k.times(k1)) for k in both))
    report('square root of times in the need', sum(k.score(Q=k.Q.sqrt()) for k in both))


def cohesion():
    def factor_of(kind, share):
        B = kind.D.astype(bool).astype(float).tocsc()

        def factor(_, terms):
            together = np.asarray((B[:, terms].T @ B[:, terms]).todense())
            df = np.diag(together).copy()
            pmi = np.maximum(np.log((together + .5) / (np.outer(df, df) / N + .5)), 0)
            np.fill_diagonal(pmi, 0)
            c = (pmi * kind.w[terms]).sum(1)
            return 1 - share + share * c / (c.mean() + 1e-9) if len(terms) > 2 else 1
        return factor
    for share in (.1, .2, .4, -.1, -.2):
        report(f'terms that go together, {share}', sum(k.reweigh(factor_of(k, share)) for k in both))


def feedback():
    def factor_of(kind, share, best):
        B = kind.D.astype(bool).astype(float)

        def factor(need, terms):
            top = np.argpartition(-base[need], best)[:best]
            r = B[top][:, terms].T @ (base[need][top] / base[need][top].sum())
            return 1 - share + share * r / (r.mean() + 1e-9)
        return factor
    for best in (10, 50):
        for share in (.1, .3, -.1):
            report(f'frequent in the {best} best, {share}', sum(k.reweigh(factor_of(k, share, best)) for k in both))


def coverage():
    has = sum(k.score(D=k.D.astype(bool).astype(float), Q=k.Q.astype(bool).astype(float)) for k in both)
    share = has / sum(np.asarray(k.Q.astype(bool).multiply(k.w[None, :]).sum(1)) for k in both)
    for g in (.25, .5, 1, 2):
        report(f'share of the need matched, to the {g}', base * share ** g)


def unit(rows_of):
    return rows_of / (np.linalg.norm(rows_of, axis=1, keepdims=True) + 1e-9)


def sparse_unit(A):
    return (sp.diags(1 / np.maximum(np.sqrt(np.asarray(A.multiply(A).sum(1)).ravel()), 1e-9)) @ A).tocsr()


def latent():
    keep = np.where(W.stats[0] >= 2)[0]
    A = sparse_unit(W.D[:, keep].multiply(W.w[keep][None, :]).tocsr())
    for size in (200, 400):
        U, s, Vt = linalg.svds(A, k=size, random_state=1)
        scores = unit(W.Q[:, keep].multiply(W.w[keep][None, :]).tocsr() @ Vt.T) @ unit(U * s).T
        for share in (.05, .1, .2, .4):
            report(f'latent semantics, {size}, {share}', base + share * scores * base.std(1).mean() / scores.std(1).mean())


def similar():
    df = W.stats[0]
    keep = np.where(df >= 3)[0]
    place = {j: i for i, j in enumerate(keep)}
    A = sparse_unit(W.D[:, keep].astype(bool).multiply(np.log(N / df[keep])[None, :]).tocsr())
    _, s, Vt = linalg.svds(A, k=300, random_state=1)
    V, D = unit((Vt * s[:, None]).T), W.D.tocsc()
    for least in (.5, .65):
        for most in (3, 10):
            gain = np.zeros_like(base)
            for i in range(len(needs)):
                for j, times in zip(W.Q[i].indices, W.Q[i].data):
                    if j not in place:
                        continue
                    c = V @ V[place[j]]
                    c[place[j]] = -1
                    near = [n for n in np.argsort(-c)[:most] if c[n] > least]
                    if near:
                        best = np.asarray(D[:, keep[near]].multiply(c[near][None, :]).max(1).todense()).ravel()
                        gain[i] += times * W.w[j] * best * (np.asarray(D[:, j].todense()).ravel() == 0)
            for share in (.1, .3):
                report(f'similar words, cosine {least}, {most} nearest, {share}', base + share * gain)


def nearest(k=10):
    A = sparse_unit(W.D.multiply(W.w[None, :]).tocsr())
    M = sp.lil_matrix((N, N))
    for first in range(0, N, 1000):
        G = np.asarray((A[first:first + 1000] @ A.T).todense())
        G[np.arange(len(G)), first + np.arange(len(G))] = 0
        for i, near in enumerate(np.argpartition(-G, k, 1)[:, :k]):
            M[first + i, near] = G[i, near] / G[i, near].sum()
    smooth = np.asarray((M.tocsr() @ base.T).T)
    for share in (.05, .1, .2):
        report(f'smoothed with the {k} nearest documents, {share}', (1 - share) * base + share * smooth)


def run_all(trials):
    report('the recipe in use', base)
    for trial in trials:
        if not names or trial.__name__ in names:
            trial()


if __name__ == '__main__':
    run_all((weights, cohesion, feedback, coverage, latent, similar, nearest))
