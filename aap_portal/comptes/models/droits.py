"""What people may do: in a structure (Membre), in a service of the State (Habilitation)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier


class Droit(models.TextChoices):
    LECTEUR = "lecteur", "Lecteur"
    REDACTEUR = "redacteur", "Rédacteur"
    SIGNATAIRE = "signataire", "Signataire"


class Role(models.TextChoices):
    INSTRUCTEUR = "instructeur", "Instructeur"
    MEMBRE_COPIL = "membre_copil", "Membre du COPIL"
    COMITE_NATIONAL = "comite_national", "Comité national"
    ADMINISTRATEUR = "administrateur", "Administrateur"


class MembreManager(models.Manager):
    def signataires(self, structure_id):
        """Those who can commit the structure today: a closed account signs nothing."""
        return self.filter(structure=structure_id, droit=Droit.SIGNATAIRE, actif=True, utilisateur__is_active=True)

    def rattacher(self, utilisateur, structure, droit):
        """Make this person a member; a member already there keeps the higher of the two rights."""
        with transaction.atomic():
            membre = self.select_for_update().filter(utilisateur=utilisateur, structure=structure, actif=True).first()
            if membre is None:
                return self.create(utilisateur=utilisateur, structure=structure, droit=droit)
            if Droit.values.index(droit) > Droit.values.index(membre.droit):
                membre.droit = droit
                membre.save()
            return membre


class Membre(models.Model):
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="appartenances", verbose_name="utilisateur"
    )
    structure = models.ForeignKey(
        "referentiel.Structure", models.PROTECT, related_name="membres", verbose_name="structure"
    )
    droit = models.CharField("droit", max_length=20, choices=Droit)
    actif = models.BooleanField("actif", default=True)
    historique = HistoricalRecords()

    objects = MembreManager()

    class Meta:
        verbose_name = "membre d’une structure"
        verbose_name_plural = "membres des structures"
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "structure"],
                condition=models.Q(actif=True),
                name="membre_actif_unique",
                violation_error_message="Cette personne est déjà membre de la structure.",
            ),
            models.CheckConstraint(condition=models.Q(droit__in=Droit.values), name="membre_droit_connu"),
        ]

    def __str__(self):
        return f"{self.utilisateur} ({self.get_droit_display().lower()}, {self.structure})"

    def clean(self):
        """The administration site writes members too, within the same rule."""
        if self.pk and not (self.actif and self.droit == Droit.SIGNATAIRE):
            try:
                self._exiger_un_autre_signataire()
            except ErreurMetier as erreur:
                raise ValidationError(str(erreur)) from None

    def changer_droit(self, droit):
        with transaction.atomic():
            self._verrouiller()
            if droit != Droit.SIGNATAIRE:
                self._exiger_un_autre_signataire()
            self.droit = droit
            self.save()

    def retirer(self, *, par):
        """Take this person out. Drafts, pieces and invitations stay to the structure; no open link leads back in."""
        with transaction.atomic():
            self._verrouiller()
            self._exiger_un_autre_signataire()
            self.actif = False
            self.save()
            for invitation in self.structure.invitations.en_cours().filter(courriel=self.utilisateur.email):
                invitation.annuler()
            if par != self.utilisateur:
                self._prevenir()

    def _verrouiller(self):
        """Lock the structure: two signataires may not remove each other at the same instant."""
        type(self.structure).objects.select_for_update().get(pk=self.structure_id)
        self.refresh_from_db()
        if not self.actif:
            raise ErreurMetier.simple("membre_parti", "Cette personne n’est déjà plus membre de la structure.")

    def _exiger_un_autre_signataire(self):
        """A structure that has a signataire keeps one."""
        signataires = Membre.objects.signataires(self.structure_id)
        if signataires.filter(pk=self.pk).exists() and not signataires.exclude(pk=self.pk).exists():
            raise ErreurMetier.simple(
                "dernier_signataire",
                "Une structure garde toujours au moins un signataire : nommez d’abord un autre signataire.",
            )

    def _prevenir(self):
        from aap_portal.courriels.models import Courriel  # which knows the people already

        Courriel.objects.deposer(
            cle=f"comptes:membre-retire:{self.pk}",
            destinataire=self.utilisateur.email,
            gabarit="comptes/membre_retire",
            contexte={"structure": str(self.structure)},
            lien=reverse("accueil"),
        )


class HabilitationManager(models.Manager):
    def accorder(self, utilisateur, service, role):
        habilitation, creee = self.get_or_create(utilisateur=utilisateur, service=service, role=role)
        if not creee and not habilitation.actif:
            habilitation.actif = True
            habilitation.save()
        return habilitation


class Habilitation(models.Model):
    """A role in a service. Each change leaves a row in its history: who gave or took which role, when."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="habilitations", verbose_name="utilisateur"
    )
    service = models.ForeignKey(
        "referentiel.Service", models.PROTECT, related_name="habilitations", verbose_name="service"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)
    actif = models.BooleanField("actif", default=True)
    historique = HistoricalRecords()

    objects = HabilitationManager()

    class Meta:
        verbose_name = "habilitation"
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "service", "role"],
                name="habilitation_unique",
                violation_error_message="Cette personne a déjà ce rôle dans ce service.",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="habilitation_role_connu"),
        ]

    def __str__(self):
        return f"{self.utilisateur} ({self.get_role_display().lower()}, {self.service})"

    def desactiver(self):
        """Take this role away; no open link gives it back."""
        with transaction.atomic():
            type(self.service).objects.select_for_update().get(pk=self.service_id)
            autres = Habilitation.objects.filter(
                service=self.service_id, role=Role.ADMINISTRATEUR, actif=True, utilisateur__is_active=True
            )
            if self.role == Role.ADMINISTRATEUR and not autres.exclude(pk=self.pk).exists():
                raise ErreurMetier.simple(
                    "dernier_administrateur",
                    "Un service garde toujours au moins un administrateur : nommez d’abord un autre administrateur.",
                )
            self.actif = False
            self.save()
            ouvertes = self.service.invitations.en_cours().filter(role=self.role, courriel=self.utilisateur.email)
            for invitation in ouvertes:
                invitation.annuler()
