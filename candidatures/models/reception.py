from django.db import models


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
