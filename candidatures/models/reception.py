from django.db import models, transaction
from django.utils import timezone

from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle
from aap_portal.referentiel.models import Campagne


class ReceptionQuerySet(models.QuerySet):
    def recevoir(self, *, campagne, structure, recu_le, par):
        """A draft for the dossier that a structure sent by e-mail at `recu_le`; the one being entered already, if any.

        Raises ErreurMetier for an instant to come, or at which this campaign received nothing (AAP 2022, B and C; readings
        5 and 6).
        """
        with transaction.atomic():
            campagne = Campagne.objects.verrouillee(campagne.pk)
            en_cours = self.en_saisie().filter(campagne=campagne, structure=structure)
            if deja := en_cours.first():
                return deja
            if obstacles := list(_obstacles_a_la_reception(campagne, recu_le)):
                raise ErreurMetier(obstacles)
            return self.ouvrir(
                campagne=campagne, structure=structure, par=par, recu_par_courriel_le=recu_le, instructeur=par
            )

    def en_saisie(self):
        """Drafts that an agent is entering from an e-mail."""
        return self.filter(etat=self.model.Etat.BROUILLON, recu_par_courriel_le__isnull=False)


def _obstacles_a_la_reception(campagne, recu_le):
    from ..verification import obstacles_de_periode

    if recu_le > timezone.now():
        yield Obstacle("reception_future", "La date de réception est à venir\u00a0: vérifiez-la.", champ="id_recu_le")
    else:
        yield from obstacles_de_periode(campagne, le=recu_le)


class AvecReception(models.Model):
    """How the request reached the service: on the portal, or by e-mail and then typed by an agent (AAP 2022, B; reading 5)."""

    recu_par_courriel_le = models.DateTimeField("reçu par courriel le", null=True, blank=True)
    repris_de = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="repris du dossier"
    )

    class Meta:
        abstract = True

    @property
    def est_recu_par_courriel(self):
        return self.recu_par_courriel_le is not None

    @property
    def recu_le(self):
        """Instant that counts for the deadline and for the silence of the administration; None for a draft of the portal."""
        return self.recu_par_courriel_le or self.depose_le
