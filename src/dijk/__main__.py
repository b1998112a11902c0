"""``python -m dijk``."""

from dijk.desk.app import main

main()
