from decimal import Decimal

from django.db import models, transaction
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import AvecEtat, Campagne, Compteur, LignePoste, PlanFinancement
from aap_portal.referentiel.montants import MontantField
from candidatures.models import Dossier

from .. import echeancier
from .bilan import Bilan, IndicateurCible
from .versement import Versement


class ConventionQuerySet(models.QuerySet):
    def preparer(self, decision, *, effet_le, cibles, par):
        """Draft the convention of an acceptance: number, plan as granted, payments and due dates, nothing typed twice.

        `cibles` maps `Indicateur` to a target value. Raises ErreurMetier when something that the convention needs is missing.
        """
        from ..preparation import obstacles_a_la_convention, plan_accorde

        with transaction.atomic():
            campagne = Campagne.objects.verrouillee(decision.inscription.dossier.campagne_id)
            dossier = Dossier.objects.avec_contenu().get(pk=decision.inscription.dossier_id)
            if obstacles := obstacles_a_la_convention(decision, dossier):
                raise ErreurMetier(obstacles)
            plan = plan_accorde(decision, dossier)
            convention = self.create(
                numero=_numero(campagne),
                dossier=dossier,
                decision=decision,
                plan=plan,
                montant=decision.montant,
                assiette=plan.constat(dossier.taux).assiette,
                effet_le=effet_le,
                terme_le=echeancier.terme(effet_le, campagne.duree_mois),
            )
            convention._echeancer(campagne)
            IndicateurCible.objects.bulk_create(
                IndicateurCible(convention=convention, code=indicateur.code, metier=indicateur.metier, cible=cible)
                for indicateur, cible in cibles.items()
            )
            convention._journaliser("", Convention.Etat.PREPAREE, par=par)
        return convention

    def avec_contenu(self):
        """The whole convention in a constant number of queries: what its page and its PDF read."""
        lignes = LignePoste.objects.select_related("poste").prefetch_related("financements", "poste__communes")
        return self.avec_page().prefetch_related(
            Prefetch("plan__lignes", queryset=lignes),
            "versements",
            "bilans",
            "indicateurs",
            "dossier__campagne__plafonds",
        )

    def avec_page(self):
        """What a list shows of a convention, in one query."""
        return self.select_related("dossier__structure", "dossier__campagne__service", "decision", "document", "plan")

    def visibles_par(self, personne):
        """An agent's conventions less those of a declared conflict, and those of a person's own structures, once edited."""
        agent = Q(dossier__in=Dossier.objects.instruits_par(personne))
        porteur = Q(dossier__structure__in=personne.structures()) & ~Q(etat=Convention.Etat.PREPAREE)
        return self.filter(agent | porteur)

    def gerees_par(self, personne):
        return self.filter(dossier__in=Dossier.objects.instruits_par(personne))


class Convention(AvecEtat):
    """The agreement that follows an acceptance, for twelve months (AAP 2022, D.1; readings 8 and 29 to 31)."""

    class Etat(models.TextChoices):
        PREPAREE = "preparee", "En préparation"
        EDITEE = "editee", "Éditée"
        SIGNEE = "signee", "Signée"
        EN_COURS = "en_cours", "En cours"
        ECHUE = "echue", "Échue"
        SOLDEE = "soldee", "Soldée"
        RESILIEE = "resiliee", "Résiliée"

    TRANSITIONS = {
        Etat.PREPAREE: (Etat.EDITEE,),
        Etat.EDITEE: (Etat.SIGNEE, Etat.RESILIEE),
        Etat.SIGNEE: (Etat.EN_COURS, Etat.RESILIEE),
        Etat.EN_COURS: (Etat.ECHUE, Etat.RESILIEE),
        Etat.ECHUE: (Etat.SOLDEE, Etat.RESILIEE),
    }

    numero = models.CharField("numéro", max_length=60, unique=True)
    dossier = models.OneToOneField(
        "candidatures.Dossier", models.PROTECT, related_name="convention", verbose_name="dossier"
    )
    decision = models.OneToOneField(
        "copil.Decision", models.PROTECT, related_name="convention", verbose_name="décision"
    )
    plan = models.OneToOneField(
        PlanFinancement, models.PROTECT, related_name="convention", verbose_name="plan de financement"
    )
    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.PREPAREE)
    montant = MontantField("montant de la subvention (€)")
    assiette = MontantField("base retenue (€)")
    effet_le = models.DateField("date d’effet")
    terme_le = models.DateField("terme")
    edition_demandee_le = models.DateTimeField("édition demandée le", null=True, blank=True)
    creee_le = models.DateTimeField("créée le", auto_now_add=True)
    editee_le = models.DateTimeField("éditée le", null=True, blank=True)
    document = models.ForeignKey(
        "fichiers.Fichier", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="document"
    )
    signature_structure_le = models.DateField("signée par la structure le", null=True, blank=True)
    signature_etat_le = models.DateField("signée par l’État le", null=True, blank=True)

    objects = ConventionQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(terme_le__gt=F("effet_le")), name="convention_dates"),
            models.CheckConstraint(condition=Q(montant__gt=0), name="convention_montant_positif"),
            models.CheckConstraint(condition=Q(montant__lte=F("assiette")), name="convention_montant_sous_assiette"),
        ]

    def __str__(self):
        return f"Convention {self.numero}"

    def get_absolute_url(self):
        return reverse("conventions:convention", args=[self.numero])

    @property
    def constat(self):
        """The plan as granted, measured against the caps of the structure's legal category."""
        return self.plan.constat(self.dossier.taux)

    @property
    def avance(self):
        return self._versement(Versement.Nature.AVANCE)

    @property
    def solde(self):
        return self._versement(Versement.Nature.SOLDE)

    def _versement(self, nature):
        return next(versement for versement in self.versements.all() if versement.nature == nature)

    @property
    def limite_signature_le(self):
        """Last day to sign, from the notification of the decision (AAP 2022, D.1; reading 29)."""
        notifiee_le = self.decision.notifiee_le.astimezone(self.dossier.campagne.service.zone).date()
        return echeancier.limite_de_signature(notifiee_le, self.dossier.campagne.delai_signature_jours)

    @property
    def est_en_edition(self):
        return self.etat == self.Etat.PREPAREE and self.edition_demandee_le is not None

    @property
    def attend_signature(self):
        return self.etat == self.Etat.EDITEE

    def _echeancer(self, campagne):
        avance, solde = echeancier.partager(self.montant, Decimal(campagne.part_avance))
        self.versements.create(nature=Versement.Nature.AVANCE, montant=avance)
        self.versements.create(nature=Versement.Nature.SOLDE, montant=solde)
        self.bilans.create(
            nature=Bilan.Nature.INTERMEDIAIRE,
            attendu_le=echeancier.echeance_intermediaire(self.effet_le, campagne.bilan_intermediaire_mois),
        )
        self.bilans.create(
            nature=Bilan.Nature.ANNUEL,
            attendu_le=echeancier.echeance_annuelle(self.terme_le, campagne.bilan_annuel_avant_terme_mois),
        )

    def demander_edition(self):
        """Ask once for the document; the worker renders it, freezes it and moves the state."""
        from ..taches import editer_convention

        with transaction.atomic():
            demandees = Convention.objects.filter(pk=self.pk, etat=self.Etat.PREPAREE, edition_demandee_le=None).update(
                edition_demandee_le=timezone.now()
            )
            if not demandees:
                raise ErreurMetier.simple("deja_editee", "L’édition de cette convention est déjà demandée ou faite.")
            self.plan.figer()
            transaction.on_commit(lambda: editer_convention.enqueue(self.pk))

    def figer_document(self, fichier):
        self._passer_a(self.Etat.EDITEE, par=None, document=fichier, editee_le=timezone.now())

    def enregistrer_signature(self, partie, *, le, par):
        """Record one party's signature; the second one makes the convention signed and the advance due (AAP 2022, D.2).

        `partie` is « structure » or « etat ». Raises ErreurMetier for a date out of bounds or a second record.
        """
        champ = f"signature_{partie}_le"
        with transaction.atomic():
            convention = Convention.objects.select_for_update().get(pk=self.pk)
            convention._verifier_signature(champ, le)
            setattr(convention, champ, le)
            convention.save(update_fields=[champ])
            if convention.signature_structure_le and convention.signature_etat_le:
                convention._passer_a(self.Etat.SIGNEE, par=par)
                signee_le = max(convention.signature_structure_le, convention.signature_etat_le)
                convention.avance._passer_a(Versement.Etat.DU, par=par, du_le=signee_le)
                convention.suivre_le_calendrier(convention._aujourd_hui())
        self.refresh_from_db()

    def _verifier_signature(self, champ, le):
        if not self.attend_signature:
            raise ErreurMetier.simple("signature_etat", "Cette convention n’attend pas de signature.")
        if getattr(self, champ):
            raise ErreurMetier.simple("signature_faite", "Cette signature est déjà enregistrée.", champ="le")
        editee_le = self.editee_le.astimezone(self.dossier.campagne.service.zone).date()
        if not editee_le <= le <= self._aujourd_hui():
            raise ErreurMetier.simple(
                "signature_date",
                "La date de signature va du jour de l’édition de la convention à aujourd’hui.",
                champ="le",
            )

    def suivre_le_calendrier(self, jour):
        """Move along with the days: in force from the effect, ended after the term."""
        if self.etat == self.Etat.SIGNEE and self.effet_le <= jour:
            self._passer_a(self.Etat.EN_COURS, par=None)
        if self.etat == self.Etat.EN_COURS and self.terme_le < jour:
            self._passer_a(self.Etat.ECHUE, par=None)

    def _aujourd_hui(self):
        return timezone.now().astimezone(self.dossier.campagne.service.zone).date()


def _numero(campagne):
    """Next number by the campaign's pattern: a closed set of tokens, never a template engine."""
    rang = Compteur.objects.suivant(f"convention-{campagne.service_id}-{campagne.annee}")
    numero = campagne.motif_numero_convention
    jetons = {"{service}": campagne.service.code, "{annee}": str(campagne.annee), "{rang}": f"{rang:03d}"}
    for jeton, valeur in jetons.items():
        numero = numero.replace(jeton, valeur)
    return numero
