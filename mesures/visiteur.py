"""A person at a browser, as far as the server can tell: one kept connection, cookies, forms read from the page and sent back."""

import html
import http.client
import re
import time
import zlib
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

_FORMULAIRE = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_CHAMP = re.compile(
    r"<(input|button)\b([^>]*)>|<(textarea)\b([^>]*)>(.*?)</textarea>|<(select)\b([^>]*)>(.*?)</select>", re.DOTALL
)
_OPTION = re.compile(r"<option\b([^>]*)>")
_ATTRIBUT = re.compile(r"""([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?""")


@dataclass(frozen=True)
class Reponse:
    """`duree` in seconds, from the first byte sent to the last one read; `octets` as they came, compressed or not."""

    statut: int
    entetes: dict
    texte: str
    duree: float
    octets: int
    adresse: str

    @property
    def suite(self):
        """Path that a redirection leads to, or nothing."""
        return urljoin(self.adresse, self.entetes["location"]) if "location" in self.entetes else ""


@dataclass
class Formulaire:
    """`champs`: [name, value] as a browser would send them without a touch; `textes`: (name, longest) of the large text fields;
    `cases`: (name, value, required) of every box."""

    action: str
    champs: list
    textes: list
    cases: list

    def noms(self):
        return {nom for nom, _ in self.champs}

    def remplir(self, **valeurs):
        """What would be sent with these fields changed."""
        restants = dict(valeurs)
        envoi = [(nom, restants.pop(nom, valeur)) for nom, valeur in self.champs]
        return [*envoi, *restants.items()]


class Visiteur:
    """Errors of the line (refused, cut) are left to the caller: OSError or http.client.HTTPException."""

    def __init__(self, hote, delai=30):
        self.hote, self.delai = hote, delai
        self.cookies = {}
        self.connexion = None

    def lire(self, chemin):
        return self._envoyer("GET", chemin)

    def ecrire(self, chemin, champs):
        corps = urlencode(champs).encode()
        return self._envoyer("POST", chemin, corps, {"Content-Type": "application/x-www-form-urlencoded"})

    def suivre(self, reponse):
        """The page that a redirection leads to; the answer itself when it leads nowhere."""
        return self.lire(reponse.suite) if reponse.suite else reponse

    def se_connecter(self, courriel, mot_de_passe):
        page = self.lire("/compte/connexion/")
        formulaire = next(f for f in formulaires(page) if "password" in f.noms())
        reponse = self.ecrire(formulaire.action, formulaire.remplir(login=courriel, password=mot_de_passe))
        if not reponse.suite:
            raise RuntimeError(f"{courriel} could not log in: {reponse.statut}")
        return reponse

    def couper(self):
        if self.connexion:
            self.connexion.close()
            self.connexion = None

    def _envoyer(self, methode, chemin, corps=None, entetes=None):
        entetes = {"Accept-Encoding": "gzip", "Connection": "keep-alive", **(entetes or {})}
        if self.cookies:
            entetes["Cookie"] = "; ".join(f"{nom}={valeur}" for nom, valeur in self.cookies.items())
        debut = time.perf_counter()
        try:
            recue, contenu = self._echanger(methode, chemin, corps, entetes)
        except (OSError, http.client.HTTPException):
            self.couper()
            raise
        duree = time.perf_counter() - debut
        self._garder_les_cookies(recue)
        lus = {nom.lower(): valeur for nom, valeur in recue.getheaders()}
        return Reponse(recue.status, lus, _texte(lus, contenu), duree, len(contenu), chemin)

    def _echanger(self, methode, chemin, corps, entetes):
        if self.connexion is None:
            self.connexion = http.client.HTTPConnection(self.hote, timeout=self.delai)
        try:
            self.connexion.request(methode, chemin, corps, entetes)
            recue = self.connexion.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if methode != "GET":
                raise
            # The server closed a connection that was resting: a browser opens another one without a word.
            self.couper()
            self.connexion = http.client.HTTPConnection(self.hote, timeout=self.delai)
            self.connexion.request(methode, chemin, corps, entetes)
            recue = self.connexion.getresponse()
        return recue, recue.read()

    def _garder_les_cookies(self, recue):
        for ligne in recue.headers.get_all("Set-Cookie") or []:
            nom, _, valeur = ligne.partition(";")[0].partition("=")
            self.cookies[nom.strip()] = valeur.strip()


def _texte(entetes, contenu):
    if not entetes.get("content-type", "").startswith("text/"):
        return ""
    if entetes.get("content-encoding") == "gzip":
        contenu = zlib.decompress(contenu, 31)
    return contenu.decode()


def formulaires(page):
    """The forms of a page that send something (method post)."""
    return [
        _formulaire(urlsplit(page.adresse).path, attributs, contenu)
        for brut, contenu in _FORMULAIRE.findall(page.texte)
        if (attributs := _attributs(brut)).get("method", "").lower() == "post"
    ]


def _formulaire(ici, attributs, contenu):
    champs, textes, cases = [], [], []
    for entree, brut, zone, brut_zone, texte, choix, brut_choix, options in _CHAMP.findall(contenu):
        lus = _attributs(brut or brut_zone or brut_choix)
        nom = lus.get("name")
        if not nom or "disabled" in lus or entree == "button" or lus.get("type") in {"submit", "file", "button"}:
            continue
        if lus.get("type") in {"checkbox", "radio"}:
            cases.append((nom, lus.get("value", "on"), "required" in lus))
            if "checked" not in lus:
                continue
        if zone:
            textes.append((nom, int(lus.get("maxlength") or 0)))
        coche = "on" if lus.get("type") in {"checkbox", "radio"} else ""
        valeur = html.unescape(texte.strip("\n")) if zone else lus.get("value", coche)
        valeurs = _choisies(options, "multiple" in lus) if choix else [valeur]
        champs += [[nom, valeur] for valeur in valeurs]
    return Formulaire(urljoin(ici, attributs.get("action", "")) or ici, champs, textes, cases)


def _choisies(options, plusieurs):
    lues = [_attributs(option) for option in _OPTION.findall(options)]
    choisies = [option.get("value", "") for option in lues if "selected" in option]
    return choisies or ([] if plusieurs or not lues else [lues[0].get("value", "")])


def _attributs(brut):
    return {nom.lower(): html.unescape(double or simple) for nom, double, simple in _ATTRIBUT.findall(brut)}
