"""A workbook that the portal gives out to be filled: cells to type in, the rest protected, totals that follow."""

import io
from dataclasses import dataclass
from decimal import Decimal

from .tableur import FORMATS, nettoyer


@dataclass(frozen=True)
class Case:
    """A cell of a template. `genre`: texte, entete, titre, saisie or formule; `type`: a type of `tableur`."""

    valeur: object = None
    genre: str = "texte"
    type: str = "montant"


@dataclass(frozen=True)
class FeuilleModele:
    """A sheet, row by row; its first row heads the columns unless `sans_entete`. No merged cells: a screen reader reads it."""

    titre: str
    largeurs: tuple
    lignes: list
    sans_entete: bool = False


def modele(feuilles: list[FeuilleModele], *, titre: str) -> bytes:
    """The workbook: only the cells of genre « saisie » can be written in, and they take amounts only."""
    from openpyxl import Workbook

    livre = Workbook()
    livre.remove(livre.active)
    livre.properties.title, livre.properties.language = titre, "fr-FR"
    for feuille in feuilles:
        _ecrire(livre.create_sheet(feuille.titre), feuille)
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def _ecrire(page, feuille):
    from openpyxl.utils import get_column_letter

    for rang, largeur in enumerate(feuille.largeurs, start=1):
        page.column_dimensions[get_column_letter(rang)].width = largeur
    saisies = []
    for ligne, cases in enumerate(feuille.lignes, start=1):
        for colonne, case in enumerate(cases, start=1):
            if case is not None:
                cellule = page.cell(ligne, colonne)
                _remplir(cellule, case)
                if case.genre == "saisie":
                    saisies.append(cellule.coordinate)
    if not feuille.sans_entete:
        page.freeze_panes, page.print_title_rows = "A2", "1:1"
    page.page_setup.paperSize, page.page_setup.fitToHeight = page.PAPERSIZE_A4, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.protection.sheet = True  # without a password: it guards against slips, not against people
    page.protection.formatColumns = page.protection.formatRows = False
    if saisies:
        page.add_data_validation(_nombre_positif(saisies))


def _remplir(cellule, case):
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    if isinstance(case.valeur, str) and case.genre != "formule":
        cellule.value = nettoyer(case.valeur)
        cellule.data_type = "s"  # « =1+1 » would be a live formula
    else:
        cellule.value = case.valeur
    if case.genre in {"saisie", "formule"}:
        cellule.number_format = FORMATS[case.type]
    if case.genre == "entete":
        cellule.font, cellule.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="000091")
    elif case.genre in {"titre", "formule"}:
        cellule.font = Font(bold=True)
    elif case.genre == "saisie":
        trait = Side("thin", color="929292")
        cellule.fill, cellule.border = PatternFill("solid", fgColor="F5F5FE"), Border(trait, trait, trait, trait)
        cellule.protection = Protection(locked=False)
    cellule.alignment = Alignment(wrap_text=case.genre in {"texte", "entete", "titre"}, vertical="top")


def _nombre_positif(saisies):
    from openpyxl.worksheet.datavalidation import DataValidation

    regle = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    regle.errorTitle, regle.error = "Montant attendu", "Saisissez un nombre positif, ou laissez la cellule vide."
    regle.showErrorMessage = True
    for coordonnee in saisies:
        regle.add(coordonnee)
    return regle


def nombre_de_cellule(texte: str) -> Decimal:
    """The Decimal of a number read in a cell, to the cent; ValueError when it has more than two decimals.

    A spreadsheet computes in binary: 1234.5600000000002 is 1234.56, and 1234.567 is not an amount.
    """
    exact = Decimal(texte)
    arrondi = round(exact, 2)
    if abs(exact - arrondi) > Decimal("0.000001"):
        raise ValueError("more than two decimals")
    return arrondi
