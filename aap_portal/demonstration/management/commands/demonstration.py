import logging
from datetime import date, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings
from django.utils import timezone

from aap_portal.comptes.models import Droit, Membre
from aap_portal.demonstration.cadre import installer_cadre
from aap_portal.demonstration.histoire import Histoire, raconter_2022, raconter_aujourd_hui
from aap_portal.demonstration.personnes import COMPTES, MOT_DE_PASSE, faire_attendre, installer_personnes
from aap_portal.demonstration.structures import installer_structures

# Documents are made on the spot, each at the instant of its story, instead of by the worker afterwards.
_SUR_LE_CHAMP = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


class Command(BaseCommand):
    help = "Load the fictional data of the demonstration; run again, it keeps them and prints the accounts."

    def handle(self, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("These accounts have known passwords: set DEMONSTRATION=1, on this machine only.")
        logging.getLogger("django_tasks").setLevel(logging.WARNING)  # two lines a document otherwise
        maintenant = timezone.now()
        service, campagne_2022, campagne = installer_cadre(maintenant)
        structures = installer_structures()
        personnes = installer_personnes(service, structures)
        self._rattacher(structures, personnes["partenaire"])
        faire_attendre(structures, personnes)
        aujourd_hui = maintenant.astimezone(service.zone).date()
        with override_settings(TASKS=_SUR_LE_CHAMP):
            self._raconter(
                campagne_2022, structures, personnes, raconter_2022, lambda mois, jour: date(2022, mois, jour)
            )
            self._raconter(
                campagne, structures, personnes, raconter_aujourd_hui, lambda jours: aujourd_hui - timedelta(days=jours)
            )
        self._presenter()

    def _raconter(self, campagne, structures, personnes, recit, quand):
        if campagne.dossiers.exists():
            return
        recit(
            Histoire(campagne, structures, personnes, dire=lambda pas: self._dire(f"{campagne.annee} : {pas}")), quand
        )

    def _rattacher(self, structures, partenaire):
        """One account signs for all the structures that have none of their own."""
        for cle, structure in structures.items():
            if cle not in {"sud", "nord"}:
                Membre.objects.rattacher(partenaire, structure, Droit.SIGNATAIRE)

    def _dire(self, texte):
        self.stdout.write(f"  {texte}")
        self.stdout.flush()

    def _presenter(self):
        self.stdout.write("\nComptes de démonstration (données fictives) :")
        for compte in COMPTES:
            self.stdout.write(f"  {compte.courriel:<34} {compte.role}")
        self.stdout.write(f"  Mot de passe de tous les comptes : {MOT_DE_PASSE}\n")
