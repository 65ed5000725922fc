from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.utils import timezone
from simple_history.models import HistoricalRecords

from .. import plafonds
from ..erreurs import ErreurMetier
from ..montants import EtpField, MontantField


class Metier(models.TextChoices):
    FACILITATEUR = "facilitateur", "Facilitateur"
    COORDINATEUR = "coordinateur", "Coordinateur"


class Nature(models.TextChoices):
    """What is asked for a post (AAP 2022, title and B.2-1; reading 15)."""

    CREATION = plafonds.NATURE_CREATION, "Création"
    AUGMENTATION = plafonds.NATURE_AUGMENTATION, "Augmentation de quotité"
    CONSOLIDATION = plafonds.NATURE_CONSOLIDATION, "Consolidation"
    EXISTANT = plafonds.NATURE_EXISTANT, "Poste existant, sans demande"


class Source(models.TextChoices):
    """Who pays. « État » is the first two only: European money is not State money (reading 11)."""

    AAP = plafonds.SOURCE_AAP, "État : subvention demandée à cet appel à projets"
    ETAT_AUTRE = plafonds.SOURCE_ETAT_AUTRE, "État : autre subvention"
    REGION_DEPARTEMENT = "region_departement", "Département-Région"
    EPCI = "epci", "Intercommunalité"
    COMMUNE = "commune", "Commune"
    ORGANISME_SOCIAL = "organisme_social", "Organisme social (CAF…)"
    EUROPE = "europe", "Fonds européens (FSE, FEDER…)"
    ASP = "asp", "Agence de services et de paiement (emplois aidés)"
    AUTRE_PUBLIC = "autre_public", "Autre établissement public"
    PRIVE = "prive", "Aide privée (fondation, entreprise)"
    FONDS_PROPRES = "fonds_propres", "Fonds propres"

    @property
    def est_a_nommer(self):
        """« Commune » does not say which one: every source is named (AAP 2022, B.2-3; reading 10)."""
        return self in {
            Source.ETAT_AUTRE,
            Source.EPCI,
            Source.COMMUNE,
            Source.ORGANISME_SOCIAL,
            Source.EUROPE,
            Source.AUTRE_PUBLIC,
            Source.PRIVE,
        }


class PosteETPQuerySet(models.QuerySet):
    def connus(self):
        """Posts that a filed request names, or that were recorded without one: a draft tells nothing to others."""
        lignes = LignePoste.objects.filter(poste=OuterRef("pk"))
        return self.filter(~Exists(lignes) | Exists(lignes.exclude(plan__fige_le=None)))

    def en_place(self, le):
        """Known posts at work on that day, each with its last known quota as `quotite` (None when nobody told it)."""
        derniere = (
            LignePoste.objects.filter(poste=OuterRef("pk")).exclude(plan__fige_le=None).order_by("-plan__fige_le")
        )
        return (
            self.connus()
            .filter(Q(fin_le=None) | Q(fin_le__gte=le), debut_le__lte=le)
            .annotate(
                quotite=Subquery(
                    derniere.annotate(
                        tenue=Case(When(quotite_avant__gt=0, then=F("quotite_avant")), default=F("quotite_apres"))
                    ).values("tenue")[:1]
                )
            )
        )


class PosteETP(models.Model):
    """The durable post: asked for, scored, funded and reported on, always this same row."""

    structure = models.ForeignKey(
        "referentiel.Structure", models.PROTECT, related_name="postes", verbose_name="structure"
    )
    metier = models.CharField("métier", max_length=20, choices=Metier)
    intitule = models.CharField("intitulé du poste", max_length=120)
    titulaire = models.CharField(
        "titulaire", max_length=120, blank=True, help_text="Laissez vide si le poste est à pourvoir."
    )
    communes = models.ManyToManyField(
        "referentiel.Commune", blank=True, related_name="postes", verbose_name="communes couvertes"
    )
    debut_le = models.DateField("début du poste", null=True, blank=True)
    fin_le = models.DateField("fin du poste", null=True, blank=True)
    marche_inclusion_le = models.DateField("inscription au Marché de l’inclusion", null=True, blank=True)

    objects = PosteETPQuerySet.as_manager()
    historique = HistoricalRecords(m2m_fields=[communes])

    class Meta:
        verbose_name = "poste"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(debut_le=None) | Q(fin_le=None) | Q(fin_le__gte=F("debut_le")),
                name="poste_dates",
                violation_error_message="La fin du poste doit suivre son début.",
            )
        ]

    def __str__(self):
        return f"{self.intitule} ({self.get_metier_display().lower()})"


class PlanFinancement(models.Model):
    """The posts of one request and who pays them; frozen at filing and at signature, never edited afterwards."""

    campagne = models.ForeignKey("referentiel.Campagne", models.PROTECT, related_name="+", verbose_name="campagne")
    mois = models.PositiveSmallIntegerField("durée en mois")
    fige_le = models.DateTimeField("figé le", null=True, blank=True)

    historique = HistoricalRecords()

    def __str__(self):
        return f"Plan de financement {self.pk}"

    @property
    def est_fige(self):
        return self.fige_le is not None

    def figer(self):
        self.fige_le = timezone.now()
        self.save(update_fields=["fige_le"])

    def exiger_modifiable(self):
        if self.est_fige:
            raise ErreurMetier.simple("plan_fige", "Ce plan de financement est figé : il ne peut plus être modifié.")

    def lignes_demandees(self):
        """Lines asked for, as `plafonds.Ligne`; posts that exist without a request are not among them."""
        return [ligne.mesurer(self.mois) for ligne in self.lignes.all() if ligne.est_demandee]

    def constat(self, taux):
        return plafonds.Constat(tuple(self.lignes_demandees()), taux)

    def copier(self):
        """A plan of the same posts and sources, open again: a convention or a next request starts from it."""
        with transaction.atomic():
            copie = PlanFinancement.objects.create(campagne=self.campagne, mois=self.mois)
            for ligne in self.lignes.prefetch_related("financements"):
                financements = list(ligne.financements.all())
                ligne.pk, ligne.plan = None, copie
                ligne._state.adding = True
                ligne.save()
                for financement in financements:
                    financement.pk, financement.ligne = None, ligne
                    financement._state.adding = True
                    financement.save()
        return copie


class LignePoste(models.Model):
    """What one request says of one post: kind, quota before and after, loaded cost at full time over 12 months."""

    plan = models.ForeignKey(PlanFinancement, models.CASCADE, related_name="lignes", verbose_name="plan")
    poste = models.ForeignKey(PosteETP, models.PROTECT, related_name="lignes", verbose_name="poste")
    nature = models.CharField("demande", max_length=20, choices=Nature)
    quotite_avant = EtpField("quotité actuelle (ETP)", default=plafonds.ZERO)
    quotite_apres = EtpField("quotité prévue (ETP)")
    cout_annuel = MontantField(
        "coût annuel chargé à temps plein (€)",
        help_text="Salaire brut et charges patronales sur 12 mois, pour un temps plein (compte 64).",
    )
    motif_baisse = models.TextField("raison de la baisse d’un financement existant", blank=True)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "poste demandé"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "poste"],
                name="ligne_poste_unique",
                violation_error_message="Ce poste est déjà dans la demande.",
            ),
            models.CheckConstraint(
                condition=Q(quotite_avant__gte=0, quotite_apres__gt=0, quotite_apres__lte=1, quotite_avant__lte=1),
                name="ligne_poste_quotites",
                violation_error_message="La quotité d’un poste va de 0,01 à 1 ETP.",
            ),
            models.CheckConstraint(
                condition=Q(cout_annuel__gt=0),
                name="ligne_poste_cout",
                violation_error_message="Le coût annuel doit être supérieur à zéro.",
            ),
            models.CheckConstraint(
                condition=~Q(nature="creation") | Q(quotite_avant=0),
                name="ligne_poste_creation",
                violation_error_message="Un poste créé n’a pas de quotité actuelle : saisissez 0, ou choisissez « augmentation ».",
            ),
            models.CheckConstraint(
                condition=~Q(nature="augmentation") | Q(quotite_apres__gt=F("quotite_avant")),
                name="ligne_poste_augmentation",
                violation_error_message="Une augmentation suppose une quotité prévue supérieure à la quotité actuelle.",
            ),
        ]

    def __str__(self):
        return f"{self.poste} : {self.get_nature_display()}"

    @property
    def est_demandee(self):
        return self.nature != Nature.EXISTANT

    def mesurer(self, mois):
        sources = {}
        for financement in self.financements.all() if self.pk else ():
            sources[financement.source] = sources.get(financement.source, plafonds.ZERO) + financement.montant
        return plafonds.Ligne(
            cle=str(self.pk),
            libelle=self.poste.intitule,
            nature=self.nature,
            quotite_avant=self.quotite_avant,
            quotite_apres=self.quotite_apres,
            cout_annuel=self.cout_annuel,
            mois=mois,
            sources=sources,
        )

    def maintien(self, annee):
        """Present funding of a post that exists, the year before `annee`, that year, and the next one when it is told."""
        montants = {}
        for financement in self.financements.all() if self.pk else ():
            if financement.annee is not None:
                cle = (financement.source, financement.precision)
                montants.setdefault(cle, {})[financement.annee] = financement.montant
        return plafonds.Maintien(montants, (annee - 1, annee), annee + 1)


class FinancementPoste(models.Model):
    """Who pays what for a post: over the request's months when asked for, by civil year when it exists already."""

    class Etat(models.TextChoices):
        SOLLICITE = "sollicite", "Sollicité"
        ACQUIS = "acquis", "Acquis"

    ligne = models.ForeignKey(LignePoste, models.CASCADE, related_name="financements", verbose_name="poste demandé")
    source = models.CharField("financeur", max_length=20, choices=Source)
    precision = models.CharField("nom du financeur", max_length=120, blank=True)
    annee = models.PositiveSmallIntegerField("année", null=True, blank=True)
    montant = MontantField("montant (€)")
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.SOLLICITE)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "financement"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gte=0),
                name="financement_positif",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
            models.UniqueConstraint(
                fields=["ligne", "source", "precision"],
                condition=Q(annee=None),
                name="financement_unique",
                violation_error_message="Ce financeur est déjà cité pour ce poste.",
            ),
            models.UniqueConstraint(
                fields=["ligne", "source", "precision", "annee"],
                condition=Q(annee__isnull=False),
                name="financement_annuel_unique",
                violation_error_message="Ce financeur est déjà cité pour ce poste et cette année.",
            ),
        ]

    def __str__(self):
        return f"{self.get_source_display()} : {self.montant} €"

    @property
    def est_anonyme(self):
        return bool(self.montant) and Source(self.source).est_a_nommer and not self.precision.strip()
