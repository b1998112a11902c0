"""The control tower for scarce medical supplies, as a library: tables in, tables out.

Read ``dijk.tables`` first, then ``dijk.plan``.
"""

__version__ = "0.1.0"
