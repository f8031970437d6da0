#!/usr/bin/env python3
"""invent.py KIND COUNT [--seed N] [--messy] [--csv] - invented records for the kill tests and the benchmarks.

KIND is patent, enterprise, need, deal or declared_push; the lines go to stdout as JSON Lines (or CSV). The same arguments
give the same bytes. Numbers and codes carry right check characters and belong to nobody: serial numbers from 9,000,000 and
publication numbers from CN190000000 have not been given out. Needs, deals and declared pushes name enterprises and patents of
the same seed.

--messy makes patents as exports have them: rows to be refused, two publications of one application, rows that know one number
only and later rows that link them, status that changes, and the same row twice.
"""
import argparse
import csv
import json
import random
import sys

MATERIALS = "聚氨酯 橡胶 尼龙 涤纶 碳纤维 陶瓷 不锈钢 铝合金 石墨烯 硅胶 聚丙烯 环氧树脂 玻璃纤维 超细纤维 再生棉 乳胶".split()
THINGS = ("鞋底 中底 鞋面 伞骨 拉链 面料 针织机 注塑模具 喷胶装置 输送带 换热器 搅拌桨 传感器 控制阀 过滤膜 电机 轴承 齿轮箱 "
          "包装袋 食品罐 印染机 裁断机 缝纫机 机械臂 检测台 烘箱 储能电池 照明灯具 净水器 婴儿车").split()
WAYS = "发泡 注塑 热压 编织 涂覆 激光切割 超声焊接 真空成型 微波干燥 表面改性 模压硫化 气相沉积 自动定位 视觉检测 余热回收 在线称重".split()
AIMS = "减轻重量 提高耐磨性 缩短成型周期 降低能耗 防止开胶 改善透气 抑制异味 提高定位精度 减少废水 延长寿命 降低噪声 便于拆装".split()
PARTS = "支架 滑轨 夹具 气缸 加热板 冷却腔 导向柱 缓冲垫 密封圈 弹簧 压力传感器 控制器 吸盘 喷嘴 滚轮 挡板 料斗 螺杆".split()
PLACES = "晋江 石狮 南安 惠安 安溪 永春 德化 泉港".split()
PEOPLE = "王 李 陈 林 黄 张 吴 蔡 许 庄 杨 柯 施 洪".split()
NAMES = "一鸣 思远 文彬 雅静 志强 海涛 晓芸 建国 佳怡 子涵".split()
CLASSES = "A43B13/04 A43D25/18 B29C44/34 B29C45/17 C08J9/12 D04B1/22 A45B25/02 B65G15/00 G01N21/88 B25J9/16 H01M10/04 C02F1/44".split()
STATUSES = ["pending", "granted", "lapsed"]


def check_character(digits):
    return "0123456789X"[sum(int(d) * w for d, w in zip(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5))) % 11]


def application(n):
    digits = f"{2012 + n % 11}{1 + (n % 7 == 3)}{9000000 + n:07d}"
    return f"CN{digits}.{check_character(digits)}"


def publication(n, letter):
    return f"CN{190000000 + n}{letter}"


def credit_code(n):
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"MA00{n % 10000:04d}" if n < 10000 else f"MB{n % 1000000:06d}"
    total = sum((ord(c) - 48 if c.isdigit() else ord(c) - 55) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2)))
    left = 11 - total % 11
    code = "91350582" + body + ("X" if left == 10 else "0" if left == 11 else str(left))
    total = sum(alphabet.index(c) * w for c, w in zip(code, (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)))
    return code + alphabet[(31 - total % 31) % 31]


def day(random_, first, last):
    return f"{random_.randint(first, last)}-{random_.randint(1, 12):02d}-{random_.randint(1, 28):02d}"


def sentence(random_):
    pick = random_.choice
    return (f"本发明公开了一种{pick(MATERIALS)}{pick(THINGS)}及其{pick(WAYS)}方法，包括{pick(PARTS)}、{pick(PARTS)}和{pick(PARTS)}，"
            f"所述{pick(PARTS)}设于{pick(THINGS)}的一侧，经{pick(WAYS)}后{pick(AIMS)}，厚度为{random_.randint(2, 90)} mm，"
            f"温度{random_.randint(40, 260)}℃，保持{random_.randint(2, 90)} min。")


def text_of(random_, length):
    text = ""
    while len(text) < length:
        text += sentence(random_)
    return text


def patent(seed, n):
    """A whole record of application n, the same whoever asks."""
    random_ = random.Random(f"{seed} patent {n}")
    pick = random_.choice
    year = 2012 + n % 11
    granted = random_.random() < 0.5
    record = {
        "application_number": application(n),
        "publication_number": publication(n, "A"),
        "title": f"一种{pick(WAYS)}{pick(MATERIALS)}{pick(THINGS)}及{pick(AIMS)}的方法",
        "abstract": text_of(random_, 200),
        "applicants": [f"{pick(PLACES)}{pick(MATERIALS)}{pick(THINGS)}有限公司" for _ in range(1 + (random_.random() < 0.2))],
        "inventors": [pick(PEOPLE) + pick(NAMES) for _ in range(random_.randint(1, 4))],
        "ipc": sorted(random_.sample(CLASSES, random_.randint(1, 3))),
        "application_date": f"{year}-{random_.randint(1, 12):02d}-{random_.randint(1, 28):02d}",
        "publication_date": f"{year + 1}-{random_.randint(1, 12):02d}-{random_.randint(1, 28):02d}",
        "legal_status": "granted" if granted else "pending",
        "legal_status_date": f"{year + 2}-{random_.randint(1, 12):02d}-{random_.randint(1, 28):02d}",
        "region": "福建",
        "invented": True,
        "source": "invent.py",
    }
    return record


def without(record, *names):
    return {name: value for name, value in record.items() if name not in names}


def spoil(random_, record):
    """A row that must be refused."""
    record = dict(record)
    what = random_.randint(0, 2)
    if what == 0:
        number = record["application_number"]
        record["application_number"] = number[:-1] + ("0" if number[-1] != "0" else "1")
    elif what == 1:
        record["application_date"] = "2019-02-30"
    else:
        record["legal_status"] = "no such status"
    return record


def second_publication(random_, record):
    year = int(record["publication_date"][:4]) + 2
    return dict(record, publication_number=record["publication_number"][:-1] + "B", title=record["title"] + "（授权）",
                publication_date=f"{year}-05-{random_.randint(1, 28):02d}", legal_status="granted",
                legal_status_date=f"{year}-06-{random_.randint(1, 28):02d}")


def messy(seed, count):
    random_ = random.Random(f"{seed} order")
    later = []  # rows that come some time after the first of their patent
    n = made = 0
    while made < count:
        if later and random_.random() < 0.3:
            row = later.pop(random_.randrange(len(later)))
        else:
            n += 1
            row = patent(seed, n)
            fate = random_.random()
            if fate < 0.03:
                row = spoil(random_, row)
            elif fate < 0.10:
                later.append(second_publication(random_, row))
            elif fate < 0.15:  # known by its publication first, the application comes later
                later.append(row)
                row = without(row, "application_number", "ipc")
            elif fate < 0.19:  # two records that a third row shows to be one
                later.append(dict(second_publication(random_, row), abstract="链接两个号码的行"))
                later.append(without(second_publication(random_, row), "application_number"))
                row = without(row, "publication_number", "publication_date")
            elif fate < 0.24:  # status moves on
                later.append(dict(without(row, "abstract", "applicants"), legal_status=random_.choice(STATUSES),
                                  legal_status_date=day(random_, 2024, 2025)))
            elif fate < 0.26:
                later.append(row)
        yield row
        made += 1


def patents(seed, count, is_messy):
    return messy(seed, count) if is_messy else (patent(seed, n) for n in range(1, count + 1))


def enterprises(seed, count):
    for n in range(1, count + 1):
        random_ = random.Random(f"{seed} enterprise {n}")
        pick = random_.choice
        yield {"uscc": credit_code(n), "name": f"{pick(PLACES)}{pick(MATERIALS)}{pick(THINGS)}第{n}制造有限公司",
               "division_code": "350582", "products": [pick(THINGS), pick(THINGS)],
               "push": {"channels": ["inbox", "webhook"], "weekly_limit": 1000}, "invented": True, "source": "invent.py"}


def needs(seed, count):
    for n in range(1, count + 1):
        random_ = random.Random(f"{seed} need {n}")
        pick = random_.choice
        yield {"source_id": f"N{n}", "enterprise_uscc": credit_code(n), "title": f"{pick(MATERIALS)}{pick(THINGS)}{pick(AIMS)}",
               "text": f"我厂生产{pick(THINGS)}，想用{pick(WAYS)}的办法{pick(AIMS)}，现用{pick(MATERIALS)}，"
                       f"{pick(PARTS)}常坏，希望{pick(AIMS)}，也可换成{pick(MATERIALS)}。需求编号{n}。",
               "valid_from": "2024-01-01", "cooperation": ["licence"], "invented": True, "source": "invent.py"}


def deals(seed, count):
    for n in range(1, count + 1):
        random_ = random.Random(f"{seed} deal {n}")
        yield {"contract_number": f"HT-{n}", "mode": "assignment",
               "rights": [{"type": "invention", "office": "CN", "number": application(n * 7 + 1)}],
               "seller": {"name": "某研究院"}, "buyer": {"name": f"第{n}制造有限公司", "uscc": credit_code(n)},
               "amount_fen": random_.randint(1, 999) * 100000, "contract_date": day(random_, 2023, 2024),
               "invented": True, "source": "invent.py"}


def declared_pushes(seed, count):
    for n in range(1, count + 1):
        random_ = random.Random(f"{seed} declared {n}")
        yield {"patent": application(n), "enterprise_uscc": credit_code(n), "sent_date": day(random_, 2023, 2024),
               "channel": "email", "evidence": {"file": f"mail-{n}.eml", "sha256": f"{n:064x}"}, "invented": True,
               "source": "invent.py"}


def flat(value):
    return ";".join(value) if isinstance(value, list) else "true" if value is True else value


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["patent", "enterprise", "need", "deal", "declared_push"])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messy", action="store_true")
    parser.add_argument("--csv", action="store_true")
    args = parser.parse_args()
    makers = {"enterprise": enterprises, "need": needs, "deal": deals, "declared_push": declared_pushes}
    rows = patents(args.seed, args.count, args.messy) if args.kind == "patent" else makers[args.kind](args.seed, args.count)
    if not args.csv:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return
    names = list(patent(args.seed, 1))
    out = csv.DictWriter(sys.stdout, names, restval="", lineterminator="\n")
    out.writeheader()
    for row in rows:
        out.writerow({name: flat(value) for name, value in row.items()})


main()
