"""What keeps the demonstration from starting is told in one sentence, before anything is installed."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]


def demarrer(port):
    return subprocess.run(
        [sys.executable, "scripts/demarrer.py"],
        cwd=RACINE,
        env=os.environ | {"PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )


def test_un_port_deja_pris_est_dit_en_une_phrase():
    with socket.create_server(("127.0.0.1", 0)) as prise:
        port = prise.getsockname()[1]
        resultat = demarrer(str(port))

    phrase = f"Port {port} is already taken: stop what uses it, or choose another one: PORT=8000 make demo\n"
    assert (resultat.returncode, resultat.stdout, resultat.stderr) == (1, "", phrase)


@pytest.mark.parametrize("port", ["abc", "0", "65536", "80 80", "-1"])
def test_un_port_impossible_est_dit_en_une_phrase(port):
    resultat = demarrer(port)

    phrase = f"PORT must be a number from 1 to 65535, not « {port} ».\n"
    assert (resultat.returncode, resultat.stdout, resultat.stderr) == (1, "", phrase)


def test_sans_python_convenable_une_phrase_dit_quoi_installer(tmp_path):
    (tmp_path / "dirname").symlink_to(shutil.which("dirname"))
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")  # as a Python that is too old
    (tmp_path / "python3").chmod(0o755)
    resultat = subprocess.run(
        ["/bin/sh", "scripts/python.sh", "demarrer.py"],
        cwd=RACINE,
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert resultat.returncode == 1
    assert resultat.stderr.startswith("Python 3.11, 3.12 or 3.13 is missing: install one")
    assert len(resultat.stderr.splitlines()) == 1


def test_les_tests_ne_joignent_aucune_autre_machine():
    with pytest.raises(AssertionError, match=r"The network is closed in tests: 192\.0\.2\.1 was called"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
