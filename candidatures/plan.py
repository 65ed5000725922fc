"""The financing plan as it is shown: gauges, sums in words, posts and sources. Figures come from `plafonds`, never from here."""

from dataclasses import dataclass
from decimal import Decimal

from aap_portal.referentiel import plafonds
from aap_portal.referentiel.formats import etp, euros, pourcentage
from aap_portal.referentiel.models import LignePoste, Source
from aap_portal.referentiel.plafonds import SOURCE_ETAT_AUTRE, ZERO

from .verification import verifier_rubrique
from .verification.argent import phrase_baisse

OK, ATTENTION, ERREUR = "ok", "attention", "erreur"


@dataclass(frozen=True)
class PosteMesure:
    """A line of the plan and its figures; of a post that exists and asks for nothing, its present funding."""

    ligne: LignePoste
    mesure: plafonds.Ligne | None
    maximum: Decimal | None
    taux: plafonds.Taux
    maintien: plafonds.Maintien | None = None

    @classmethod
    def de(cls, ligne, dossier):
        if not ligne.est_demandee:
            return cls(ligne, None, None, dossier.taux, ligne.maintien(dossier.campagne.annee))
        mesure = ligne.mesurer(dossier.plan.mois)
        return cls(ligne, mesure, plafonds.Constat((mesure,), dossier.taux).maximum_de(mesure), dossier.taux)

    @property
    def depasse(self):
        return self.mesure is not None and self.mesure.subvention > self.maximum

    @property
    def reste_absolu(self):
        return abs(self.mesure.reste)

    @property
    def marge(self):
        """What could still be asked for."""
        return max(self.maximum - self.mesure.subvention, ZERO)

    @property
    def calcul(self):
        """How the base and the highest grant come, a sentence by step (AAP 2022, B.2-3; readings 10 to 13)."""
        m, taux = self.mesure, self.taux
        plafond = plafonds.subvention_max(m.assiette, plafonds.Taux(taux.aap))
        yield f"Assiette : {euros(m.cout_annuel)} × {etp(m.etp)} × {m.mois} mois / 12 = {euros(m.assiette)}."
        yield f"Plafond de la subvention : {pourcentage(taux.aap)} de {euros(m.assiette)} = {euros(plafond)}."
        if taux.etat is not None and m.autre_etat:
            reste = max(plafonds.etat_max(m.assiette, taux) - m.autre_etat, ZERO)
            yield (
                f"Toutes aides de l’État : {pourcentage(taux.etat)} de {euros(m.assiette)}, moins {euros(m.autre_etat)} "
                f"d’autres aides = {euros(reste)} ; le plus petit des deux montants l’emporte."
            )

    @property
    def totaux(self):
        """(year, euros) of the present funding; a year that is not told yet is left out."""
        m = self.maintien
        annees = [(annee, m.total(annee)) for annee in (*m.annees, m.prevue)]
        return [(annee, total) for annee, total in annees if total is not None]

    @property
    def baisses(self):
        """Sentences: what falls, financeur by financeur, whether or not the whole does; none before the present is told."""
        return [phrase_baisse(baisse) for baisse in self.maintien.baisses_par_financeur if self.maintien.est_declare]

    @property
    def est_maintenu(self):
        return self.maintien.est_declare and not self.maintien.a_expliquer

    @property
    def est_expliquee(self):
        return self.maintien.est_declare and not self.est_maintenu and bool(self.ligne.motif_baisse.strip())


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
    signe: str = ""

    @property
    def texte_signe(self):
        return f"{self.signe or ('✔' if self.etat == OK else '✘')} {self.texte}"


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
    def maxima(self):
        """« 28 000,00 € + 12 000,00 € »."""
        return " + ".join(euros(poste.maximum) for poste in self.postes if poste.mesure)

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
        jauges=[*_jauges(constat, obstacles), *_maintien(postes)],
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


def _maintien(postes):
    existants = [poste for poste in postes if poste.maintien]
    if not existants:
        return
    maintenus = sum(poste.est_maintenu for poste in existants)
    expliquees = sum(poste.est_expliquee for poste in existants)
    texte = f"maintenus : {maintenus} {'poste' if len(existants) == 1 else 'postes'} sur {len(existants)}"
    if expliquees:
        texte += f", {expliquees} baisse{'s' if expliquees > 1 else ''} expliquée{'s' if expliquees > 1 else ''}"
    etat = OK if maintenus == len(existants) else ATTENTION if maintenus + expliquees == len(existants) else ERREUR
    part = plafonds.taux_constate(Decimal(maintenus), Decimal(len(existants)))
    yield Jauge("maintien", "Financements existants", part, texte, etat, "⚠" if etat == ATTENTION else "")
