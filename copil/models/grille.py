from decimal import Decimal

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords


class Grille(models.Model):
    """A version of the scoring grid of a campaign; frozen when a session that uses it opens (AAP 2022, Annexe 4)."""

    campagne = models.ForeignKey(
        "referentiel.Campagne", models.PROTECT, related_name="grilles", verbose_name="campagne"
    )
    version = models.PositiveSmallIntegerField("version", default=1)
    titre = models.CharField("titre", max_length=120)
    pas = models.DecimalField("pas de notation (points)", max_digits=3, decimal_places=2, default=Decimal("0.5"))
    total = models.PositiveSmallIntegerField("total annoncé", default=100)
    ecart_signale = models.PositiveSmallIntegerField(
        "écart signalé (points)",
        default=20,
        help_text="Écart entre la plus haute et la plus basse note d’un dossier à partir duquel il est signalé.",
    )
    priorite_porteuses = models.BooleanField(
        "à note égale, les structures déjà porteuses d’abord", default=True, help_text="AAP 2022, B."
    )
    figee_le = models.DateTimeField("figée le", null=True, blank=True)

    historique = HistoricalRecords()

    class Meta:
        ordering = ["campagne", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["campagne", "version"], name="grille_version_unique"),
            models.CheckConstraint(condition=Q(pas__gt=0), name="grille_pas_positif"),
        ]

    def __str__(self):
        return f"{self.titre}, version {self.version}"

    @property
    def pas_net(self):
        """« 0,5 » rather than « 0,50 »."""
        return self.pas.normalize()

    @property
    def est_figee(self):
        return self.figee_le is not None

    @property
    def criteres(self):
        return [critere for bloc in self.blocs.all() for critere in bloc.criteres.all()]

    @property
    def somme(self):
        """What the criteria really add up to; the announced total must be the same."""
        return sum(critere.maximum for critere in self.criteres)


class BlocGrille(models.Model):
    grille = models.ForeignKey(Grille, models.CASCADE, related_name="blocs", verbose_name="grille")
    ordre = models.PositiveSmallIntegerField("ordre")
    titre = models.CharField("titre", max_length=150)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "bloc de critères"
        verbose_name_plural = "blocs de critères"
        ordering = ["ordre"]
        constraints = [models.UniqueConstraint(fields=["grille", "ordre"], name="bloc_ordre_unique")]

    def __str__(self):
        return self.titre

    @property
    def maximum(self):
        return sum(critere.maximum for critere in self.criteres.all())


class Critere(models.Model):
    bloc = models.ForeignKey(BlocGrille, models.CASCADE, related_name="criteres", verbose_name="bloc")
    ordre = models.PositiveSmallIntegerField("ordre")
    intitule = models.CharField("intitulé", max_length=250)
    maximum = models.PositiveSmallIntegerField("maximum (points)")
    consigne = models.TextField("consigne", blank=True)
    motif_obligatoire = models.BooleanField("motif obligatoire", default=True)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "critère"
        ordering = ["ordre"]
        constraints = [
            models.UniqueConstraint(fields=["bloc", "ordre"], name="critere_ordre_unique"),
            models.CheckConstraint(condition=Q(maximum__gt=0), name="critere_maximum_positif"),
        ]

    def __str__(self):
        return self.intitule
