"""aap_portal: the frame and the ground floor of the portal."""

import sys

try:
    # Before 3.51.3 SQLite can lose commits in WAL mode with two connections; the wheel carries a safe one.
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
except ImportError:  # no wheel on this platform: settings.py then leaves WAL off
    pass
