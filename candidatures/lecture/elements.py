"""What a section that is read is made of: answers, tables, and the words for what was not given."""

from dataclasses import dataclass, field

from django.db import models

from aap_portal.referentiel.formats import etp, euros, jour, nombre
from aap_portal.referentiel.montants import EtpField, MontantField

from ..rubriques import Rubrique

NON_RENSEIGNE = "Non renseigné"


@dataclass(frozen=True)
class Reponse:
    question: str
    valeur: str
    longue: bool = False


@dataclass(frozen=True)
class Cellule:
    texte: str
    nombre: bool = False
    lien: str = ""


@dataclass(frozen=True)
class Tableau:
    """`colonnes`: (title, is a number); the first cell of a row is its heading."""

    legende: str
    colonnes: tuple
    lignes: tuple
    total: tuple = ()


@dataclass(frozen=True)
class Section:
    rubrique: Rubrique
    reponses: list = field(default_factory=list)
    tableaux: list = field(default_factory=list)


_FORMES = (
    (MontantField, euros),
    (EtpField, etp),
    (models.BooleanField, lambda valeur: "Oui" if valeur else "Non"),
    (models.DateField, jour),
    (models.PositiveIntegerField, nombre),
)


def dire(objet, nom):
    """The value of a field as it is read: its choice, date, amount or number; empty when it was not given."""
    valeur, colonne = getattr(objet, nom), objet._meta.get_field(nom)
    if valeur is None or valeur == "":
        return ""
    if colonne.choices:
        return getattr(objet, f"get_{nom}_display")()
    forme = next((forme for classe, forme in _FORMES if isinstance(colonne, classe)), str)
    return forme(valeur)


def champ(objet, nom, libelle=""):
    """The answer of a field, under the name that its model gives to it or under `libelle`."""
    colonne = objet._meta.get_field(nom)
    titre = libelle or majuscule(colonne.verbose_name)
    return Reponse(titre, dire(objet, nom) or NON_RENSEIGNE, colonne.get_internal_type() == "TextField")


def champs(objet, *noms):
    return [champ(objet, nom) for nom in noms]


def champs_donnes(objet, *noms):
    """Optional answers: those that were not given are left out."""
    return [champ(objet, nom) for nom in noms if dire(objet, nom)]


def majuscule(texte):
    texte = str(texte)
    return texte[:1].upper() + texte[1:]
