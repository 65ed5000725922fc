"""Several people on one financing plan: each source of each post is an answer, merged or crossed by itself."""

import hashlib

from aap_portal.referentiel.models import FinancementPoste, Source
from aap_portal.referentiel.montants import ecrire_montant

from ..fusion import VIDE, ecrire_version, empreinte, fusionner, joindre, lire_version
from ..mains import derniere_main, main_du_champ
from .versions import Croisement

_ETATS = dict(FinancementPoste.Etat.choices)


def version(dossier):
    """Fingerprints of the saved plan: of each post its kind, its sources, the reason of a fall."""
    return ecrire_version(
        {nom: valeur for ligne in dossier.plan.lignes.all() for nom, valeur in reponses(ligne).items()}
    )


def nom_de(ligne, cle):
    return f"l{ligne.pk}-{hashlib.blake2s(repr(cle).encode(), digest_size=5).hexdigest()}"


def reponses(ligne):
    """What is saved of a post, by name of answer."""
    return {
        **{nom_de(ligne, cle): en_mots(valeurs) for cle, valeurs in actuels(ligne).items()},
        f"l{ligne.pk}-motif": ligne.motif_baisse,
        f"l{ligne.pk}-demandee": ligne.est_demandee,
    }


def actuels(ligne):
    """{(source, name, year): values} as saved."""
    return {(f.source, f.precision, f.annee): {"montant": f.montant, "etat": f.etat} for f in ligne.financements.all()}


def en_mots(valeurs):
    if valeurs is None:
        return None
    return f"{ecrire_montant(valeurs['montant'])} €, {str(_ETATS[str(valeurs['etat'])]).lower()}"


class LigneCroisee:
    """One post of the plan: what is typed for it, beside what is saved now."""

    def __init__(self, saisie, base):
        self.saisie, self.ligne, self.base = saisie, saisie.ligne, base
        self.voulus, self.avant = saisie.voulus(), actuels(saisie.ligne)
        self.motif = saisie.motif_voulu
        self.noms = {nom_de(self.ligne, cle): cle for cle in [*self.avant, *self.voulus]}
        self.nom_motif = f"l{self.ligne.pk}-motif"
        self.fusion = fusionner(base, self._miennes(), reponses(self.ligne))

    def _miennes(self):
        return {nom: en_mots(self.voulus.get(cle)) for nom, cle in self.noms.items()} | {self.nom_motif: self.motif}

    @property
    def a_change_de_nature(self):
        """Asked for when the page was opened and no longer, or the opposite: its rows mean something else."""
        nom = f"l{self.ligne.pk}-demandee"
        return self.base is not None and empreinte(self.ligne.est_demandee) not in self.base.get(nom, {VIDE})

    def rendre(self, noms):
        """Take these answers from what is saved."""
        for nom in noms:
            if nom == self.nom_motif:
                self.motif = self.ligne.motif_baisse
            elif self.noms[nom] in self.avant:
                self.voulus[self.noms[nom]] = self.avant[self.noms[nom]]
            else:
                self.voulus.pop(self.noms[nom], None)

    def choisir(self, choix):
        """What a person chose on the page that showed both."""
        self.rendre([nom for nom in [*self.noms, self.nom_motif] if choix.get(f"garder-{nom}") == "autre"])
        if choix.get(f"garder-{self.nom_motif}") == "deux":
            self.motif = joindre(self.motif, self.ligne.motif_baisse)

    def croisement(self, nom):
        if nom == self.nom_motif:
            main, libelle = main_du_champ(self.ligne, "motif_baisse"), "raison de la baisse"
            textes = self.motif, self.ligne.motif_baisse
        else:
            cle = self.noms[nom]
            main, libelle = self._main(cle), _libelle(cle)
            textes = en_mots(self.voulus.get(cle)), en_mots(self.avant.get(cle))
        zone = self.ligne.plan.campagne.service.zone
        mienne, autre = (texte or "(retiré)" for texte in textes)
        titre = f"{self.ligne.poste.intitule}, {libelle}"
        return Croisement(nom, titre, mienne, autre, main.en_mots(zone), nom == self.nom_motif)

    def _main(self, cle):
        source, precision, annee = cle
        traces = FinancementPoste.historique.filter(
            ligne=self.ligne.pk, source=source, precision=precision, annee=annee
        )
        return derniere_main(traces)

    def noms_connus(self):
        """Every name of this post in the version of the page, and now."""
        prefixe = f"l{self.ligne.pk}-"
        return {nom for nom in [*(self.base or {}), *reponses(self.ligne)] if nom.startswith(prefixe)}

    def ecrites(self):
        return {
            **{nom_de(self.ligne, cle): en_mots(valeurs) for cle, valeurs in self.voulus.items()},
            self.nom_motif: self.motif,
            f"l{self.ligne.pk}-demandee": self.ligne.est_demandee,
        }


def _libelle(cle):
    source, precision, annee = cle
    if source == Source.AAP:
        return "subvention demandée"
    return f"{Source(source).label}{f' ({precision})' if precision else ''}{f' en {annee}' if annee else ''}"


class AvecVersionDuPlan:
    """How `PlanForm` saves: built on the locked row, it merges the posts that can be read with what is saved."""

    def accorder(self, donnees, *, partielle=False):
        """False when something can't be read, or crosses what somebody saved; `partielle` then leaves only that."""
        base = lire_version(donnees.get("version", ""))
        liees = [saisie for saisie in self.lignes if saisie.financeurs.is_bound]
        lisibles = [saisie for saisie in liees if saisie.is_valid()]
        if len(lisibles) < len(liees) and not partielle:
            return False
        lues = [LigneCroisee(saisie, base) for saisie in lisibles]
        self.changees = [lue for lue in lues if lue.a_change_de_nature]
        self.lues = [lue for lue in lues if lue not in self.changees]
        self.illisibles_lues = [LigneCroisee(saisie, base) for saisie in liees if saisie not in lisibles]
        self.croisements = [lue.croisement(nom) for lue in self.lues for nom in sorted(lue.fusion.croisees)]
        self.reprises = [lue.croisement(nom) for lue in self.lues for nom in sorted(lue.fusion.reprises)]
        for lue in self.lues:
            lue.rendre(lue.fusion.reprises)
            if partielle:
                lue.rendre(lue.fusion.croisees)
            elif not self.croisements:
                lue.choisir(donnees)
        return partielle or not (self.croisements or self.changees)

    def dire_reprises(self):
        return [(croisement.libelle, croisement.de) for croisement in self.reprises]

    def version_suivante(self):
        """Version of the page after a save while one types: what was left keeps the fingerprints of its opening."""
        ecrites, gardees, base = {}, set(), {}
        for lue in [*self.lues, *self.changees, *self.illisibles_lues]:
            base = lue.base or {}
            laissees = lue.fusion.croisees | lue.fusion.reprises if lue in self.lues else lue.noms_connus()
            gardees |= laissees
            ecrites |= dict.fromkeys(laissees) | (lue.ecrites() if lue in self.lues else {})
        return ecrire_version(ecrites, garder=(base, gardees))
