from datetime import timedelta

from django.db import models
from django.db.models import prefetch_related_objects
from django.utils import timezone

from aap_portal.referentiel.erreurs import ErreurMetier

from ..delais import rejet_implicite
from ..ouverture import Ouverture
from ..pieces import Exigence


class AvecComplements(models.Model):
    """What a filed dossier waits for from its structure, what that opens, and what it does to the clock."""

    class Meta:
        abstract = True

    @property
    def demandes_lues(self):
        """Its requests with their points, read once; a draft has none and asks nothing."""
        if self.pk is None or self.est_brouillon:
            return ()
        prefetch_related_objects([self], "demandes__points")
        return self.demandes.all()

    @property
    def demande_ouverte(self):
        """The request for complements that waits for its answer, if any."""
        for demande in self.demandes_lues:
            if demande.est_ouverte:
                return demande
        return None

    @property
    def est_completable(self):
        """Filed, and open for what a request names (AAP 2022, B.2-2; reading 25)."""
        return not self.est_brouillon and self.demande_ouverte is not None

    @property
    def est_tel_que_depose(self):
        """Filed, and nothing of it is being changed."""
        return self.depose_le is not None and not self.est_brouillon and not self.est_completable

    @property
    def a_completer_avant(self):
        """Last day, included, of the request that is open."""
        return self.demande_ouverte.echeance_le

    @property
    def points_demandes(self):
        demande = self.demande_ouverte
        return list(demande.points.all()) if demande else []

    @property
    def ouverture(self):
        """What may be changed now: all of a draft, what a request names of a filed dossier, nothing otherwise."""
        if self.est_brouillon:
            return Ouverture(tout=True)
        return Ouverture(objets=frozenset(point.objet for point in self.points_demandes))

    @property
    def exigences_ouvertes(self):
        """Kinds of pieces that can be given, named or not: all to a draft, then those of the convention (reading 28)."""
        if self.est_brouillon:
            return set(Exigence)
        en_cours = {self.Etat.DEPOSE, self.Etat.RECEVABLE, self.Etat.INSCRIT, self.Etat.EXAMINE, self.Etat.ACCEPTE}
        return {Exigence.CONVENTION} if self.etat in en_cours else set()

    def ouvre_piece(self, attendue):
        """True when this expected piece can be given now; one that an answer makes compulsory is, as a named one."""
        if attendue.exigence in self.exigences_ouvertes or self.ouverture.piece(attendue.code):
            return True
        return self.est_completable and any(piece.code == attendue.code for piece in self.pieces_manquantes)

    @property
    def prend_des_pieces(self):
        return bool(self.exigences_ouvertes) or self.est_completable

    @property
    def rejet_implicite_le(self):
        """Day on which silence becomes a rejection (CRPA, L. 231-4 3°); none while its time to answer runs (L. 114-5)."""
        if self.depose_le is None or self.incomplet:
            return None
        return rejet_implicite(
            self._jour_de_reception,
            mois=self.campagne.delai_rejet_implicite_mois,
            suspensions=[demande.suspension for demande in self.demandes_lues],
        )

    @property
    def _jour_de_reception(self):
        return self.recu_le.astimezone(self.campagne.service.zone).date()

    def _compter_les_suspensions(self):
        """Keep the sum of those that ended, for the lists to sort by: called under the lock, at each end."""
        finies = self.demandes.exclude(terminee_le=None)
        self.suspendu = timedelta(days=sum(demande.suspension.jours for demande in finies))
        type(self)._base_manager.filter(pk=self.pk).update(suspendu=self.suspendu)

    def _exiger_aucune_attente(self):
        if demande := self.demandes.filter(etat="ouverte").first():
            raise ErreurMetier.simple(
                "complement_attendu",
                f"Le dossier {self.numero} attend la réponse de la structure à la demande de compléments n°\u00a0{demande.rang}\u00a0: "
                "attendez-la, ou mettez fin à cette demande avec un motif.",
            )

    @property
    def complement_a_lire(self):
        """True while an answer waits for the instructor: nothing was decided of the dossier since."""
        repondues = any(demande.etat == demande.Etat.REPONDUE for demande in self.demandes_lues)
        return self.etat in {self.Etat.DEPOSE, self.Etat.AJOURNE} and repondues and self.demande_ouverte is None

    @property
    def attente_depassee(self):
        """True when the request that is open is past its last day."""
        demande = self.demande_ouverte
        return demande is not None and timezone.localdate(timezone=self.campagne.service.zone) > demande.echeance_le
