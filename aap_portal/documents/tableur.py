"""Tables to XLSX: text stays text, numbers stay numbers, dates stay dates."""

import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELLULE_MAX = 32_767  # characters that a cell may hold
FORMATS = {
    "texte": "@",
    "entier": "#,##0",
    "montant": '#,##0.00\u00a0"€"',
    "etp": "0.00",
    "taux": "0.00%",
    "jour": "dd/mm/yyyy",
    "instant": "dd/mm/yyyy hh:mm",
}
_LARGEURS = {"texte": 30, "entier": 12, "montant": 16, "etp": 10, "taux": 10, "jour": 12, "instant": 18}


@dataclass(frozen=True)
class Colonne:
    """`type`: texte, entier, montant, etp, taux, jour or instant."""

    titre: str
    type: str = "texte"
    largeur: int | None = None

    def __post_init__(self):
        if self.type not in FORMATS:
            raise ValueError(f"Unknown type of column: {self.type}")


@dataclass(frozen=True)
class Feuille:
    """`fuseau`: time zone in which its instants are shown, the current one by default (cells have no zone)."""

    titre: str
    colonnes: list[Colonne]
    lignes: Iterable[tuple] = field(default_factory=list)
    fuseau: object = None


def classeur(feuilles: list[Feuille]) -> bytes:
    from openpyxl import Workbook

    livre = Workbook(write_only=True)
    titres = set()
    try:
        for feuille in feuilles:
            _ecrire(livre, feuille, _titre_libre(feuille.titre, titres))
    except BaseException:
        _abandonner(livre)
        raise
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def _abandonner(livre):
    """Sheets are written as they come: close what is begun, or its temporary file would stay on disk."""
    for page in livre.worksheets:
        page.close()
        page._writer.cleanup()


def reponse_tableur(nom: str, feuilles: list[Feuille]) -> HttpResponse:
    """The workbook as a download, `nom` without its extension."""
    return reponse_classeur(nom, classeur(feuilles))


def reponse_classeur(nom: str, contenu: bytes) -> HttpResponse:
    """An XLSX as a download, `nom` without its extension."""
    from urllib.parse import quote

    nom = f"{nom}.xlsx"
    secours = unicodedata.normalize("NFKD", nom).encode("ascii", "ignore").decode().replace('"', "")
    reponse = HttpResponse(contenu, content_type=TYPE_XLSX)
    reponse["Content-Disposition"] = f"attachment; filename=\"{secours}\"; filename*=UTF-8''{quote(nom)}"
    reponse["Cache-Control"] = "no-store"
    return reponse


def _ecrire(livre, feuille, titre):
    from openpyxl.utils import get_column_letter

    page = livre.create_sheet(titre)
    page.freeze_panes = "A2"
    for rang, colonne in enumerate(feuille.colonnes, start=1):
        page.column_dimensions[get_column_letter(rang)].width = colonne.largeur or _LARGEURS[colonne.type]
    page.append([_entete(page, colonne.titre) for colonne in feuille.colonnes])
    total = 1
    for ligne in feuille.lignes:
        page.append(
            [_cellule(page, colonne, v, feuille.fuseau) for colonne, v in zip(feuille.colonnes, ligne, strict=True)]
        )
        total += 1
    page.auto_filter.ref = f"A1:{get_column_letter(len(feuille.colonnes))}{total}"


def _entete(page, titre):
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill

    cellule = WriteOnlyCell(page, value=nettoyer(titre))
    cellule.data_type = "s"
    cellule.font = Font(bold=True, color="FFFFFF")
    cellule.fill = PatternFill("solid", fgColor="000091")
    cellule.alignment = Alignment(wrap_text=True, vertical="center")
    return cellule


def _cellule(page, colonne, valeur, fuseau):
    from openpyxl.cell import WriteOnlyCell

    if valeur is None or valeur == "":
        return None
    if colonne.type == "texte":
        cellule = WriteOnlyCell(page, value=nettoyer(str(valeur)))
        cellule.data_type = "s"  # « =1+1 » would be a live formula
    else:
        cellule = WriteOnlyCell(page, value=_valeur(colonne.type, valeur, fuseau))
    cellule.number_format = FORMATS[colonne.type]
    return cellule


def _valeur(type_, valeur, fuseau):
    if type_ == "instant":
        return timezone.make_naive(valeur, fuseau)
    if type_ == "jour":
        return timezone.localtime(valeur, fuseau).date() if isinstance(valeur, datetime) else _exiger(valeur, date)
    return _exiger(valeur, int | Decimal)


def _exiger(valeur, type_):
    if not isinstance(valeur, type_) or isinstance(valeur, bool):
        raise TypeError(f"{valeur!r} is not of the type of its column.")
    return valeur


def nettoyer(texte: str) -> str:
    """What a cell can hold: XML has no control characters, and a cell has a longest length."""
    texte = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", texte).replace("\r\n", "\n")
    return texte.replace("\r", "\n")[:CELLULE_MAX]


def _titre_libre(titre, pris):
    """Title that a spreadsheet accepts: 31 characters, none of []:*?/\\, no quote at its ends, used once."""
    net = re.sub(r"[\[\]:*?/\\]", " ", nettoyer(titre)).replace("\n", " ").strip(" '")[:31].strip(" '") or "Feuille"
    candidat, rang = net, 2
    while candidat.lower() in pris:
        suffixe = f" ({rang})"
        candidat, rang = net[: 31 - len(suffixe)] + suffixe, rang + 1
    pris.add(candidat.lower())
    return candidat
