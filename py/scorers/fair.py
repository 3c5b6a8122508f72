"""Fair to all groups.

Alike first, but no photographer (or licence, or tag) takes more than a fair share of the results.

A fairness-aware engine, as CLEAR's paper suggests (Sato, CIKM 2022, section 1), by re-ranking:
DetGreedy (Geyik, Ambler and Kenthapadi, Fairness-Aware Ranking in Search and Recommendation
Systems, KDD 2019, algorithm 1). Among the first k results, each group has its share of k: at least
rounded down and, as long as others can, at most rounded up.
"""

import math
from collections import Counter

import numpy as np

from lookalike.images import prepare

LAYER = "avg_pool"


def group_of(result):
    """Say which group a result belongs to. Some ideas are commented out."""
    return result.photo.owner_id
    # By licence:
    # return result.photo.license
    # By a tag:
    # return "woman" in result.photo.tags


async def get_feature(model, image):
    """Describe a photo by what the network sees in it, scaled to length 1."""
    outputs = await model.run(prepare(image, model.spec), [LAYER])
    feature = outputs[LAYER][0].ravel()
    return feature / max(np.linalg.norm(feature), 1e-12)


def embs2score(source, candidate):
    """Give 1 for the same direction, 0 for nothing in common."""
    return float(source @ candidate)


def embs2scores(source, candidates):
    """Do the same for all photos at once."""
    return candidates @ source


def rank(results):
    """Order the results: the best first, but no group is left behind or runs ahead."""
    waiting = {}
    for result in sorted(results, key=lambda result: -result.score):
        waiting.setdefault(group_of(result), []).append(result)
    share = 1 / max(1, len(waiting))  # each group's; a dict of shares would do as well
    ranked, counts = [], Counter()
    for k in range(1, len(results) + 1):
        behind = [group for group in waiting if counts[group] < math.floor(k * share)]
        in_time = [group for group in waiting if counts[group] < math.ceil(k * share)]
        group = max(behind or in_time or waiting, key=lambda group: waiting[group][0].score)
        ranked.append(waiting[group].pop(0))
        counts[group] += 1
        if not waiting[group]:
            del waiting[group]
    return ranked
