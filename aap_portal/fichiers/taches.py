"""What follows the arrival of a file, away from the request: the antivirus, then the images of its pages."""

from django_tasks import task


@task()
def traiter_fichier(pk):
    """Done again, it changes nothing."""
    from .models import Fichier

    if fichier := Fichier.objects.filter(pk=pk).first():
        fichier.traiter()
