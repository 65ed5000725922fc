from django_tasks import task


@task()
def envoyer_courriel(pk):
    """Send one message; done twice, the second time does nothing."""
    from .models import Courriel

    courriel = Courriel.objects.filter(pk=pk).first()
    return courriel and courriel.envoyer()
