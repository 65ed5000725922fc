"""What the scripts share: progress lines, and children that never outlive them. Standard library only."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
PYTHON = RACINE / ".venv" / "bin" / "python"
PR_SET_PDEATHSIG = 1


def mourir_avec_le_parent(signal_recu=signal.SIGTERM):
    """Ask Linux for this signal when the parent dies, even killed: nothing is left running behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_recu)


def se_preparer():
    """SIGTERM and a closed terminal unwind like Ctrl-C, so that every « finally » runs."""
    for recu in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(recu, lambda numero, _: sys.exit(128 + numero))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts its background jobs deaf to it
    if "MAKELEVEL" in os.environ:
        mourir_avec_le_parent()


def environnement_sans_reglages():
    """The environment without what settings.py reads: those of a real installation have no part here."""
    lus = re.findall(r'(?:env\.\w+|_booleen)\(\s*"([A-Z_]+)"', (RACINE / "aap_portal" / "settings.py").read_text())
    return {nom: valeur for nom, valeur in os.environ.items() if nom.removesuffix("_FILE") not in lus}


@contextmanager
def etape(phrase):
    """One progress line per slow step, completed by its duration."""
    print(f"{phrase}…", end="", flush=True)
    debut = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - debut:.0f} s", flush=True)


def demarrer_processus(commande, **options):
    """A child in a session of its own: Ctrl-C reaches only this script, which stops it in good order."""
    return subprocess.Popen(
        [str(mot) for mot in commande],
        **{"cwd": RACINE, "stdin": subprocess.DEVNULL, "start_new_session": True} | options,
        preexec_fn=mourir_avec_le_parent,
    )


def arreter(processus, *, par=signal.SIGTERM, delai=10):
    """Ask politely, then kill whatever is left in the child's group."""
    if processus.poll() is None:
        with suppress(PermissionError):  # what sudo runs is not ours to stop, only to wait for
            processus.send_signal(par)
    try:
        with suppress(subprocess.TimeoutExpired):
            processus.wait(delai)
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(processus.pid, signal.SIGKILL)
        processus.wait()


def executer(commande, **options):
    """Run to the end and give the return code; interrupted, interrupt the child and wait for it."""
    processus = demarrer_processus(commande, **options)
    try:
        return processus.wait()
    finally:
        arreter(processus, par=signal.SIGINT)


def reussir(commande, *, sinon, **options):
    """Run silently; on failure show what was said and stop on one sentence."""
    processus = demarrer_processus(commande, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    try:
        dit = processus.communicate()[0]
    finally:
        arreter(processus, par=signal.SIGINT)
    if processus.returncode:
        sys.exit(f"\n{dit[-4000:].strip()}\n\n{sinon}")
    return dit
