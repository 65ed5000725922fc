"""The measures as rows: what, how much, what was aimed at, what a bare Django view costs on the same server."""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

ENTETES = ("Mesure", "Valeur", "Cible", "Plancher", "Tenue")


@dataclass(frozen=True)
class Mesure:
    """`valeur`, `cible` and `plancher` in `unite`; the target is a maximum, or nothing when the figure only informs.

    `exigee`: what breaks a promise (a loss, an error) and fails the whole run.
    """

    groupe: str
    nom: str
    valeur: float | str
    unite: str = ""
    cible: float | None = None
    plancher: float | None = None
    exigee: bool = False

    @property
    def est_tenue(self):
        return self.cible is None or self.valeur <= self.cible

    @property
    def cellules(self):
        cible = "" if self.cible is None else f"≤ {ecrire(self.cible, self.unite)}" if self.cible else "0"
        tenue = "" if self.cible is None else "oui" if self.est_tenue else "non"
        plancher = "" if self.plancher is None else ecrire(self.plancher, self.unite)
        return self.nom, ecrire(self.valeur, self.unite), cible, plancher, tenue


def ecrire(valeur, unite):
    """« 1,2 s », « 41 ms », « 230 Ko »."""
    if isinstance(valeur, str):
        return valeur
    decimales = 0 if isinstance(valeur, int) or valeur >= 20 else 1 if valeur >= 2 else 2
    nombre = f"{valeur:,.{decimales}f}".replace(",", "\u202f").replace(".", ",")
    return f"{nombre}\u00a0{unite}".strip()


def centile(durees, part):
    """Value below which this part of the durations lies (nearest rank); 0 when there is none."""
    rangees = sorted(durees)
    return rangees[min(len(rangees) - 1, int(part * len(rangees)))] if rangees else 0.0


def noter(chemin, mesures):
    Path(chemin).write_text(json.dumps([asdict(mesure) for mesure in mesures]))


def relire(chemin):
    return [Mesure(**champs) for champs in json.loads(Path(chemin).read_text())]


def en_texte(mesures):
    """The table as it is printed."""
    lignes = [ENTETES, *(mesure.cellules for mesure in mesures)]
    largeurs = [max(len(ligne[rang]) for ligne in lignes) for rang in range(len(ENTETES))]
    sorties, groupe = [_ligne(ENTETES, largeurs)], None
    for mesure in mesures:
        if mesure.groupe != groupe:
            groupe = mesure.groupe
            sorties.append(f"\n{groupe}")
        sorties.append(_ligne(mesure.cellules, largeurs))
    return "\n".join(sorties)


def _ligne(cellules, largeurs):
    premiere, *autres = (cellule.ljust(largeur) for cellule, largeur in zip(cellules, largeurs, strict=True))
    return "  ".join([premiere, *autres]).rstrip()


def en_markdown(mesures):
    """The same, one table by group."""
    sorties, groupe = [], None
    for mesure in mesures:
        if mesure.groupe != groupe:
            groupe = mesure.groupe
            sorties += ["", f"### {groupe}", "", f"| {' | '.join(ENTETES)} |", "|---|---:|---:|---:|---|"]
        sorties.append(f"| {' | '.join(mesure.cellules)} |")
    return "\n".join(sorties).strip()


def publier(mesures, machine):
    (RACINE / "docs" / "mesures.md").write_text(f"{PAGE.format(machine=machine)}\n\n{en_markdown(mesures)}\n")


RACINE = Path(__file__).resolve().parent.parent
PAGE = """# Mesures

Ce que donne `make bench` (ECRIRE=1 réécrit cette page) : {machine}. Serveurs, base, visiteurs et navigateur se partagent
cette machine : un serveur à soi fait mieux. « Plancher » : une vue Django nue, ou une ligne écrite, derrière le même serveur
et sur la même base."""


def conclure(chemin, machine):
    """Print the table; a code other than zero only when something was lost or in error."""
    mesures = relire(chemin)
    print(f"\n{machine}\n\n{en_texte(mesures)}", flush=True)
    if os.environ.get("ECRIRE") == "1":
        publier(mesures, machine)
    rompues = [mesure.nom for mesure in mesures if mesure.exigee and not mesure.est_tenue]
    return f"\nBroken promises: {', '.join(rompues)}." if rompues else 0


if __name__ == "__main__":
    sys.exit(conclure(*sys.argv[1:]))
