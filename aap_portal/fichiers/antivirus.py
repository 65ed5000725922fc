"""Asking clamd about a file: the protocol INSTREAM over its socket, with a limit of time, and nothing else.

Whatever clamd does (stopped, slow, another protocol), the answer is a verdict or `AntivirusIndisponible`.
"""

import re
import socket
import struct
import time
from dataclasses import dataclass

from django.conf import settings

MORCEAU = 64 * 1024
REPONSE_MAX = 4096


class AntivirusIndisponible(Exception):
    """No verdict: to be asked again later."""


@dataclass(frozen=True)
class Verdict:
    """`signature`: what was recognised, empty for a clean file."""

    signature: str = ""

    @property
    def est_sain(self):
        return not self.signature


def est_configure():
    return bool(settings.CLAMD_ADRESSE)


def analyser(contenu) -> Verdict:
    """Verdict on a binary file open for reading."""
    limite = time.monotonic() + settings.CLAMD_DELAI
    try:
        with _joindre(limite) as prise:
            _envoyer(prise, contenu, limite)
            reponse = _recevoir(prise, limite)
    except OSError as erreur:
        raise AntivirusIndisponible(f"clamd: {erreur}") from None
    return _comprendre(reponse)


def _joindre(limite):
    adresse = settings.CLAMD_ADRESSE
    if adresse.startswith("/"):
        prise = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            prise.settimeout(_reste(limite))
            prise.connect(adresse)
        except BaseException:
            prise.close()
            raise
        return prise
    hote, _, port = adresse.rpartition(":")
    return socket.create_connection((hote.strip("[]"), int(port)), timeout=_reste(limite))


def _reste(limite):
    reste = limite - time.monotonic()
    if reste <= 0:
        raise TimeoutError("no answer in time")
    return reste


def _envoyer(prise, contenu, limite):
    prise.sendall(b"zINSTREAM\0")
    while morceau := contenu.read(MORCEAU):
        prise.settimeout(_reste(limite))
        prise.sendall(struct.pack("!I", len(morceau)) + morceau)
    prise.sendall(struct.pack("!I", 0))


def _recevoir(prise, limite):
    reponse = b""
    while b"\0" not in reponse and len(reponse) < REPONSE_MAX:
        prise.settimeout(_reste(limite))
        recu = prise.recv(1024)
        if not recu:
            break
        reponse += recu
    return reponse


def _comprendre(reponse):
    texte = reponse.partition(b"\0")[0].decode(errors="replace")
    if texte == "stream: OK":
        return Verdict()
    if trouve := re.fullmatch(r"stream: (.+) FOUND", texte):
        return Verdict(trouve[1])
    raise AntivirusIndisponible(f"clamd answered {texte[:200]!r}")
