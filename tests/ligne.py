"""A bad line: between a browser and the live server, connections are cut after a number of bytes drawn from a seed."""

import contextlib
import random
import socket
import threading
from urllib.parse import urlsplit


class LigneCoupee:
    """`with LigneCoupee(live_server.url, graine=1, entre=(low, high)) as ligne`: the same site at `ligne.url`.

    Once `couper` is true, every connection is reset each time that the line has carried a drawn number of bytes.
    """

    def __init__(self, url, *, graine, entre):
        self._serveur = (urlsplit(url).hostname, urlsplit(url).port)
        self._hasard, self._entre = random.Random(graine), entre
        self._verrou, self._ouvertes = threading.Lock(), set()
        self._reste = self._hasard.randint(*entre)
        self.couper, self.coupures = False, 0

    def __enter__(self):
        self._ecoute = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://{self._serveur[0]}:{self._ecoute.getsockname()[1]}"
        threading.Thread(target=self._accueillir, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._ecoute.close()
        self._tout_couper()

    def _accueillir(self):
        while True:
            try:
                client, _ = self._ecoute.accept()
            except OSError:
                return
            serveur = socket.create_connection(self._serveur)
            with self._verrou:
                self._ouvertes |= {client, serveur}
            for de, vers in ((client, serveur), (serveur, client)):
                threading.Thread(target=self._porter, args=(de, vers), daemon=True).start()

    def _porter(self, de, vers):
        try:
            while octets := de.recv(65536):
                self._compter(len(octets))
                vers.sendall(octets)
        except OSError:
            pass
        finally:
            for prise in (de, vers):
                _fermer(prise)

    def _compter(self, nombre):
        if not self.couper:
            return
        with self._verrou:
            self._reste -= nombre
            if self._reste > 0:
                return
            self._reste = self._hasard.randint(*self._entre)
            self.coupures += 1
        self._tout_couper()

    def _tout_couper(self):
        with self._verrou:
            ouvertes, self._ouvertes = self._ouvertes, set()
        for prise in ouvertes:
            _fermer(prise)


def _fermer(prise):
    with contextlib.suppress(OSError):
        prise.shutdown(socket.SHUT_RDWR)
    prise.close()
