"""What follows a filing: the mails that acknowledge it, then the receipt's PDF, made once and kept."""

from functools import partial

from django.db import transaction
from django.urls import reverse
from django_tasks import task

from aap_portal.courriels.models import Courriel
from aap_portal.documents.pdf import rendre_pdf
from aap_portal.fichiers.models import Fichier


def annoncer_depot(depot):
    """Called inside the filing: the messages are rows of the same transaction, the PDF waits for its commit."""
    from .recepisse import Recepisse

    dossier = depot.dossier
    a_prevenir = (_adresse_de_qui_depose(depot), dossier.contact_courriel)
    adresses = {adresse.lower(): adresse for adresse in a_prevenir if adresse}
    for adresse in adresses.values():
        Courriel.objects.deposer(
            cle=f"depot-{depot.pk}-{adresse.lower()}",
            destinataire=adresse,
            gabarit="depot_recepisse",
            contexte={"recepisse": Recepisse(depot, dossier), "depot": depot, "dossier": dossier},
            service=dossier.campagne.service,
            objet_lie=dossier.numero,
            lien=reverse("candidatures:recepisse", args=[dossier.numero, depot.rang]),
        )
    transaction.on_commit(partial(produire_recepisse.enqueue, depot.pk))


def _adresse_de_qui_depose(depot):
    """The person who filed; the structure itself when an agent filed for it what came by e-mail (reading 5)."""
    structure = depot.dossier.structure
    saisi = depot.dossier.est_recu_par_courriel and structure.pk not in depot.par.structures()
    return structure.courriel if saisi else depot.par.email


@task()
def produire_recepisse(pk):
    """Render the receipt of one filing; done again, it changes nothing."""
    from .models import Depot
    from .recepisse import Recepisse

    depot = Depot.objects.select_related("par", "dossier__campagne__service").get(pk=pk)
    if depot.recepisse_id:
        return
    recepisse = Recepisse(depot, depot.dossier)
    contexte = {"recepisse": recepisse, "depot": depot, "service": recepisse.service, "reference": depot.dossier.numero}
    contenu = rendre_pdf("documents/recepisse.html", contexte, titre=recepisse.titre)
    nom = f"recepisse-{depot.dossier.numero}-{depot.rang}.pdf"
    with transaction.atomic():
        if Depot.objects.select_for_update().get(pk=pk).recepisse_id:
            return
        fichier = Fichier.objects.produire(contenu, nom=nom, type_mime="application/pdf")
        Depot.objects.filter(pk=pk).update(recepisse=fichier)
