from django.db import models, transaction


class CompteurManager(models.Manager):
    def suivant(self, cle):
        """Next number of a sequence, without a hole or a double even when two people ask at once."""
        with transaction.atomic():
            self.get_or_create(cle=cle)
            compteur = self.select_for_update().get(cle=cle)
            compteur.valeur += 1
            compteur.save(update_fields=["valeur"])
        return compteur.valeur


class Compteur(models.Model):
    """A sequence of numbers: dossiers of a year, conventions of a campaign."""

    cle = models.CharField("clé", max_length=80, unique=True)
    valeur = models.PositiveIntegerField("dernier numéro donné", default=0)

    objects = CompteurManager()

    def __str__(self):
        return f"{self.cle} : {self.valeur}"
