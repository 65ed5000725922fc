from django.db import models


class AvecExamen(models.Model):
    """What the committee's room makes of a dossier: put on an agenda, examined, decided (AAP 2022, C.1)."""

    class Meta:
        abstract = True

    def inscrire(self, *, par, motif=""):
        """Put on an agenda; one that was adjourned becomes recevable again on the way. Not while complements are awaited."""
        self._exiger_aucune_attente()
        if self.etat == self.Etat.AJOURNE:
            self._passer_a(self.Etat.RECEVABLE, par=par, motif="Reprise après ajournement.")
        self._passer_a(self.Etat.INSCRIT, par=par, motif=motif)

    def desinscrire(self, *, par, motif=""):
        self._passer_a(self.Etat.RECEVABLE, par=par, motif=motif)

    def clore_examen(self, *, par):
        self._passer_a(self.Etat.EXAMINE, par=par)

    def decider(self, sens, *, par, motif=""):
        """Take the state of a decision: accepté, refusé or ajourné. The structure is not told by this."""
        self._passer_a(self.Etat(sens), par=par, motif=motif)

    def rouvrir_examen(self, *, par, motif=""):
        """Back to examiné, so that a decision which nobody was told of may be corrected."""
        self._passer_a(self.Etat.EXAMINE, par=par, motif=motif)
