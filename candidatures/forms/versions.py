"""Several people on one form: the typing is merged with what the others saved, and what crosses is shown, never covered."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.utils import timezone

from aap_portal.referentiel.formats import nombre

from ..fusion import comparer, ecrire_version, fusionner, joindre, lire_version
from ..mains import derniere_main, main_du_champ
from ..models import Dossier

_BRIBE = "saisie en cours"
_UNE_REDACTION = timedelta(minutes=10)


@dataclass(frozen=True)
class Croisement:
    """An answer that two people changed since the page was opened: both texts, and whose is the other."""

    champ: str
    libelle: str
    mienne: str
    autre: str
    de: str
    longue: bool

    @property
    def choix(self):
        """(code, label) of what may be kept; two long texts may stand one after the other."""
        deux = [("deux", "Garder les deux, l’un après l’autre")] if self.longue else []
        return [*deux, ("mien", "Garder le mien"), ("autre", "Garder l’autre")]

    @property
    def choix_par_defaut(self):
        return "deux" if self.longue else "mien"

    @property
    def morceaux(self):
        """The two texts in (words, differs) pieces."""
        return comparer(self.mienne, self.autre) if self.longue else ([(self.mienne, False)], [(self.autre, False)])


class AvecVersion:
    """A form that several people may have open at once: what one types is merged with what the others saved."""

    a_lire = ()  # relations of the dossier that the form reads, fetched at once
    ouverts = None  # names of the only fields to show, once a request has named single ones
    ensembles = {}  # fields that are named together: {"volumes": (how their names begin, "Volumes d’activité")}

    @classmethod
    def champs_nommables(cls):
        """What a request for complements may name in this section: {name: label}."""
        noms = (getattr(cls, "_meta", None) and cls._meta.fields) or []
        libelles = {nom: str(Dossier._meta.get_field(nom).verbose_name) for nom in noms}
        ensembles = {nom: libelle for nom, (_, libelle) in cls.ensembles.items()}
        return {nom: libelle[:1].upper() + libelle[1:] for nom, libelle in libelles.items()} | ensembles

    def limiter(self, champs):
        """Leave only these fields, or sets of fields, to be changed; None leaves them all. The others are shown."""
        if champs is None:
            return
        self.ouverts = [nom for nom in self.fields if nom in champs] if champs <= set(self.fields) else None
        debuts = tuple(debut for nom, (debut, _) in self.ensembles.items() if nom in champs)
        for nom, champ in self.fields.items():
            if nom != "version" and nom not in champs and not nom.startswith(debuts):
                champ.disabled = True

    @property
    def champs_ouverts(self):
        return [self[nom] for nom in self.ouverts]

    def marquer(self, enregistre):
        """`enregistre`: what the database holds, as the form was opened on it."""
        champs = [champ for champ in self.fields if champ != "version"]
        self.enregistre = {champ: enregistre.get(champ) for champ in champs}
        montrees = {champ: self.get_initial_for_field(self.fields[champ], champ) for champ in champs}
        self.version = ecrire_version(self.enregistre, montrees)
        self.fields["version"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.initial["version"] = self.version
        self.croisements, self.reprises, self.laisses, self.motifs = [], [], [], {}

    def ecrire(self, dossier, *, par, partielle=False):
        """Save on the locked row on which this form was built; False when a person has to look first.

        `partielle`, while one types: what can be read and crosses nothing is saved, the rest is left (`laisses`).
        """
        if not self.accorder(partielle=partielle):
            return False
        self.par, self.par_bribes = par, partielle
        self.enregistrer(dossier)
        dossier.horodater()
        return True

    def accorder(self, *, partielle=False):
        """Merge with what the database holds; False when what is typed can't be read, or crosses somebody's writing."""
        illisibles = [champ for champ in self.errors if champ in self.fields]
        if len(illisibles) < len(self.errors) or (illisibles and not partielle):
            return False
        self.base = lire_version(self.cleaned_data.get("version"))
        saisis = {champ: valeur for champ, valeur in self.cleaned_data.items() if champ != "version"}
        fusion = fusionner(self.base, saisis, self.enregistre)
        self.reprises = [champ for champ in saisis if champ in fusion.reprises]
        croisees = [champ for champ in saisis if champ in fusion.croisees]
        self.croisements = [self._croisement(champ, saisis[champ]) for champ in croisees]
        if partielle:
            self.laisses = [*illisibles, *croisees]
            self.motifs = {champ: self.errors[champ][0] for champ in illisibles}
            return self._poser({champ: self.enregistre.get(champ) for champ in [*self.laisses, *self.reprises]})
        choisis = {} if self.croisements else self._choisis(saisis)
        accorde = self._poser({champ: self.enregistre.get(champ) for champ in self.reprises} | choisis)
        if self.croisements:
            self.data["version"] = self.version
        return accorde and not self.croisements

    def _choisis(self, saisis):
        """What a person chose on the page that showed both texts."""
        choix = {champ: self.data.get(f"garder-{champ}") for champ in saisis}
        autres = {champ: self.enregistre.get(champ) for champ, lequel in choix.items() if lequel == "autre"}
        deux = {
            champ: joindre(saisis[champ], self.enregistre.get(champ))
            for champ, lequel in choix.items()
            if lequel == "deux" and est_un_texte(self.fields[champ])
        }
        return autres | deux

    def _poser(self, valeurs):
        """Put these in the typing, and read it again as a whole."""
        for champ, valeur in valeurs.items():
            poser(self.data, self.add_prefix(champ), self.fields[champ], valeur)
        if valeurs:
            self.full_clean()
        return not self.errors

    def version_suivante(self):
        """Version of the page after a save while one types: what was left keeps the fingerprint that it was opened on."""
        ecrites = {champ: valeur for champ, valeur in self.cleaned_data.items() if champ != "version"}
        return ecrire_version(ecrites, garder=(self.base or {}, {*self.laisses, *self.reprises}))

    def dire_reprises(self):
        """(label, whose and when) of the answers taken from the base."""
        return [(str(self.fields[champ].label), self.main(champ)) for champ in self.reprises]

    def empreintes_reprises(self):
        """Words of the version for the answers taken from the base, once the page shows them."""
        return {champ: ecrire_version({champ: self.enregistre.get(champ)}).split(" ")[1:] for champ in self.reprises}

    def _croisement(self, champ, mienne):
        libelle, autre = str(self.fields[champ].label), self.enregistre.get(champ)
        return Croisement(
            champ,
            libelle,
            en_clair(self.fields[champ], mienne),
            en_clair(self.fields[champ], autre),
            self.main(champ),
            est_un_texte(self.fields[champ]),
        )

    def main(self, champ):
        """Who gave this answer the value that the database holds, and when: « Awa Exemple, le 15 septembre… »."""
        dossier = getattr(self, "instance", None) or self.dossier
        return self._main(dossier, champ).en_mots(dossier.campagne.service.zone)

    def _main(self, dossier, champ):
        if champ in {colonne.attname for colonne in Dossier._meta.concrete_fields}:
            return main_du_champ(dossier, champ)
        return derniere_main(*self.traces(dossier, champ))

    def traces(self, dossier, champ):
        """Historical rows of an answer that is kept in a table of the dossier."""
        return []


def est_un_texte(champ):
    return isinstance(champ.widget, forms.Textarea)


def poser(donnees, nom, champ, valeur):
    """Write a saved value in the data of a form, as its own page would send it."""
    if isinstance(champ.widget, forms.CheckboxInput):
        valeur = ["on"] if valeur else []
    else:
        valeur = champ.widget.format_value(champ.prepare_value(valeur))
    if not isinstance(valeur, list | tuple):
        valeur = [] if valeur is None else [valeur]
    donnees.setlist(nom, [str(element) for element in valeur])


def en_clair(champ, valeur):
    """A value as a person reads it, beside somebody else's."""
    if isinstance(champ, forms.BooleanField):
        return "Coché" if valeur else "Non coché"
    if isinstance(champ, forms.ModelMultipleChoiceField):
        return ", ".join(str(objet) for objet in valeur or []) or "(vide)"
    if isinstance(champ, forms.ChoiceField):
        choisies = {str(v) for v in (valeur if isinstance(valeur, list) else [valeur])}
        libelles = [str(texte) for code, texte in _choix(champ) if code and str(code) in choisies]
        return "\n".join(libelles) or "(vide)"
    if valeur in (None, ""):
        return "(vide)"
    return nombre(valeur) if isinstance(valeur, int) else str(champ.prepare_value(valeur))


def _choix(champ):
    for code, texte in champ.choices:
        yield from texte if isinstance(texte, list | tuple) else [(code, texte)]


def historiser(objet, changes, *, par, par_bribes):
    """Save these fields; what one person types in a row stays one row of the history, not one for each pause."""
    maintenant = timezone.now()
    derniere = objet.historique.order_by("-history_id").values(
        "pk", "history_user", "history_change_reason", "history_date"
    )
    trace = derniere.first() if par_bribes else None
    suite = (
        trace is not None
        and trace["history_change_reason"] == _BRIBE
        and trace["history_user"] == par.pk
        and maintenant - trace["history_date"] < _UNE_REDACTION
    )
    if suite:
        type(objet).objects.filter(pk=objet.pk).update(**changes)
        objet.historique.filter(pk=trace["pk"]).update(**changes, history_date=maintenant)
        return
    objet._change_reason = _BRIBE if par_bribes else None
    objet.save(update_fields=list(changes))
