import logging

from django.core.management.base import BaseCommand, CommandError

from aap_portal.courriels.entretien import taches_periodiques

journal = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Does what is due: sends mails again, recovers interrupted tasks, removes what is dead. Run it every minute."

    def handle(self, *args, **options):
        echecs = []
        for nom, tache in taches_periodiques().items():
            try:
                bilan = tache()
            except Exception:  # one task out of order must not stop the others
                journal.exception("periodic task %s failed", nom)
                echecs.append(nom)
                continue
            if bilan or options["verbosity"] > 1:
                self.stdout.write(f"{nom}\u00a0: {bilan or 'rien à faire'}")
        if echecs:
            raise CommandError(f"en échec\u00a0: {', '.join(echecs)}")
