#!/usr/bin/env python3
"""trials_words.py DATA [NAME…] - more ideas, tried as trials.py does, whose recipe and report these are: what words mean to each
other, and a combination that is learned. What came of them stands in docs/measurements.md.

Names: units, chemistry, compounds, abbreviations, vocabularies, classification, translation, remedies, learned; all when none is named."""
import re
import unicodedata
from collections import Counter, defaultdict

import jieba
import numpy as np
import scipy.optimize as optimize
import scipy.sparse as sp
import scipy.sparse.linalg as linalg
import trials
from trials import N, W, P, abstracts, asked, base, both, data, needs, report, rows, sparse_unit, target, titles, unit


def plain(text):
    return unicodedata.normalize('NFKC', text or '').lower()


def added(name, terms_of, shares=(.3, 1)):
    """A third kind of terms beside words and pairs, by inverse document frequency alone, at some shares."""
    voc, places, queries = {}, [], []
    for i, row in enumerate(rows):
        for term, n in Counter(terms_of(plain(row['title']) + '\n' + plain(row.get('abstract')))).items():
            places.append((i, voc.setdefault(term, len(voc)), n))
    for i, need in enumerate(needs):
        queries += [(i, voc[term], 1) for term in set(terms_of(plain(need['need']))) if term in voc]
    if not queries:
        print(f'{name:52s} no need has such a term that a text has, too')
        return
    r, c, v = map(np.array, zip(*places))
    D = sp.csr_matrix((2.2 * v / (v + 1.2), (r, c)), (N, len(voc)))
    r, c, v = map(np.array, zip(*queries))
    df = np.asarray((D > 0).sum(0)).ravel()
    Q = sp.csr_matrix((np.log1p((N - df[c] + .5) / (df[c] + .5)), (r, c)), (len(needs), len(voc)))
    scores = np.asarray((Q @ D.T).todense())
    print(f'    {name}: {len(set(r))} needs have one that some text has')
    for share in shares:
        report(f'{name}, {share}', base + share * scores)


UNIT = r'%|‰|℃|°c|度|[munkμ]?m(?:pa|l|g|m|in|ol)?|kg|g|l|s|h|hz|[kmg]hz|[kmg]pa|pa|v|kv|w|kw|kwh|a|ma|ω|db|bit|mm2|倍|年|天|小时|分钟|秒|克|千克|公斤|米|厘米|毫米|微米|纳米|升|毫升|吨|元|次|层|级|目|转|份'
QUANTITY = re.compile(rf'(\d+(?:\.\d+)?)\s*({UNIT})(?![a-z])')


def units():
    added('number and unit as one term', lambda text: [n + u for n, u in QUANTITY.findall(text)])
    added('that there is a number of this unit', lambda text: [u for _, u in QUANTITY.findall(text)])


CHEMICAL = '甲乙丙丁戊己庚辛壬癸苯酚醇醛酮酸酯醚胺腈烷烯炔烃羟羧氨氰氯氟溴碘硫磷硅硼氧氢氮碳钠钾钙镁铝锌铁铜钛锆镍钴锰锂银钨钼铬锡铅钒铈镧聚环酐脲酰亚二三四五六化'
NAMES = {'pvc': '聚氯乙烯', 'pe': '聚乙烯', 'pp': '聚丙烯', 'ps': '聚苯乙烯', 'pet': '聚对苯二甲酸乙二醇酯', 'pu': '聚氨酯', 'tpu': '热塑性聚氨酯', 'pa': '聚酰胺',
         'pc': '聚碳酸酯', 'pi': '聚酰亚胺', 'ptfe': '聚四氟乙烯', 'pvdf': '聚偏氟乙烯', 'pva': '聚乙烯醇', 'pvp': '聚乙烯吡咯烷酮', 'peg': '聚乙二醇', 'pla': '聚乳酸',
         'eva': '乙烯醋酸乙烯共聚物', 'abs': '丙烯腈丁二烯苯乙烯', 'tio2': '二氧化钛', 'sio2': '二氧化硅', 'al2o3': '氧化铝', 'zno': '氧化锌', 'co2': '二氧化碳', 'nacl': '氯化钠',
         'caco3': '碳酸钙', 'naoh': '氢氧化钠', 'h2o2': '过氧化氢', 'fe3o4': '四氧化三铁', 'no': '一氧化氮', 'nh3': '氨气', 'h2': '氢气', 'ch4': '甲烷'}
CHEMICAL_RUN = re.compile(f'[{CHEMICAL}]{{3,}}')


def chemistry():
    real = lambda run: any(c in '苯酚醇醛酮酸酯醚胺腈烷烯炔烃聚氧氯氟硫磷硅' for c in run)
    runs = lambda text: [run for run in CHEMICAL_RUN.findall(text) if real(run)]
    added('names of chemicals, whole', runs)
    added('names of chemicals, formulas and abbreviations by name',
          lambda text: runs(text) + [NAMES[t] for t in re.findall('[a-z][a-z0-9]+', text) if t in NAMES])


def compounds():
    parts = lambda text: [w for run in re.findall('[\u4e00-\u9fff]+', text) for long in jieba.cut(run, HMM=False) if len(long) > 2
                          for w in jieba.cut_for_search(long, HMM=False) if w != long]
    added('words within longer words', parts, (.1, .3))
    added('words guessed beside those of the dictionary',
          lambda text: [w for run in re.findall('[\u4e00-\u9fff]+', text) for w in jieba.cut(run) if len(w) > 1 and w not in jieba.dt.FREQ], (.1, .3, 1))


def expanded(name, near_of, shares=(.1, .3), kind=W):
    """What other words stand for those of a need that a document lacks: near_of(term) gives [(term, how much)]."""
    D = kind.D.tocsc()
    gain, cache = np.zeros_like(base), {}
    for i in range(len(needs)):
        for j, times in zip(kind.Q[i].indices, kind.Q[i].data):
            if j not in cache:
                near = near_of(j)
                cache[j] = None
                if near:
                    at, much = map(np.array, zip(*near))
                    best = np.asarray(D[:, at].multiply(much[None, :]).max(1).todense()).ravel()
                    cache[j] = best * (np.asarray(D[:, j].todense()).ravel() == 0)
            if cache[j] is not None:
                gain[i] += times * kind.w[j] * cache[j]
    for share in shares:
        report(f'{name}, {share}', base + share * gain)
    return gain


def abbreviations():
    pairs = Counter()
    for row in rows:
        for full, short in re.findall(r'([\u4e00-\u9fff]{2,12})\(([a-z][a-z0-9-]{1,7})\)', plain(row['title'] + '。' + (row.get('abstract') or ''))):
            for word in list(jieba.cut(full, HMM=False))[-2:]:
                pairs[short, word] += 1
    near = defaultdict(list)
    for (short, word), n in pairs.items():
        if short in W.voc and word in W.voc and len(word) > 1:
            near[W.voc[short]].append((W.voc[word], 1.))
            near[W.voc[word]].append((W.voc[short], 1. if W.stats[0][W.voc[word]] < 30 else .2))
    print(f'    {len(pairs)} pairs mined')
    expanded('abbreviations beside names, mined from texts', lambda j: near.get(j), (.1, .3, .6))


def vocabularies():
    words = np.array(sorted(W.voc, key=W.voc.get))
    classes = {
        'materials': '(材料|合金|树脂|纤维|橡胶|塑料|陶瓷|玻璃|涂层|薄膜|涂料|粉末|颗粒|溶液|乳液|膜|胶|钢|铝|铜|酯|烯|酸|料)$',
        'processes': '(法|工艺|处理|加工|成型|焊接|烧结|固化|搅拌|加热|冷却|干燥|过滤|清洗|切割|粉碎|发酵|提取|训练|识别|检测|监测)$',
        'properties': '(性|性能|度|率|强度|精度|效率|效果|质量|成本|寿命|温度|湿度|压力|速度)$'}
    with open(f'{data}/lexicon/patent_terms_zh.txt', encoding='utf-8') as lines:
        known = {plain(line.split()[0]) for line in lines if line.strip()}
    groups = {name: np.array([bool(re.search(pattern, w)) for w in words]) for name, pattern in classes.items()}
    groups['the list of patent terms'] = np.array([w in known for w in words])
    for name, group in groups.items():
        for factor in (.7, 1.2, 1.5):
            report(f'{name} weigh {factor} ({group.sum()} words)', W.score(W.w * np.where(group, factor, 1)) + P.score())


def related(texts, least=3, most=10):
    """Words that stand together in short texts, by normalised mutual information."""
    single, pair = Counter(), Counter()
    for words in texts:
        words = sorted({w for w in words if len(w) > 1 and w in W.voc})
        single.update(words)
        pair.update((a, b) for i, a in enumerate(words) for b in words[i + 1:])
    total, near = sum(single.values()), defaultdict(list)
    for (a, b), n in pair.items():
        if n >= least:
            much = np.log(n * total / (single[a] * single[b])) / -np.log(n / total)
            if much > .3:
                near[W.voc[a]].append((W.voc[b], much))
                near[W.voc[b]].append((W.voc[a], much))
    return {j: sorted(found, key=lambda x: -x[1])[:most] for j, found in near.items()}


def classification():
    with open(f'{data}/classification/ipc_2026_zh.tsv', encoding='utf-8') as lines:
        texts = [line.rstrip('\n').split('\t')[-1] for line in lines]
    parts = [re.split('[，、或和与及]', part) for text in texts for part in re.split('[；（）。]', text) if part]
    heads = [[list(jieba.cut(p, HMM=False))[-1] for p in group if p] for group in parts if 1 < len(group) < 8]
    near = related(([w for w in head] for head in heads), least=2)
    expanded(f'words named side by side in IPC titles ({len(near)} words)', near.get)
    near = related((jieba.cut(text, HMM=False) for text in texts))
    expanded(f'words that share IPC titles ({len(near)} words)', near.get)


def ibm1(pairs, rounds=5, least=.02, most=10):
    """p(target | source) of pairs of lists of word numbers, the best of each source, itself left out."""
    size = len(W.voc)
    entries = [(s * size + t, d) for d, (source, target_) in enumerate(pairs) for t in set(target_) for s in set(source)]
    key, d = np.array(entries, dtype=np.int64).T
    group = d * size + key % size  # of one target word in one pair
    key, at = np.unique(key, return_inverse=True)
    _, group = np.unique(group, return_inverse=True)
    p = np.ones(len(key))
    for _ in range(rounds):
        share = p[at] / np.bincount(group, p[at])[group]
        count = np.bincount(at, share)
        p = count / np.bincount(key // size, count, minlength=size)[key // size]
    near = defaultdict(list)
    for s, t, much in zip(key // size, key % size, p):
        if s != t and much > least:
            near[s].append((t, float(much)))
    return {s: sorted(found, key=lambda x: -x[1])[:most] for s, found in near.items()}


def numbers(words):
    return [W.voc[w] for w in words if w in W.voc and (len(w) > 1 or w < '\x80') and W.stats[0][W.voc[w]] < N / 10]


PROBLEM = re.compile('(?:解决|克服|避免|针对|缺陷|不足|问题|存在|难以|无法|容易|导致)')


def translation():
    by_title = [(numbers(titles[i][0]), numbers(abstracts[i][0])) for i in range(N)]
    near = ibm1(by_title)
    expanded('IBM 1, title to abstract', near.get, (.3, 1, 3))
    back = ibm1([(b, a) for a, b in by_title])
    expanded('IBM 1, abstract to title', back.get, (.3, 1, 3))


def remedy_pairs():
    pairs = []
    for row in rows:
        sentences = re.split('[。；;]', plain(row.get('abstract')))
        causes = [s for s in sentences if PROBLEM.search(s)]
        if causes and len(causes) < len(sentences):
            rest = [s for s in sentences if not PROBLEM.search(s)] + [plain(row['title'])]
            pairs.append(tuple(numbers(trials.read_terms('。'.join(part))[0]) for part in (causes, rest)))
    return pairs


def remedies():
    pairs = remedy_pairs()
    print(f'    {len(pairs)} texts that state a problem and more')
    expanded('remedies of a cause, IBM 1', ibm1(pairs).get, (.3, 1, 3))
    near = related((list(np.array(WORDS)[sorted(set(a) | set(b))]) for a, b in pairs), least=5)
    expanded('words of one text that states a problem', near.get)


WORDS = sorted(W.voc, key=W.voc.get)


def latent_cosine():
    keep = np.where(W.stats[0] >= 2)[0]
    A = sparse_unit(W.D[:, keep].multiply(W.w[keep][None, :]).tocsr())
    U, s, Vt = linalg.svds(A, k=200, random_state=1)
    return unit(W.Q[:, keep].multiply(W.w[keep][None, :]).tocsr() @ Vt.T) @ unit(U * s).T


def features():
    """Sums over terms, relative to the best answer's score, so that a fused score would add up from what is shown; the last alone is none."""
    first = [kind.score() for kind in both]
    has = [kind.score(D=kind.D.astype(bool).astype(float)) for kind in both]
    in_title = []
    for k, kind in enumerate(both):
        r, c = zip(*[(i, kind.voc[t]) for i in range(N) for t in set(titles[i][k])])
        in_title.append(kind.score(D=sp.csr_matrix((np.ones(len(r)), (r, c)), kind.D.shape)))
    bm25 = [kind.score(kind.weights(0, 0)) for kind in both]
    translated = expanded('IBM 1, title to abstract (a feature)', ibm1([(numbers(titles[i][0]), numbers(abstracts[i][0])) for i in range(N)]).get, (1,))
    scale = base.max(1)[:, None]
    return [x / scale for x in first + has + in_title + bm25 + [translated]] + [latent_cosine()]


def learned(candidates=200):
    X = np.stack(features(), 2)
    top = [np.argsort(-base[i])[:candidates] for i in range(len(needs))]
    usable = [i for i in range(len(needs)) if target[i] in top[i]]
    start = np.zeros(X.shape[2])
    start[:2] = 10

    def loss(w, chosen, strength):
        value, slope = strength * ((w - start) ** 2).sum(), 2 * strength * (w - start)
        for i in chosen:
            F = X[i, top[i]] - X[i, target[i]]
            z = F @ w
            z -= z.max()
            p = np.exp(z)
            value += np.log(p.sum()) - z[np.where(top[i] == target[i])[0][0]]
            slope = slope + (p / p.sum()) @ F
        return value, slope
    for strength in (.0001, .001, .01, .1, 1, 10, 100):
        scores = np.full_like(base, -1e9)
        for fold in range(5):
            found = optimize.minimize(loss, start, ([i for i in usable if i % 5 != fold], strength), jac=True, method='L-BFGS-B').x
            for i in range(fold, len(needs), 5):
                scores[i, top[i]] = X[i, top[i]] @ found
        report(f'learned over the best {candidates}, 10 features, ridge {strength}', scores)


if __name__ == '__main__':
    trials.run_all((units, chemistry, compounds, abbreviations, vocabularies, classification, translation, remedies, learned))
