from collections import defaultdict
from functools import cached_property

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

from aap_portal.comptes.models.droits import Role


class UtilisateurManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email, password=None, **champs):
        utilisateur = self.model(email=email, **champs)
        utilisateur.set_password(password)
        utilisateur.save(using=self._db)
        return utilisateur

    def create_superuser(self, email, password=None, **champs):
        champs |= {"is_staff": True, "is_superuser": True}
        utilisateur = self.create_user(email, password, **champs)
        utilisateur.confirmer_adresse()
        return utilisateur

    def get_by_natural_key(self, email):
        return self.get(email=(email or "").strip().lower())


class Utilisateur(AbstractUser):
    """A person. What this person may do comes only from Membre and Habilitation, and these add up."""

    username = None
    email = models.EmailField(
        "adresse électronique",
        unique=True,
        error_messages={"unique": "Un compte existe déjà avec cette adresse électronique."},
    )
    first_name = models.CharField("prénom", max_length=150)
    last_name = models.CharField("nom", max_length=150)
    fonction = models.CharField("fonction", max_length=150, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    historique = HistoricalRecords(excluded_fields=["password", "last_login"])

    objects = UtilisateurManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = "utilisateur"
        ordering = ["last_name", "first_name", "email"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="utilisateur_email_en_minuscules",
                violation_error_message="L’adresse électronique s’écrit en minuscules.",
            )
        ]

    def __str__(self):
        return self.nom_complet

    def clean(self):
        self.email = self.email.strip().lower()

    def save(self, *args, **kwargs):
        self.email = self.email.strip().lower()
        if kwargs.get("update_fields") != ["last_login"]:
            return super().save(*args, **kwargs)
        self.skip_history_when_saving = True  # a login is not a change of the account
        try:
            super().save(*args, **kwargs)
        finally:
            del self.skip_history_when_saving

    @property
    def nom_complet(self):
        return self.get_full_name() or self.email

    @cached_property
    def roles_par_service(self):
        """{service id: {roles}}; asks nothing more once `droits_par_structure` is known."""
        return self._droits[0]

    @cached_property
    def droits_par_structure(self):
        """{structure id: droit}; asks nothing more once `roles_par_service` is known."""
        return self._droits[1]

    @cached_property
    def _droits(self):
        """Both of the above, in the one query that every page makes."""
        roles, droits = defaultdict(set), {}
        tenus = self.habilitations.filter(actif=True).values_list(models.Value(True), "service_id", "role")
        siens = self.appartenances.filter(actif=True).values_list(models.Value(False), "structure_id", "droit")
        for est_un_role, pk, nom in tenus.union(siens, all=True):
            if est_un_role:
                roles[pk].add(nom)
            else:
                droits[pk] = nom
        return dict(roles), droits

    def services(self, *roles):
        """Ids of the services where this person holds one of these roles (any role when none is named)."""
        voulus = set(roles or Role.values)
        return [service for service, tenus in self.roles_par_service.items() if tenus & voulus]

    def structures(self, *droits):
        """Ids of the structures where this person holds one of these rights (any right when none is named)."""
        return [structure for structure, droit in self.droits_par_structure.items() if not droits or droit in droits]

    @property
    def est_agent(self):
        return bool(self.services(Role.INSTRUCTEUR, Role.ADMINISTRATEUR))

    @property
    def est_administrateur(self):
        return bool(self.services(Role.ADMINISTRATEUR))

    @property
    def est_membre_copil(self):
        return bool(self.services(Role.MEMBRE_COPIL))

    @property
    def est_externe(self):
        """Sits in the COPIL or in the national committee without being an agent."""
        return bool(self.roles_par_service) and not self.est_agent

    @property
    def est_porteur(self):
        return bool(self.droits_par_structure)

    def confirmer_adresse(self):
        """Hold the address as confirmed: whoever got here read a mail sent to it, or has access to the server."""
        adresse, _ = EmailAddress.objects.update_or_create(user=self, email=self.email, defaults={"verified": True})
        adresse.set_as_primary()
