from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.droits import en_conflit
from candidatures.models import Dossier


class AvisNationalQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """Asked in the services where this person is an agent or sits in the national committee, less their conflicts."""
        services = personne.services("instructeur", "administrateur", "comite_national")
        conflits = Dossier.objects.filter(en_conflit(personne))
        return self.filter(dossier__campagne__service__in=services).exclude(dossier__in=conflits)

    def demander(self, dossier, *, par):
        """Ask the national committee, once (AAP 2022, C.1; reading 19)."""
        from ..annonces import demander_avis

        if not dossier.structure.est_emergente:
            raise ErreurMetier.simple(
                "pas_emergente", "L’avis du comité national se demande pour une structure émergente seulement."
            )
        with transaction.atomic():
            avis, nouveau = self.get_or_create(dossier=dossier, defaults={"demande_par": par})
            if nouveau:
                demander_avis(avis)
        return avis


class AvisNational(models.Model):
    """Advice of the national committee on an emerging structure: required before a decision, binding nobody (reading 19)."""

    class Sens(models.TextChoices):
        FAVORABLE = "favorable", "Favorable"
        RESERVE = "reserve", "Réservé"
        DEFAVORABLE = "defavorable", "Défavorable"

    dossier = models.OneToOneField(
        "candidatures.Dossier", models.PROTECT, related_name="avis_national", verbose_name="dossier"
    )
    demande_le = models.DateTimeField("demandé le", auto_now_add=True)
    demande_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="demandé par"
    )
    sens = models.CharField("avis", max_length=20, choices=Sens, blank=True)
    motifs = models.TextField("motifs", blank=True)
    rendu_le = models.DateField("rendu le", null=True, blank=True)
    enregistre_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enregistré par"
    )

    objects = AvisNationalQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        verbose_name = "avis du comité national"
        verbose_name_plural = "avis du comité national"
        ordering = ["demande_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sens="", rendu_le=None) | (~Q(sens="") & Q(rendu_le__isnull=False)),
                name="avis_rendu_entier",
                violation_error_message="Un avis rendu porte un sens et une date.",
            )
        ]

    def __str__(self):
        return f"{self.dossier} : {self.get_sens_display() or 'attendu'}"

    @property
    def est_rendu(self):
        return bool(self.sens)

    @property
    def est_modifiable(self):
        """Until the dossier is decided: afterwards the decision rests on it."""
        return self.dossier.etat not in {Dossier.Etat.ACCEPTE, Dossier.Etat.REFUSE, Dossier.Etat.RETIRE}

    def rendre(self, *, sens, motifs, rendu_le, par):
        """Record the advice, or correct it while the dossier is not decided."""
        with transaction.atomic():
            avis = AvisNational.objects.select_for_update().get(pk=self.pk)
            if not avis.est_modifiable:
                raise ErreurMetier.simple(
                    "deja_decide", f"Le dossier est « {avis.dossier.get_etat_display()} » : l’avis ne change plus."
                )
            avis.sens, avis.motifs, avis.rendu_le, avis.enregistre_par = sens, motifs, rendu_le, par
            avis.save()
        self.refresh_from_db()
