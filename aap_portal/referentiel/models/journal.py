from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from ..erreurs import ErreurMetier


class JournalEtat(models.Model):
    """One change of state of one object: who, when, from what to what, and why."""

    type_objet = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    objet_id = models.PositiveBigIntegerField("identifiant")
    objet = GenericForeignKey("type_objet", "objet_id")
    de = models.CharField("état quitté", max_length=30, blank=True)
    vers = models.CharField("état pris", max_length=30)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="par"
    )
    le = models.DateTimeField("le", default=timezone.now)
    motif = models.TextField("motif", blank=True)

    class Meta:
        verbose_name = "changement d’état"
        verbose_name_plural = "journal des états"
        ordering = ["pk"]
        indexes = [models.Index(fields=["type_objet", "objet_id"])]

    def __str__(self):
        return f"{self.de or '—'} → {self.vers}"

    @property
    def libelle(self):
        """Label of the state that was taken, as the object's own model names it."""
        choix = dict(self.type_objet.model_class()._meta.get_field("etat").choices)
        return choix.get(self.vers, self.vers)


class AvecEtat(models.Model):
    """A model whose `etat` moves only along `TRANSITIONS`, by `_passer_a`, with a row of the journal each time."""

    TRANSITIONS = {}

    journal = GenericRelation(JournalEtat, content_type_field="type_objet", object_id_field="objet_id")

    class Meta:
        abstract = True

    def peut_passer_a(self, vers):
        return vers in self.TRANSITIONS.get(self.etat, ())

    def _passer_a(self, vers, *, par, motif="", **champs):
        """Take the state `vers` and set `champs`, or refuse: the transition is not in the table, or someone was faster."""
        de = self.etat
        if not self.peut_passer_a(vers):
            libelles = dict(self._meta.get_field("etat").choices)
            raise ErreurMetier.simple("transition", f"« {libelles[de]} » ne peut pas devenir « {libelles[vers]} ».")
        with transaction.atomic():
            if not type(self)._base_manager.filter(pk=self.pk, etat=de).update(etat=vers, **champs):
                raise ErreurMetier.simple(
                    "etat_change", "L’état a changé entre-temps : rechargez la page pour voir où en est l’affaire."
                )
            for nom, valeur in {"etat": vers, **champs}.items():
                setattr(self, nom, valeur)
            self._journaliser(de, vers, par=par, motif=motif)

    def _journaliser(self, de, vers, *, par, motif=""):
        self.journal.create(de=de, vers=vers, par=par, motif=motif, le=timezone.now())
        type(self).historique.bulk_history_create([self], update=True, default_user=par)
