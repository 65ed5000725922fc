"""The financing plan as it is shown: gauges, the table of posts and sources. Figures come from `plafonds`, never from here."""

from dataclasses import dataclass
from decimal import Decimal

from aap_portal.referentiel import plafonds
from aap_portal.referentiel.formats import euros, pourcentage
from aap_portal.referentiel.models import LignePoste, Source
from aap_portal.referentiel.plafonds import SOURCE_ETAT_AUTRE, ZERO

from .verification import verifier_rubrique

OK, ATTENTION, ERREUR = "ok", "attention", "erreur"


@dataclass(frozen=True)
class PosteMesure:
    """A line of the plan and its figures; none for a post that exists and asks for nothing."""

    ligne: LignePoste
    mesure: plafonds.Ligne | None
    maximum: Decimal | None
    taux: plafonds.Taux

    @classmethod
    def de(cls, ligne, dossier):
        if not ligne.est_demandee:
            return cls(ligne, None, None, dossier.taux)
        mesure = ligne.mesurer(dossier.plan.mois)
        return cls(ligne, mesure, plafonds.Constat((mesure,), dossier.taux).maximum_de(mesure), dossier.taux)

    @property
    def depasse(self):
        return self.mesure is not None and self.mesure.subvention > self.maximum

    @property
    def reste_absolu(self):
        return abs(self.mesure.reste)


def mesurer(dossier):
    return [PosteMesure.de(ligne, dossier) for ligne in dossier.plan.lignes.all()]


@dataclass(frozen=True)
class Jauge:
    """What `composants/_jauge.html` shows; `valeur` is a share of the base, between 0 and 1."""

    ancre: str
    libelle: str
    valeur: Decimal
    texte: str
    etat: str

    @property
    def texte_signe(self):
        return f"{'✔' if self.etat == OK else '✘'} {self.texte}"


@dataclass(frozen=True)
class Vue:
    """Everything that the page says of a plan: after a save, and while one types."""

    constat: plafonds.Constat
    postes: list
    obstacles: list
    jauges: list
    sources: list
    lignes: list
    totaux: list

    @property
    def annonce(self):
        """What a screen reader is told after a change."""
        if not self.constat.lignes:
            return ""
        debut = f"Subvention : {pourcentage(self.constat.taux_subvention)} de l’assiette, au plus {euros(self.constat.maximum)}."
        if not self.obstacles:
            return f"{debut} Le plan est équilibré."
        nombre = "Un point reste" if len(self.obstacles) == 1 else f"{len(self.obstacles)} points restent"
        return f"{debut} {nombre} à revoir."


def vue(dossier):
    postes = mesurer(dossier)
    constat = dossier.constat
    obstacles = verifier_rubrique(dossier, "plan")
    sources = [source for source in Source if any(ligne.sources.get(source) for ligne in constat.lignes)]
    if Source.AAP not in sources:
        sources.insert(0, Source.AAP)
    return Vue(
        constat=constat,
        postes=postes,
        obstacles=obstacles,
        jauges=[*_jauges(constat, obstacles), *_maintien(dossier, obstacles)],
        sources=[_TITRES.get(source, source.label) for source in sources],
        lignes=[(ligne, [ligne.sources.get(source, ZERO) for source in sources]) for ligne in constat.lignes],
        totaux=[sum((ligne.sources.get(source, ZERO) for ligne in constat.lignes), ZERO) for source in sources],
    )


_TITRES = {
    Source.AAP: "État (AAP)",
    Source.ETAT_AUTRE: "Autre État",
    Source.EUROPE: "Fonds européens",
    Source.ASP: "ASP",
}


def _jauges(constat, obstacles):
    if not constat.lignes:
        return
    codes = {obstacle.code for obstacle in obstacles}
    taux = constat.taux
    yield Jauge(
        "aap",
        "Subvention AAP",
        constat.taux_subvention,
        f"{pourcentage(constat.taux_subvention)} (plafond {pourcentage(taux.aap)} : au plus {euros(constat.maximum)})",
        ERREUR if "plafond" in codes else ATTENTION if "subvention_absente" in codes else OK,
    )
    if taux.etat is not None:
        yield _tout_l_etat(constat, "plafond" in codes)
    yield Jauge(
        "autres",
        "Autres sources",
        constat.taux_autres,
        f"{pourcentage(constat.taux_autres)} ({_reste(constat)})",
        ATTENTION if "equilibre" in codes else OK,
    )


def _tout_l_etat(constat, depasse):
    total = constat.subvention + sum((ligne.sources.get(SOURCE_ETAT_AUTRE, ZERO) for ligne in constat.lignes), ZERO)
    part = plafonds.taux_constate(total, constat.assiette)
    texte = f"{pourcentage(part)} (plafond {pourcentage(constat.taux.etat)} : {euros(total)} avec les autres aides de l’État)"
    return Jauge("etat", "Toutes les aides de l’État", part, texte, ERREUR if depasse else OK)


def _reste(constat):
    """A post in excess never hides what another one lacks."""
    manque = sum((ligne.reste for ligne in constat.lignes if ligne.reste > 0), ZERO)
    surplus = -sum((ligne.reste for ligne in constat.lignes if ligne.reste < 0), ZERO)
    parts = [f"il manque {euros(manque)}"] if manque else []
    parts += [f"{euros(surplus)} de trop"] if surplus else []
    return ", ".join(parts) or "toutes nommées"


def _maintien(dossier, obstacles):
    existants = [ligne for ligne in dossier.plan.lignes.all() if not ligne.est_demandee]
    if not existants:
        return
    baisses = sum(obstacle.code == "non_baisse" for obstacle in obstacles)
    maintenus = len(existants) - baisses
    nom = "poste" if len(existants) == 1 else "postes"
    yield Jauge(
        "maintien",
        "Financements existants",
        plafonds.taux_constate(Decimal(maintenus), Decimal(len(existants))),
        f"maintenus : {maintenus} {nom} sur {len(existants)}",
        ERREUR if baisses else OK,
    )
