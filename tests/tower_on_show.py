"""The tower of the demo as a process of its own, for journeys of a browser: ``python tower_on_show.py DATASET PORT``.

It stands on the database of the environment, and tells its password as the demo does.
"""

import sys
from pathlib import Path

from dijk_web import serving
from dijk_web.demo import show
from dijk_web.opening import open_tower

if __name__ == "__main__":
    dataset, port = sys.argv[1:]
    serving.end_with_parent()
    open_tower()
    with serving.stopping_gently():
        sys.exit(show(serving.Web(port=int(port)), Path(dataset), once=False))
