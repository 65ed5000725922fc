"""A real clamd, started for the tests with one signature: that of the EICAR test file. Nothing is fetched."""

import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

# In two halves, so that no antivirus takes this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Essai.EICAR"


@contextlib.contextmanager
def clamd(dossier: Path):
    """Address of its socket; it is stopped at the end."""
    programme = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if programme is None:
        pytest.fail("clamd is missing: install it (apt-get install clamav-daemon).", pytrace=False)
    base, prise = dossier / "base", dossier / "clamd.ctl"
    base.mkdir(parents=True)
    (base / "essai.ndb").write_text(f"{SIGNATURE}:0:*:{EICAR.hex()}\n")
    reglages = {
        "LocalSocket": prise,
        "DatabaseDirectory": base,
        "TemporaryDirectory": dossier,
        "Foreground": "yes",
        "StreamMaxLength": "25M",
        "MaxThreads": "2",
    }
    conf = dossier / "clamd.conf"
    conf.write_text("".join(f"{nom} {valeur}\n" for nom, valeur in reglages.items()))
    journal = dossier / "clamd.log"
    with journal.open("wb") as sortie:
        processus = subprocess.Popen([programme, "-c", str(conf)], stdout=sortie, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            if prise.exists() or processus.poll() is not None:
                break
            time.sleep(0.1)
        if not prise.exists():
            pytest.fail(f"clamd did not start: {journal.read_text()[-2000:]}", pytrace=False)
        yield str(prise)
    finally:
        processus.terminate()
        processus.wait(30)
