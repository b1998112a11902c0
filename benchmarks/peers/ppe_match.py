"""Our rule in the published framework ppe-match (Samorani, Bala, Jacob, He; GetUsPPE 2020), with its metrics and ours
beside its rules.

The framework wants pandas 1.5.3 and so an environment of its own; our rule runs in ours, spoken to over a pipe:

    uv venv peers && uv pip install -p peers 'pandas==1.5.3' 'numpy<2' ppe-match
    peers/bin/python benchmarks/peers/ppe_match.py --dijk .venv/bin/python [--rules dijk fcfm proximity] [--most 1000]

Requests in these data are wishes of unknown recipients. So our rule takes all recipients of an article as alike, holds
each request to three median requests, counts as stock what a recipient got before, and deals shares of fifty pieces.
Who is nearest then ships to whom. ``--most`` is the donation above which the framework throws a donation away (1,000 is
its own choice; 0 keeps all).
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

CAP_MEDIANS, PACK = 3, 50


def serve() -> None:
    """Answer lines of JSON: requests, received and supply in, whole pieces out. Runs in dijk's environment."""
    import numpy as np

    from dijk.allocate.rule.fill import MICRO
    from dijk.allocate.rule.ladder import Claimants, divide

    for line in sys.stdin:
        asked = json.loads(line)
        n = len(asked["request"])
        one = np.ones(n, dtype=np.int64)
        request, nothing = np.floor(asked["request"]), np.zeros(n)
        ceiling = np.ceil(request / PACK) * PACK
        who = Claimants(one * float(MICRO), np.floor(asked["received"]), nothing, ceiling, one, np.arange(n))
        packs = divide(who, one * 0, np.array([PACK]), np.array([int(asked["supply"] // PACK)])).packs
        print(json.dumps(np.minimum(packs * PACK, request).tolist()), flush=True)


class Ours:
    """Our rule as a strategy of the framework; it remembers what each recipient got, which the framework does not
    tell.
    """

    def __init__(self, python: str) -> None:
        self.dijk = subprocess.Popen(
            [python, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.received: dict[tuple[str, str], float] = {}
        self.miles: dict[str, dict[str, float]] = {}

    def strategy(self, date, donors, recipients, miles):
        import pandas as pd

        self.miles = {
            donor: dict(zip(part.rec_id, part.distance, strict=True)) for donor, part in miles.groupby("don_id")
        }
        decisions = []
        for ppe in sorted(set(donors.ppe) & set(recipients.ppe)):
            there, asking = donors[donors.ppe == ppe], recipients[recipients.ppe == ppe].sort_values(["date", "rec_id"])
            awards = self.divided(ppe, asking, float(there.qty.sum()))
            decisions += self.shipped(ppe, there, awards)
        return pd.DataFrame(decisions, columns=["don_id", "rec_id", "ppe", "qty"])

    def divided(self, ppe, asking, supply: float) -> dict[str, int]:
        got = [self.received.get((r, ppe), 0) for r in asking.rec_id]
        cap = max(1.0, CAP_MEDIANS * float((asking.qty + got).median()))
        room = [max(0.0, cap - g) for g in got]
        message = {
            "request": [min(float(q), r) for q, r in zip(asking.qty, room, strict=True)],
            "received": got,
            "supply": supply,
        }
        self.dijk.stdin.write(json.dumps(message) + "\n")
        self.dijk.stdin.flush()
        awards = json.loads(self.dijk.stdout.readline())
        return {r: a for r, a in zip(asking.rec_id, awards, strict=True) if a > 0}

    def shipped(self, ppe, there, awards: dict[str, int]) -> list[list]:
        """Each donor to the nearest who still has something to get."""
        decisions = []
        for donor in there.itertuples():
            left = float(donor.qty)
            away = self.miles.get(donor.don_id, {})
            for recipient in sorted(awards, key=lambda r: away.get(r, float("inf"))):
                pieces = min(left, awards[recipient])
                if pieces < 1:
                    break
                decisions.append([donor.don_id, recipient, ppe, pieces])
                self.received[(recipient, ppe)] = self.received.get((recipient, ppe), 0) + pieces
                left -= pieces
                awards[recipient] -= pieces
                if awards[recipient] < 1:
                    del awards[recipient]
        return decisions


def gini(values) -> float:
    ordered, n = sorted(values), len(values)
    total = sum(ordered)
    return sum((2 * i - n - 1) * v for i, v in enumerate(ordered, 1)) / (n * total) if total else 0.0


def run(name: str, python: str, most: int) -> dict[str, float]:
    sys.path = [
        folder for folder in sys.path if folder != str(Path(__file__).parent)
    ]  # this file is named as the framework is
    import ppe_match
    from ppe_match import strategies

    rule = {
        "dijk": lambda: Ours(python).strategy,
        "fcfm": lambda: strategies.FCFM_strategy,
        "proximity": lambda: strategies.proximity_match_strategy,
    }[name]()
    framework = ppe_match.TestingFramework(strategy=rule, max_donation_qty=most or float("inf"))
    start = time.perf_counter()
    framework.run()
    seconds = time.perf_counter() - start
    theirs = framework.get_metrics().tail(5).set_index("metric_name")["value"].to_dict()
    asked = framework.all_recipients.groupby(["rec_id", "ppe"])["qty"].sum()
    got = framework.get_decisions().groupby(["rec_id", "ppe"])["qty"].sum().reindex(asked.index).fillna(0)
    pieces = got.groupby("ppe").sum()
    served = [article for article in pieces.index if pieces[article] > 0]
    share = sum(gini(got.xs(a, level="ppe")) * pieces[a] for a in served) / pieces.sum()
    return theirs | {
        "pieces given": float(got.sum()),
        "requests that got nothing, share": float((got == 0).mean()),
        "Gini of pieces over requesters of an article": share,
        "largest share of an article to one requester": max(
            float(got.xs(a, level="ppe").max() / pieces[a]) for a in served
        ),
        "seconds": seconds,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--dijk", default=".venv/bin/python")
    parser.add_argument("--rules", nargs="+", default=["dijk", "fcfm", "proximity"])
    parser.add_argument("--most", type=int, default=1000)
    given = parser.parse_args()
    if given.serve:
        serve()
        return
    for name in given.rules:
        print(name)
        for metric, value in run(name, given.dijk, given.most).items():
            print(f"  {metric:<48} {value:>14,.4f}", flush=True)


if __name__ == "__main__":
    main()
