from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from aap_portal.comptes.models import Habilitation, Role, Utilisateur
from aap_portal.referentiel.donnees import charger_service


class Command(BaseCommand):
    help = "Create a service and its communes from a folder of data, and name its first administrator."

    def add_arguments(self, parser):
        parser.add_argument("service", nargs="?", default="mayotte", help="folder of aap_portal/referentiel/donnees")
        parser.add_argument("--administrateur", help="e-mail of the first administrator of the service")

    def handle(self, *, service, administrateur, **options):
        try:
            service = charger_service(service)
        except FileNotFoundError:
            raise CommandError(f"There is no folder of data named « {service} ».") from None
        self.stdout.write(f"{service}: {service.communes.count()} communes.")
        if administrateur:
            self._nommer(administrateur.strip().lower(), service)

    def _nommer(self, courriel, service):
        personne = Utilisateur.objects.filter(email=courriel).first()
        if personne is None:
            personne = Utilisateur.objects.create_user(courriel, first_name="À compléter", last_name="À compléter")
            personne.confirmer_adresse()
        for role in (Role.ADMINISTRATEUR, Role.INSTRUCTEUR):
            Habilitation.objects.get_or_create(utilisateur=personne, service=service, role=role)
        personne.is_staff = personne.is_superuser = True
        personne.save()
        self.stdout.write(
            f"{courriel} administers {service}: choose the password with « Mot de passe oublié » on {settings.SITE_URL}."
        )
