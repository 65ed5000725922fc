from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier

from ..annonces import prevenir_service, prevenir_structure


class ControleDossier(models.Model):
    """What an instructor found of one piece or one section."""

    class Constat(models.TextChoices):
        CONFORME = "conforme", "Conforme"
        A_COMPLETER = "a_completer", "À compléter"
        SANS_OBJET = "sans_objet", "Sans objet"

    dossier = models.ForeignKey(
        "candidatures.Dossier", models.PROTECT, related_name="controles", verbose_name="dossier"
    )
    objet = models.CharField("pièce ou rubrique", max_length=60)
    constat = models.CharField("constat", max_length=20, choices=Constat)
    commentaire = models.TextField("commentaire", blank=True)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par")
    le = models.DateTimeField("le", auto_now=True)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "contrôle"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["dossier", "objet"], name="controle_unique")]

    def __str__(self):
        return f"{self.objet} : {self.get_constat_display()}"


class AvecInstruction(models.Model):
    """The gestures of an instructor on a dossier. Each takes the row's lock, so that no two contradict each other."""

    class Meta:
        abstract = True

    @property
    def est_instructible(self):
        attend = self.incomplet or self.attend_decision_hors_delai or self.demande_ouverte
        return self.etat == self.Etat.DEPOSE and not attend

    def _verrouiller(self):
        """Its fresh row with all its content, locked to the end of the transaction."""
        type(self)._base_manager.select_for_update().get(pk=self.pk)
        return type(self).objects.avec_contenu().prefetch_related("controles").get(pk=self.pk)

    def affecter(self, a, *, par):
        """Entrust the dossier to an agent who may instruct it, or to nobody."""
        if a is not None and not type(self).objects.instruits_par(a).filter(pk=self.pk).exists():
            raise ErreurMetier.simple(
                "affectation", "Cette personne ne peut pas instruire ce dossier : choisissez un autre agent."
            )
        with transaction.atomic():
            dossier = type(self)._base_manager.select_for_update().get(pk=self.pk)
            if dossier.instructeur_id != (a and a.pk):
                dossier.instructeur, dossier._history_user = a, par
                dossier.save(update_fields=["instructeur"])
        self.instructeur = a

    def controler(self, objet, *, constat, par, commentaire=""):
        """Write what was found of a piece or of a section; a later look replaces it, the history keeps both."""
        from ..instruction import empechements, points_de_controle

        with transaction.atomic():
            dossier = self._verrouiller()
            if obstacles := list(empechements(dossier)):
                raise ErreurMetier(obstacles)
            point = next((point for point in points_de_controle(dossier) if point.objet == objet), None)
            if point is None:
                raise ErreurMetier.simple(
                    "objet", "Cette pièce ou cette rubrique n’est pas à contrôler dans ce dossier."
                )
            if constat == ControleDossier.Constat.CONFORME and point.est_une_piece_absente:
                raise ErreurMetier.simple(
                    "piece_absente",
                    "Cette pièce n’est pas donnée : elle ne peut pas être conforme.",
                    champ="id_constat",
                )
            if constat == ControleDossier.Constat.A_COMPLETER and not commentaire.strip():
                raise ErreurMetier.simple("commentaire", "Dites ce qui est à compléter.", champ="id_commentaire")
            controle, _ = ControleDossier.objects.update_or_create(
                dossier=dossier,
                objet=objet,
                defaults={"constat": constat, "commentaire": commentaire.strip(), "par": par},
            )
        return controle

    def admettre_hors_delai(self, *, par, motif):
        """Take a late filing into the queue (reading 6)."""
        with transaction.atomic():
            dossier = self._verrouiller()
            dossier._exiger_hors_delai_en_attente(motif)
            type(self)._base_manager.filter(pk=self.pk).update(hors_delai_admis=True)
            self.hors_delai_admis = dossier.hors_delai_admis = True
            dossier._journaliser(dossier.etat, dossier.etat, par=par, motif=f"Dépôt hors délai admis. {motif.strip()}")
            dossier._prevenir("hors_delai_admis", motif)

    def rejeter_hors_delai(self, *, par, motif):
        """Refuse a late filing: the dossier ends there (reading 6)."""
        with transaction.atomic():
            dossier = self._verrouiller()
            dossier._exiger_hors_delai_en_attente(motif)
            dossier._passer_a(
                self.Etat.IRRECEVABLE,
                par=par,
                motif=f"Dépôt hors délai rejeté. {motif.strip()}",
                hors_delai_admis=False,
            )
            dossier._prevenir("irrecevable", f"Dépôt hors délai. {motif.strip()}")
        self.etat, self.hors_delai_admis = dossier.etat, dossier.hors_delai_admis

    def declarer_recevable(self, *, par):
        """Complete and checked: the dossier may go to a session. A second click changes nothing."""
        from ..instruction import obstacles_a_la_recevabilite

        with transaction.atomic():
            dossier = self._verrouiller()
            if dossier.etat != self.Etat.RECEVABLE:
                if obstacles := obstacles_a_la_recevabilite(dossier):
                    raise ErreurMetier(obstacles)
                dossier._passer_a(self.Etat.RECEVABLE, par=par)
        self.etat = dossier.etat

    def declarer_irrecevable(self, *, par, motif):
        """Refuse to examine the dossier, for reasons that the structure is told."""
        with transaction.atomic():
            dossier = self._verrouiller()
            if dossier.etat != self.Etat.IRRECEVABLE:
                dossier._exiger_aucune_attente()
                _exiger_motif(motif)
                dossier._passer_a(self.Etat.IRRECEVABLE, par=par, motif=motif.strip())
                dossier._prevenir("irrecevable", motif.strip())
        self.etat = dossier.etat

    def _exiger_hors_delai_en_attente(self, motif):
        if self.etat != self.Etat.DEPOSE or not self.attend_decision_hors_delai:
            raise ErreurMetier.simple("hors_delai", "Ce dossier n’attend pas de décision sur un dépôt hors délai.")
        _exiger_motif(motif)

    def _prevenir(self, gabarit, motif):
        """One message to each known address of the structure, in the transaction of the decision."""
        prevenir_structure(self, f"candidatures/{gabarit}", cle=f"dossier-{self.pk}-{gabarit}", motif=motif)

    def _annoncer_le_retrait(self, *, par, motif):
        """Both sides keep a word of a withdrawal: the structure, and who follows the dossier."""
        contexte = {"par": par, "motif": motif}
        prevenir_structure(self, "candidatures/retrait", cle=f"dossier-{self.pk}-retrait", signataires=True, **contexte)
        lien = reverse("candidatures:instruire", args=[self.numero])
        prevenir_service(self, "candidatures/retrait_service", cle=f"dossier-{self.pk}-retrait", lien=lien, **contexte)


def _exiger_motif(motif):
    if not motif.strip():
        raise ErreurMetier.simple("motif", "Donnez le motif : la structure le lira.", champ="id_motif")
