from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import Campagne
from aap_portal.referentiel.montants import EtpField, MontantField
from aap_portal.referentiel.plafonds import ZERO
from candidatures.models import Dossier


class DecisionQuerySet(models.QuerySet):
    def notifiees(self):
        return self.filter(notifiee_le__isnull=False)

    def rendre(self, inscription, *, sens, avis_copil, par, accords=None, motifs="", version=0):
        """Decide on a dossier, or correct a decision that nobody was told of (AAP 2022, C.1; reading 20).

        `accords` maps a line of the plan to what is granted for it, for an acceptance. `version` is the one that the
        page was built on, 0 for a first decision: the second of two people gets a sentence. The money is checked with
        the campaign locked.
        """
        from ..arret import obstacles_a_la_decision

        with transaction.atomic():
            campagne = Campagne.objects.verrouillee(inscription.dossier.campagne_id)
            dossier = Dossier.objects.avec_demande().get(pk=inscription.dossier_id)
            accords = _accords_du_plan(accords or {}, dossier) if sens == Decision.Sens.ACCEPTE else {}
            ancienne = self.filter(inscription=inscription).select_related("decidee_par").first()
            decision = Decision(
                pk=ancienne and ancienne.pk,
                inscription=inscription,
                sens=sens,
                avis_copil=avis_copil,
                montant=sum((accord.montant for accord in accords.values()), ZERO),
                etp=sum((accord.etp for accord in accords.values()), ZERO),
                motifs=motifs.strip(),
                decidee_par=par,
                decidee_le=timezone.now(),
                version=version + 1,
            )
            if obstacles := obstacles_a_la_decision(decision, ancienne, dossier, campagne, accords):
                raise ErreurMetier(obstacles)
            if ancienne:
                dossier.rouvrir_examen(par=par, motif="Décision corrigée avant sa notification.")
            decision._enregistrer(accords)
            dossier.decider(sens, par=par, motif=decision.motifs)
        return decision


def _accords_du_plan(accords, dossier):
    """What is granted for the lines of this very plan; another key is nobody's post here."""
    return {ligne.cle: accords[ligne.cle] for ligne in dossier.constat.lignes if ligne.cle in accords}


class Decision(models.Model):
    """What the DEETS decides on a dossier after the committee's advice; an acceptance reserves its amount (reading 20)."""

    class Sens(models.TextChoices):
        ACCEPTE = "accepte", "Accepté"
        REFUSE = "refuse", "Refusé"
        AJOURNE = "ajourne", "Ajourné"

    inscription = models.OneToOneField(
        "copil.Inscription", models.PROTECT, related_name="decision", verbose_name="dossier inscrit"
    )
    sens = models.CharField("décision", max_length=10, choices=Sens)
    avis_copil = models.CharField("avis du COPIL", max_length=10, choices=Sens)
    montant = MontantField("montant accordé (€)", default=ZERO)
    etp = EtpField("ETP accordés", default=ZERO)
    motifs = models.TextField("motifs", blank=True)
    version = models.PositiveIntegerField("version", default=1)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="décidée par"
    )
    decidee_le = models.DateTimeField("décidée le")
    notifiee_le = models.DateTimeField("notifiée le", null=True, blank=True)
    notifiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="notifiée par"
    )
    consultee_le = models.DateTimeField("première consultation", null=True, blank=True)
    lettre = models.ForeignKey(
        "fichiers.Fichier",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="lettre de notification",
    )

    objects = DecisionQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        verbose_name = "décision"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sens="accepte", montant__gt=0, etp__gt=0) | (~Q(sens="accepte") & Q(montant=0, etp=0)),
                name="decision_montant_si_accepte",
                violation_error_message="Une acceptation porte un montant et des ETP ; les autres décisions n’en portent pas.",
            ),
            models.CheckConstraint(
                condition=Q(sens="accepte") | ~Q(motifs=""),
                name="decision_motivee",
                violation_error_message="Un refus ou un ajournement doit être motivé.",
            ),
        ]

    def __str__(self):
        return f"{self.get_sens_display()} : {self.inscription.dossier}"

    @property
    def est_notifiee(self):
        return self.notifiee_le is not None

    @property
    def est_acceptee(self):
        return self.sens == self.Sens.ACCEPTE

    def _enregistrer(self, accords):
        self._history_user = self.decidee_par
        self.save()
        self.postes.all().delete()
        for cle, accord in accords.items():
            if accord.montant:
                self.postes.create(ligne_id=int(cle), montant=accord.montant, etp=accord.etp)

    def notifier(self, *, par):
        """Tell the structure, once: date, mail to its signataires, letter made by the worker. False when it was done
        already (CRPA L.112-15; AAP 2022, D.1)."""
        from ..annonces import annoncer_decision
        from ..taches import produire_lettre

        with transaction.atomic():
            # The same lock as a correction takes: what is told is what was decided.
            Campagne.objects.verrouillee(self.inscription.dossier.campagne_id)
            if not self._dater(par, notifiee_le=timezone.now(), notifiee_par=par):
                return False
            annoncer_decision(self)
            transaction.on_commit(lambda: produire_lettre.enqueue(self.pk))
        return True

    def consulter(self, *, par):
        """Note the first time that the structure reads its decision: the day from which the appeal runs (CRPA R.112-20)."""
        return self._dater(par, consultee_le=timezone.now())

    def figer_lettre(self, fichier):
        """Keep the letter, unless another process has kept one already."""
        return self._dater(None, lettre=fichier)

    def _dater(self, par, **champs):
        """Set fields of which the first is still empty, with a row of the history; or do nothing."""
        premier = next(iter(champs))
        if not Decision.objects.filter(pk=self.pk, **{f"{premier}__isnull": True}).update(**champs):
            return False
        self.refresh_from_db()
        type(self).historique.bulk_history_create([self], update=True, default_user=par)
        return True


class DecisionPoste(models.Model):
    """What is granted for one post: within what was asked and within the post's maximum."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="postes", verbose_name="décision")
    ligne = models.ForeignKey("referentiel.LignePoste", models.PROTECT, related_name="+", verbose_name="poste")
    montant = MontantField("montant accordé (€)", default=ZERO)
    etp = EtpField("ETP accordés", default=ZERO)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "poste accordé"
        verbose_name_plural = "postes accordés"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "ligne"], name="decision_poste_unique"),
            models.CheckConstraint(
                condition=Q(montant__gte=0, etp__gte=0),
                name="decision_poste_positive",
                violation_error_message="Un montant accordé ne peut pas être négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.ligne} : {self.montant} €"
