import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from aap_portal.comptes.models.droits import Droit, Habilitation, Membre, Role
from aap_portal.referentiel.erreurs import ErreurMetier

VALIDITE = timedelta(days=7)


def empreinte(jeton):
    """Only the fingerprint of a token is kept: the database alone opens no invitation."""
    return hashlib.sha256(jeton.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet):
    def en_cours(self):
        return self.filter(acceptee_le=None, expire_le__gt=timezone.now())

    def par_jeton(self, jeton):
        return self.filter(jeton_empreinte=empreinte(jeton)).first()

    def inviter(self, *, courriel, par, service=None, role="", structure=None, droit=""):
        """Return (invitation, clear token). An earlier invitation to the same place stops working."""
        jeton = secrets.token_urlsafe(32)
        champs = {"courriel": courriel.strip().lower(), "service": service, "role": role}
        champs |= {"structure": structure, "droit": droit}
        with transaction.atomic():
            for ancienne in self.en_cours().filter(
                courriel=champs["courriel"], service=service, structure=structure, role=role
            ):
                ancienne.annuler()
            invitation = self.create(
                jeton_empreinte=empreinte(jeton), expire_le=timezone.now() + VALIDITE, invite_par=par, **champs
            )
            invitation._envoyer(jeton)
        return invitation, jeton


class Invitation(models.Model):
    """Opens a role in a service, or a right in a structure, to whoever reads the mail: once, within seven days."""

    courriel = models.EmailField("adresse électronique")
    service = models.ForeignKey(
        "referentiel.Service", models.PROTECT, null=True, blank=True, related_name="invitations", verbose_name="service"
    )
    role = models.CharField("rôle", max_length=20, choices=Role, blank=True)
    structure = models.ForeignKey(
        "referentiel.Structure",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name="structure",
    )
    droit = models.CharField("droit", max_length=20, choices=Droit, blank=True)
    jeton_empreinte = models.CharField("empreinte du jeton", max_length=64, unique=True)
    expire_le = models.DateTimeField("expire le")
    invite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations_faites", verbose_name="invité par"
    )
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    historique = HistoricalRecords(excluded_fields=["jeton_empreinte"])

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-expire_le"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(service__isnull=False, role__in=Role.values, structure=None, droit="")
                | models.Q(service=None, role="", structure__isnull=False, droit__in=Droit.values),
                name="invitation_un_seul_objet",
                violation_error_message="Une invitation porte sur un service et un rôle, ou sur une structure et un droit.",
            )
        ]

    def __str__(self):
        return f"{self.courriel} ({self.intitule})"

    @property
    def intitule(self):
        """What is offered, in words."""
        if self.service_id:
            return f"{self.get_role_display().lower()}, {self.service}"
        return f"{self.get_droit_display().lower()}, {self.structure}"

    @property
    def est_en_cours(self):
        return self.acceptee_le is None and self.expire_le > timezone.now()

    def annuler(self):
        self.expire_le = timezone.now()
        self.save()

    def accepter(self, utilisateur):
        """Give what was offered. Of two requests at the same instant, one finds the invitation already used."""
        if utilisateur.email != self.courriel:
            raise ErreurMetier.simple(
                "autre_adresse",
                "Cette invitation a été envoyée à une autre adresse électronique que celle de votre compte.",
            )
        with transaction.atomic():
            maintenant = timezone.now()
            prise = Invitation.objects.filter(pk=self.pk, acceptee_le=None, expire_le__gt=maintenant)
            if not prise.update(acceptee_le=maintenant):
                raise ErreurMetier.simple(
                    "invitation_perimee",
                    "Cette invitation a déjà servi ou a expiré : demandez-en une nouvelle à la personne qui vous a invité.",
                )
            self.refresh_from_db()
            Invitation.historique.bulk_history_create([self], update=True, default_user=utilisateur)
            utilisateur.confirmer_adresse()
            if self.service_id:
                return Habilitation.objects.accorder(utilisateur, self.service, self.role)
            utilisateur.demandes_rattachement.filter(structure=self.structure).satisfaire(par=self.invite_par)
            return Membre.objects.rattacher(utilisateur, self.structure, self.droit)

    def _envoyer(self, jeton):
        from aap_portal.courriels.models import Courriel  # which knows the people already

        Courriel.objects.deposer(
            cle=f"comptes:invitation:{self.pk}",
            destinataire=self.courriel,
            gabarit="comptes/invitation",
            contexte={
                "intitule": self.intitule,
                "invite_par": self.invite_par.nom_complet,
                "jours": VALIDITE.days,
            },
            lien=reverse("comptes:invitation", args=[jeton]),
            service=self.service,
            confidentiel=True,
        )
