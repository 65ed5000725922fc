import re
from datetime import timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from .. import plafonds, prolongation
from ..engagements import engage
from ..formats import euros
from ..montants import EtpField, MontantField
from .structure import Structure

# Share of the grant, share of all State money (AAP 2022, B.2-3; readings 10 to 12).
TAUX_DU_TEXTE = {
    Structure.Categorie.ASSOCIATION: (Decimal("0.7"), None),
    Structure.Categorie.COLLECTIVITE: (Decimal("0.8"), Decimal("0.8")),
}
_POURCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]


def valider_motif_numero(valeur):
    sans_jetons = valeur.replace("{service}", "").replace("{annee}", "").replace("{rang}", "")
    if "{rang}" not in valeur or not re.fullmatch(r"[A-Za-z0-9_.-]*", sans_jetons):
        raise ValidationError(
            "Le modèle contient {rang}, au choix {service} et {annee}, et sinon des lettres sans accent, chiffres, tirets.",
            code="motif_numero",
        )


class CampagneQuerySet(models.QuerySet):
    def verrouillee(self, pk):
        """The campaign's row, locked to the end of the transaction: whatever commits its money or its deadline."""
        return self.select_for_update().get(pk=pk)

    def ouvertes(self, le):
        return self.filter(ouverture_le__lte=le, cloture_le__gt=le)


class Campagne(models.Model):
    """One call of one service for one year, and all its numbers (AAP 2022; readings 4, 6, 8, 10, 14, 26, 29, 31 to 34)."""

    class HorsDelai(models.TextChoices):
        GARDER = "garder", "Gardé et signalé hors délai, un agent décide"
        REFUSER = "refuser", "Refusé"

    service = models.ForeignKey("referentiel.Service", models.PROTECT, related_name="campagnes", verbose_name="service")
    annee = models.PositiveSmallIntegerField("année")
    titre = models.CharField("titre", max_length=200)
    ouverture_le = models.DateTimeField("ouverture des dépôts")
    cloture_le = models.DateTimeField(
        "clôture des dépôts", help_text="Instant exclu : un dépôt à cet instant précis est déjà hors délai."
    )
    cloture_initiale_le = models.DateTimeField("première clôture annoncée", null=True, blank=True, editable=False)
    prolongee_le = models.DateTimeField("prolongée le", null=True, blank=True, editable=False)
    motif_prolongation = models.TextField("motif de la prolongation", blank=True, editable=False)
    depot_hors_delai = models.CharField("dépôt hors délai", max_length=10, choices=HorsDelai, default=HorsDelai.GARDER)
    enveloppe = MontantField(
        "enveloppe (€)", null=True, blank=True, help_text="Vide : l’enveloppe n’est pas contrôlée, et c’est affiché."
    )
    cible_creation_facilitateur = EtpField("cible : ETP de facilitateurs créés", null=True, blank=True)
    cible_creation_coordinateur = EtpField("cible : ETP de coordinateurs créés", null=True, blank=True)
    cible_consolidation_facilitateur = EtpField("cible : ETP de facilitateurs consolidés", null=True, blank=True)
    cible_consolidation_coordinateur = EtpField("cible : ETP de coordinateurs consolidés", null=True, blank=True)
    etp_minimum = EtpField("ETP minimum d’un projet", default=Decimal("0.50"))
    seuil_certification = MontantField(
        "subventions publiques annuelles au-delà desquelles les comptes sont certifiés (€)",
        default=Decimal("153000.00"),
    )
    delai_rejet_implicite_mois = models.PositiveSmallIntegerField("silence valant rejet (mois)", default=2)
    delai_complement_jours = models.PositiveSmallIntegerField("délai pour compléter un dossier (jours)", default=15)
    part_avance = models.DecimalField(
        "part de l’avance", max_digits=5, decimal_places=4, default=Decimal("0.5"), validators=_POURCENT
    )
    delai_signature_jours = models.PositiveSmallIntegerField("délai de signature (jours)", default=15)
    duree_mois = models.PositiveSmallIntegerField("durée d’une convention (mois)", default=12)
    reconductions_max = models.PositiveSmallIntegerField("reconductions au plus", default=2)
    bilan_intermediaire_mois = models.PositiveSmallIntegerField("mois du rapport intermédiaire", default=6)
    bilan_annuel_avant_terme_mois = models.PositiveSmallIntegerField("rapport annuel : mois avant le terme", default=2)
    motif_numero_convention = models.CharField(
        "modèle de numéro de convention",
        max_length=60,
        default="{service}-CSI-{annee}-{rang}",
        help_text="Lettres, chiffres, tirets, et les jetons {service}, {annee} et {rang} ; {rang} est obligatoire.",
        validators=[valider_motif_numero],
    )
    imputation_budgetaire = models.CharField("imputation budgétaire", max_length=250, blank=True)
    texte = models.TextField("présentation aux candidats", blank=True)

    objects = CampagneQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        ordering = ["-annee", "titre"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ouverture_le__lt=F("cloture_le")),
                name="campagne_dates",
                violation_error_message="La clôture doit suivre l’ouverture.",
            ),
            models.UniqueConstraint(
                fields=["service", "annee", "titre"],
                name="campagne_unique",
                violation_error_message="Ce service a déjà une campagne de cette année et de ce titre.",
            ),
        ]

    def __str__(self):
        return f"{self.titre} ({self.annee})"

    def clean(self):
        """The envelope never falls under what is granted already."""
        accorde = engage(self) if self.pk and self.enveloppe is not None else 0
        if accorde and self.enveloppe < accorde:
            phrase = (
                f"{euros(accorde)} sont déjà accordés dans cette campagne : l’enveloppe ne peut pas être plus basse."
            )
            raise ValidationError({"enveloppe": phrase})

    def est_ouverte(self, le):
        """Half-open: a filing at the closing instant is already late (AAP 2022, C.2; reading 6)."""
        return self.ouverture_le <= le < self.cloture_le

    def prolonger(self, *, jusqu_a, motif, par):
        """Put the closing off, in one act: a reason that everybody reads, kept in the history (AAP 2022, C.2; reading 6).

        A campaign may be opened again after its closing; its closing is never brought forward. Sent twice, it is done
        once. Raises ErreurMetier.
        """
        with transaction.atomic():
            campagne = Campagne.objects.verrouillee(self.pk)
            motif = motif.strip()
            if (jusqu_a, motif) != (campagne.cloture_le, campagne.motif_prolongation):
                prolongation.exiger_possible(campagne, jusqu_a, motif, le=timezone.now())
                campagne._prolonger(jusqu_a, motif, par)
        self.refresh_from_db()

    def _prolonger(self, jusqu_a, motif, par):
        self.cloture_initiale_le = self.cloture_initiale_le or self.cloture_le
        self.cloture_le, self.prolongee_le, self.motif_prolongation = jusqu_a, timezone.now(), motif
        self._history_user, self._change_reason = par, motif[:100]
        self.save()
        prolongation.suites(self, par=par)

    def taux(self, categorie):
        """Rates of a legal category; one without a row follows the association's."""
        par_categorie = {plafond.categorie: plafond for plafond in self.plafonds.all()}
        plafond = par_categorie.get(categorie) or par_categorie[Structure.Categorie.ASSOCIATION]
        return plafonds.Taux(plafond.taux_aap, plafond.taux_etat)

    def reprendre_plafonds(self, modele=None):
        """Give this campaign the rates of another one, those of the text where it has none."""
        taux = (
            {plafond.categorie: (plafond.taux_aap, plafond.taux_etat) for plafond in modele.plafonds.all()}
            if modele
            else {}
        )
        for categorie in Structure.Categorie:
            aap, etat = taux.get(categorie) or TAUX_DU_TEXTE.get(
                categorie, TAUX_DU_TEXTE[Structure.Categorie.ASSOCIATION]
            )
            self.plafonds.get_or_create(categorie=categorie, defaults={"taux_aap": aap, "taux_etat": etat})

    @property
    def dernier_instant(self):
        """The last minute of filing, as it is announced: 31 October 0 h is shown « 30 octobre à 23 h 59 »."""
        return self.cloture_le - timedelta(minutes=1)

    @property
    def est_close(self):
        return timezone.now() >= self.cloture_le


class PlafondCategorie(models.Model):
    """The two rates of a legal category in a campaign (AAP 2022, B.2-3; readings 10 to 12)."""

    campagne = models.ForeignKey(Campagne, models.CASCADE, related_name="plafonds", verbose_name="campagne")
    categorie = models.CharField("statut juridique", max_length=20, choices=Structure.Categorie)
    taux_aap = models.DecimalField(
        "part de la subvention de l’AAP", max_digits=5, decimal_places=4, validators=_POURCENT
    )
    taux_etat = models.DecimalField(
        "part de tout l’État",
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=_POURCENT,
        help_text="Vide : pas de seconde limite.",
    )

    historique = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campagne", "categorie"], name="plafond_categorie_unique")]
        ordering = ["categorie"]

    def __str__(self):
        return f"{self.get_categorie_display()} : {self.taux_aap}"
