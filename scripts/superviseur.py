"""Keeps a few processes alive together, and stops them all together."""

import signal
import sys
import threading
import time
from dataclasses import dataclass

from commun import arreter, demarrer_processus

PAUSE_MAX = 30


@dataclass
class Service:
    """A command started again `pause` seconds after its end; longer and longer when it keeps failing."""

    nom: str
    commande: list
    pause: float = 1
    processus: object = None
    demarre_le: float = 0
    reprise_le: float = 0
    echecs: int = 0

    def veiller(self, options):
        """Start it when it is due; note its end when it has ended."""
        if self.processus is None:
            if time.monotonic() >= self.reprise_le:
                self.processus = demarrer_processus(self.commande, **options)
                self.demarre_le = time.monotonic()
            return
        code = self.processus.poll()
        if code is None:
            return
        arreter(self.processus)  # nothing that it started survives it
        self.processus = None
        dure = time.monotonic() - self.demarre_le > 2 * PAUSE_MAX
        self.echecs = 0 if not code else 1 if dure else self.echecs + 1
        if code:
            print(f"{self.nom} ended with code {code}: it is started again.", file=sys.stderr, flush=True)
        self.reprise_le = time.monotonic() + max(self.pause, min(PAUSE_MAX, 2**self.echecs - 1))


class Superviseur:
    def __init__(self, services, **options):
        self.services, self.options = services, options
        self.fin = threading.Event()

    def demarrer(self):
        """From here on Ctrl-C, SIGTERM and a closed terminal all mean: stop everything."""
        for recu in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(recu, lambda *_: self.fin.set())
        self.veiller()

    def veiller(self):
        for service in self.services:
            service.veiller(self.options)

    def tourner(self):
        while not self.fin.wait(0.3):
            self.veiller()

    def arreter(self):
        """All are asked at once, then waited for one after the other."""
        restants = [service.processus for service in self.services if service.processus]
        for processus in restants:
            if processus.poll() is None:
                processus.terminate()
        for processus in restants:
            arreter(processus)
