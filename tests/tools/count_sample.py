#!/usr/bin/env python3
"""count_sample.py - what clause 4.2 counts of the shipped sample, reckoned from its files alone (deploy/sample), by the rules of the
policy in plain words. It shares nothing with the program. Prints docs/counted-by-hand.md; --numbers prints "metric number" lines.

As `make run` does it: everything was gathered on GATHERED or on the day that a row names, an official accepted every need and
declared push with effect from that day, and the policy's last day is asked for.
"""
import json
import sys
import unicodedata

DAY, GATHERED, FROM, CITY = "2025-12-31", "2025-06-30", "2023-01-01", "350582"
KINDS = {"high_tech", "tech_sme", "specialised_new", "little_giant", "innovative_sme", "tech_little_giant", "ip_advantage", "ip_demonstration"}


def rows(name):
    with open(f"deploy/sample/{name}.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def years_on(day, years):
    year, rest = int(day[:4]) + years, day[4:]
    return f"{year}-02-28" if rest == "-02-29" and (year % 4 or year % 100 == 0 and year % 400) else f"{year}{rest}"


def plain(number):
    return (number or "").split(".")[0]


def patent_reason(p):
    filed, term = p.get("application_date"), {"invention": 20, "utility_model": 10, "design": 15}.get(p.get("type"))
    if p.get("type") == "design" and filed and filed < "2021-06-01":
        term = 10
    status, since = p.get("legal_status"), p.get("legal_status_date")
    if p.get("held_since", GATHERED) > DAY:
        return "not held yet"
    if filed and filed > DAY:
        return "not filed yet"
    if status in ("lapsed", "expired", "withdrawn", "rejected") and (not since or since <= DAY):
        return status
    if filed and term and years_on(filed, term) <= DAY:
        return "term over"
    return None


def enterprise_reason(e):
    if e.get("held_since", GATHERED) > DAY:
        return "not held yet"
    own = [q for q in e.get("qualifications", []) if q["kind"] in KINDS and q.get("certificate") and q.get("valid_from")]
    if not own:
        return "no qualification"
    if not any(q["valid_from"] <= DAY <= (q.get("valid_to") or DAY) for q in own):
        return "not valid on the day"
    return None


def expert_reason(x):
    if x.get("held_since", GATHERED) > DAY:
        return "not held yet"
    return None if x.get("fields") and x.get("employer") and x.get("consent_date") and x["consent_date"] <= DAY else "no field, employer or consent"


def institution_reason(i):
    return "not held yet" if i.get("held_since", GATHERED) > DAY else None


def pairs(need):
    title = "" if need["title"] in need["text"] and need["title"] == need["text"] else need["title"]
    text = "".join(c for c in unicodedata.normalize("NFKC", title + need["text"]).lower() if c.isalnum())
    return {text[i:i + 2] for i in range(len(text) - 1)}


def need_reasons(needs, city):
    """In the order of acceptance, then validity, then place in the file: a later one may repeat an earlier one that counts."""
    counted, reasons = [], {}
    for need in sorted(needs, key=lambda n: n["valid_from"]):
        if need["valid_from"] > DAY:
            why = "after the day"
        elif (need.get("valid_to") or DAY) < FROM:
            why = "before the window"
        elif city.get(need["enterprise_uscc"]) != CITY:
            why = "not a local enterprise"
        elif len(" ".join(need["text"].split())) < 10:
            why = "text too short"
        elif any(o["enterprise_uscc"] == need["enterprise_uscc"]
                 and len(pairs(o) & pairs(need)) / len(pairs(o) | pairs(need)) >= .85 for o in counted):
            why = "near-duplicate"
        else:
            why = None
            counted.append(need)
        reasons[need["source_id"]] = why
    return reasons


def push_reason(p, seen):
    key = plain(p["patent"]), p["enterprise_uscc"]
    if p["sent_date"] > DAY:
        return "after the day"
    if p["sent_date"] < FROM:
        return "before the window"
    if key in seen:
        return "sent before"
    seen.add(key)
    return None


def deal_reason(d, pushed, kinds, lists):
    inventions = [plain(r["number"]) for r in d["rights"] if r["type"] == "invention" and kinds.get(plain(r["number"]), "invention") == "invention"]
    buyer, seller = d["buyer"], d["seller"]
    if d["contract_date"] > DAY:
        return "after the day"
    if d["contract_date"] < FROM:
        return "before the window"
    if not inventions:
        return "no invention patent"
    if not any(pushed.get((n, buyer.get("uscc")), DAY) < d["contract_date"] for n in inventions):
        return "no counting push or look-up before the contract"
    if not d.get("registration_number") or (d.get("registration_date") or DAY) > DAY:
        return "not registered"
    if d.get("affiliated") or seller.get("name") in lists.get(buyer.get("uscc"), []) or buyer.get("name") in lists.get(seller.get("uscc"), []):
        return "affiliated"
    return None


def reckon():
    enterprises, patents, needs = rows("enterprises"), rows("patents"), rows("needs")
    numbers = {plain(n): p for p in patents for n in (p.get("application_number"), p.get("publication_number")) if n}
    once = {id(numbers[plain(p.get("application_number") or p.get("publication_number"))]): p for p in patents}.values()
    seen, pushes = set(), {}
    for p in sorted(rows("declared_pushes"), key=lambda p: p["sent_date"]):
        pushes[plain(p["patent"]) + " to " + p["enterprise_uscc"]] = push_reason(p, seen), p
    pushed = {(plain(p["patent"]), p["enterprise_uscc"]): p["sent_date"] for why, p in pushes.values() if why is None}
    kinds = {number: p.get("type") for number, p in numbers.items()}
    return {
        "patents": {p.get("application_number") or p.get("publication_number"): patent_reason(p) for p in once},
        "enterprises": {e["uscc"] + " " + e["name"]: enterprise_reason(e) for e in enterprises},
        "experts": {x["source_id"] + " " + x["name"]: expert_reason(x) for x in rows("experts")},
        "institutions": {i["uscc"] + " " + i["name"]: institution_reason(i) for i in rows("institutions")},
        "needs": need_reasons(needs, {e["uscc"]: e["division_code"] for e in enterprises}),
        "pushes": {key: why for key, (why, _) in pushes.items()},
        "deals": {d["contract_number"]: deal_reason(d, pushed, kinds, {e["uscc"]: e.get("affiliates", []) for e in enterprises})
                  for d in rows("deals")},
    }


def document(found):
    print(HEAD)
    for metric, reasons in found.items():
        out = {why: [key for key, w in reasons.items() if w == why] for why in dict.fromkeys(w for w in reasons.values() if w)}
        counted = [key for key, why in reasons.items() if why is None]
        print(f"## {metric}: {len(reasons)} rows, {len(counted)} counted\n")
        print(" − ".join([str(len(reasons))] + [f"{len(keys)} ({why})" for why, keys in out.items()]) + f" = **{len(counted)}**\n")
        for why, keys in out.items():
            print(f"- {why}: " + ", ".join(sorted(keys)))
        shown = sorted(counted)
        print("- counted: " + ", ".join(shown if len(shown) <= 60 else shown[:8] + ["…", shown[-1]]) + "\n")


HEAD = f"""# Clause 4.2 of the shipped sample, by hand

Each number that `make run` shows for clause 4.2 on the policy's last day ({DAY}), reckoned from the rows of `deploy/sample` without the
program: as [policy rules](policies.md) say in words, row by row. `tests/tools/count_sample.py` writes this page out of the files and
shares nothing with what counts in the database; `tests/flow/make_run.sh` holds the page against the files, and `make run`'s numbers against
the page. All rows are invented. Of several reasons the first is given.

All were gathered by {GATHERED} unless a row names another day; an official accepted every need and every declared push. The
pushes that `make run` makes itself are of the day on which it runs, after the policy's last: none counts here.
"""

if __name__ == "__main__":
    result = reckon()
    if sys.argv[1:] == ["--numbers"]:
        for name, whys in result.items():
            print(name, sum(why is None for why in whys.values()))
    else:
        document(result)
