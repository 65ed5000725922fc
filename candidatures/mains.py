"""Who wrote an answer, and when: read in the history, only when two people crossed."""

from dataclasses import dataclass
from datetime import datetime

from aap_portal.referentiel.formats import heure, jour


@dataclass(frozen=True)
class Main:
    """One writing: `par` is a person, or None when the history does not know."""

    par: object = None
    le: datetime | None = None

    def en_mots(self, zone):
        """« Awa Exemple, le 15 septembre 2022 à 14 h 32 »."""
        qui = str(self.par) if self.par else "une autre personne"
        if self.le is None:
            return qui
        local = self.le.astimezone(zone)
        return f"{qui}, le {jour(local)} à {heure(local)}"


def main_du_champ(objet, champ):
    """Last writing that gave this field the value that it has now."""
    dernieres = objet.historique.select_related("history_user").order_by("-history_date", "-history_id")
    trouvee = None
    for trace in dernieres.only(champ, "history_date", "history_user"):
        if trouvee is not None and getattr(trace, champ) != getattr(trouvee, champ):
            break
        trouvee = trace
    return Main(trouvee.history_user, trouvee.history_date) if trouvee else Main()


def derniere_main(*historiques):
    """Last writing of all in these histories (querysets of historical rows)."""
    traces = [h.select_related("history_user").order_by("-history_date", "-history_id").first() for h in historiques]
    traces = [trace for trace in traces if trace is not None]
    if not traces:
        return Main()
    derniere = max(traces, key=lambda trace: trace.history_date)
    return Main(derniere.history_user, derniere.history_date)
