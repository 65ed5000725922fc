"""The mails of the committee's room; each event is one message, however often it is asked for."""

from django.urls import reverse

from aap_portal.comptes.models import Habilitation, Membre, Role
from aap_portal.courriels.models import Courriel


def convoquer(seance, membre):
    """Invite a member; a session convened again after a change is another invitation."""
    fois = seance.journal.filter(vers=seance.Etat.CONVOQUEE).count()
    service = seance.campagne.service
    Courriel.objects.deposer(
        cle=f"convocation-{seance.pk}-{membre.pk}-{fois}",
        destinataire=membre.utilisateur.email,
        gabarit="copil_convocation",
        contexte={
            "seance": seance,
            "service": service,
            "personne": membre.utilisateur,
            "combien": seance.inscriptions.count(),
            "a_nouveau": fois > 1,
        },
        service=service,
        lien=seance.get_absolute_url(),
        objet_lie=str(seance),
    )


def annoncer_decision(decision):
    """Tell the signataires of the structure, or the structure itself when it has none any more."""
    dossier = decision.inscription.dossier
    service = dossier.campagne.service
    signataires = Membre.objects.signataires(dossier.structure_id)
    adresses = list(signataires.values_list("utilisateur__email", flat=True)) or [dossier.structure.courriel]
    for rang, adresse in enumerate(sorted(adresses), start=1):
        Courriel.objects.deposer(
            cle=f"decision-{decision.pk}-{rang}",
            destinataire=adresse,
            gabarit="copil_decision",
            contexte={"dossier": dossier, "service": service},
            service=service,
            lien=reverse("copil:decision", args=[dossier.numero]),
            objet_lie=dossier.numero,
        )


def demander_avis(avis):
    """Tell the members of the national committee that an advice is awaited."""
    dossier = avis.dossier
    service = dossier.campagne.service
    membres = Habilitation.objects.filter(
        service=service, role=Role.COMITE_NATIONAL, actif=True, utilisateur__is_active=True
    )
    for habilitation in membres.select_related("utilisateur"):
        Courriel.objects.deposer(
            cle=f"avis-national-{avis.pk}-{habilitation.utilisateur_id}",
            destinataire=habilitation.utilisateur.email,
            gabarit="copil_avis_national",
            contexte={"dossier": dossier, "service": service},
            service=service,
            lien=reverse("copil:avis", args=[dossier.numero]),
            objet_lie=dossier.numero,
        )
