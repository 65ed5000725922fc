from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from aap_portal.comptes.models.droits import Droit, Membre
from aap_portal.comptes.suivi import services_suivant, structures_suivies
from aap_portal.referentiel.erreurs import ErreurMetier


class DemandeRattachementQuerySet(models.QuerySet):
    def en_attente(self):
        return self.filter(etat=DemandeRattachement.Etat.EN_ATTENTE)

    def traitables_par(self, personne):
        """An agent answers for the structures of their services, a signataire for their own; nobody answers themselves."""
        signees = Q(structure__in=personne.structures(Droit.SIGNATAIRE))
        return self.filter(signees | Q(structure__in=structures_suivies(personne))).exclude(utilisateur=personne)

    def demander(self, utilisateur, structure):
        """Ask once: a second request to the same structure finds the first one. Whoever may answer is told."""
        with transaction.atomic():
            demande, creee = self.get_or_create(
                utilisateur=utilisateur, structure=structure, etat=DemandeRattachement.Etat.EN_ATTENTE
            )
            if creee:
                demande._prevenir()
        return demande

    def satisfaire(self, *, par):
        """Close as accepted what is pending here: an invitation gave the same thing, the person knows it."""
        for demande in self.en_attente():
            demande._clore(DemandeRattachement.Etat.ACCEPTEE, par=par)


class DemandeRattachement(models.Model):
    class Etat(models.TextChoices):
        EN_ATTENTE = "en_attente", "En attente"
        ACCEPTEE = "acceptee", "Acceptée"
        REFUSEE = "refusee", "Refusée"

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="demandes_rattachement", verbose_name="demandeur"
    )
    structure = models.ForeignKey(
        "referentiel.Structure", models.PROTECT, related_name="demandes_rattachement", verbose_name="structure"
    )
    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.EN_ATTENTE)
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    traitee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="demandes_rattachement_traitees",
        verbose_name="traitée par",
    )
    traitee_le = models.DateTimeField("traitée le", null=True, blank=True)
    historique = HistoricalRecords()

    objects = DemandeRattachementQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de rattachement"
        verbose_name_plural = "demandes de rattachement"
        ordering = ["demandee_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "structure"],
                condition=models.Q(etat="en_attente"),
                name="demande_en_attente_unique",
                violation_error_message="Une demande est déjà en attente pour cette structure.",
            ),
            models.CheckConstraint(
                condition=models.Q(etat="en_attente", traitee_par=None, traitee_le=None)
                | models.Q(etat__in=["acceptee", "refusee"], traitee_par__isnull=False, traitee_le__isnull=False),
                name="demande_traitee_par_quelqu_un",
            ),
        ]

    def __str__(self):
        return f"{self.utilisateur} → {self.structure}"

    def accepter(self, *, par, droit):
        with transaction.atomic():
            self._repondre(self.Etat.ACCEPTEE, par=par)
            return Membre.objects.rattacher(self.utilisateur, self.structure, droit)

    def refuser(self, *, par):
        with transaction.atomic():
            self._repondre(self.Etat.REFUSEE, par=par)

    def _clore(self, etat, *, par):
        attente = DemandeRattachement.objects.en_attente().filter(pk=self.pk)
        if not attente.update(etat=etat, traitee_par=par, traitee_le=timezone.now()):
            raise ErreurMetier.simple("demande_traitee", "Une réponse a déjà été donnée à cette demande.")
        self.refresh_from_db()
        DemandeRattachement.historique.bulk_history_create([self], update=True, default_user=par)

    def _repondre(self, etat, *, par):
        from aap_portal.courriels.models import Courriel  # which knows the people already

        if par == self.utilisateur:
            raise ErreurMetier.simple("sa_propre_demande", "Personne ne répond à sa propre demande de rattachement.")
        self._clore(etat, par=par)
        Courriel.objects.deposer(
            cle=f"comptes:demande-reponse:{self.pk}",
            destinataire=self.utilisateur.email,
            gabarit="comptes/demande_reponse",
            contexte={"structure": str(self.structure), "acceptee": etat == self.Etat.ACCEPTEE},
            lien=reverse("accueil"),
        )

    def _prevenir(self):
        """The signataires; without any, the structure for its information and the services that answer in their place."""
        page = reverse("comptes:structure", args=[self.structure_id])
        signataires = Membre.objects.signataires(self.structure_id).values_list("utilisateur__email", flat=True)
        for rang, adresse in enumerate(sorted(signataires) or [self.structure.courriel], start=1):
            self._ecrire(adresse, f"{rang}", "comptes/demande", page, sans_signataire=not signataires)
        if not signataires:
            for service in services_suivant(self.structure):
                lien = reverse("comptes:demandes")
                rang = f"service-{service.pk}"
                self._ecrire(service.courriel, rang, "comptes/demande_au_service", lien, service=service)

    def _ecrire(self, adresse, rang, gabarit, lien, service=None, **contexte):
        from aap_portal.courriels.models import Courriel  # which knows the people already

        Courriel.objects.deposer(
            cle=f"comptes:demande:{self.pk}:{rang}",
            destinataire=adresse,
            gabarit=gabarit,
            contexte={"structure": str(self.structure), "demandeur": self.utilisateur.nom_complet} | contexte,
            lien=lien,
            service=service,
        )
