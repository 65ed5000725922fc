"""The home page of each role: what must I do now, and before when?

Rights add up: a person who is a porteur and a member of the COPIL sees both lists, one after the other.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from aap_portal.comptes.models import DemandeRattachement
from aap_portal.referentiel.formats import delai, euros, jour
from aap_portal.referentiel.models import Campagne
from candidatures.espace import espaces
from candidatures.filtres import complements_repondus
from candidatures.models import Dossier, Message
from conventions.models import Convention
from copil.enveloppe import reserve
from copil.models import AvisNational, Decision, Evaluation, Seance

BIENTOT = timedelta(days=15)


@dataclass(frozen=True)
class Tache:
    """One thing to do: what, of what, before when, and the button that leads there."""

    titre: str
    detail: str
    lien: str
    bouton: str
    urgente: bool = False


@login_not_required
@require_GET
def accueil(request):
    maintenant = timezone.now()
    if not request.user.is_authenticated:
        campagnes = Campagne.objects.filter(cloture_le__gt=maintenant).select_related("service").order_by("cloture_le")
        return render(request, "accueil_public.html", {"campagnes": campagnes, "maintenant": maintenant})
    personne = request.user
    siens = espaces(personne, le=maintenant) if personne.est_porteur or not personne.roles_par_service else []
    contexte = {"maintenant": maintenant, "taches": list(_taches(personne, siens, maintenant))}
    if personne.est_agent:
        contexte["campagnes"] = _credits(personne, maintenant)
    if not personne.roles_par_service:
        contexte["espaces"] = siens
    return render(request, "accueil.html", contexte)


def _taches(personne, siens, maintenant):
    yield from _demandes_de_rattachement(personne)
    yield from _messages_a_lire(personne)
    if personne.est_porteur:
        yield from _taches_du_porteur(personne, siens, maintenant)
    yield from _notes_a_donner(personne)
    if personne.services("comite_national"):
        yield from _avis_a_rendre(personne)
    if personne.est_agent:
        yield from _taches_de_l_agent(personne, maintenant)


def _demandes_de_rattachement(personne):
    """An agent answers for every structure, a signataire for their own."""
    lien = reverse("comptes:demandes" if personne.est_agent else "comptes:structure")
    demandes = DemandeRattachement.objects.traitables_par(personne).en_attente()
    yield from _compte(demandes, "de rattachement à une structure", "Répondre", lien, nom="demande")


def _messages_a_lire(personne):
    """What the other side wrote: to the thread when there is one only, to the list otherwise."""
    a_lire = Message.objects.a_lire_par(personne)
    dossiers = list(a_lire.order_by().values_list("dossier__numero", flat=True).distinct()[:2])
    seul = len(dossiers) == 1
    lien = reverse("candidatures:messages", args=dossiers) if seul else reverse("candidatures:conversations")
    yield from _compte(
        a_lire, "non lu{s}" + (f", dossier {dossiers[0]}" if seul else ""), "Lire", lien, True, "message"
    )


def _taches_du_porteur(personne, siens, maintenant):
    for espace in siens:
        for ligne in espace.lignes:
            if ligne.resume is not None:
                yield _dossier_a_finir(ligne, maintenant)
            elif ligne.etat == Dossier.Etat.ACCEPTE:
                yield from _attendu_par_la_convention(ligne.dossier)
    decisions = Decision.objects.filter(
        inscription__dossier__structure__in=personne.structures(), notifiee_le__isnull=False, consultee_le=None
    ).select_related("inscription__dossier__structure")
    for decision in decisions:
        dossier = decision.inscription.dossier
        lien = reverse("copil:decision", args=[dossier.numero])
        yield Tache(f"Décision sur le dossier {dossier.numero}", dossier.structure.denomination, lien, "Lire", True)
    yield from _conventions_a_signer(personne, maintenant)


def _dossier_a_finir(ligne, maintenant):
    dossier = ligne.dossier
    manque = f"Il manque {ligne.resume.manque}." if ligne.resume.manque else "Tout est rempli : relisez et déposez."
    if demande := dossier.demande_ouverte:
        avant = f"avant le {jour(demande.echeance_le)} inclus"
        if not demande.au_depot:
            detail = f"Le service demande des compléments. À envoyer {avant}."
            return Tache(f"Dossier {dossier.numero}", detail, demande.get_absolute_url(), "Répondre", True)
        manque = (
            f"Il manque {ligne.resume.manque}." if ligne.resume.manque else "Tout est ajouté : il reste à l’envoyer."
        )
        detail = f"Déposé mais incomplet, à compléter {avant}. {manque}"
        return Tache(f"Dossier {dossier.numero}", detail, demande.get_absolute_url(), "Compléter", True)
    cloture = dossier.campagne.cloture_le
    fin = "clôture dépassée" if cloture <= maintenant else f"clôture {delai(cloture, maintenant)}"
    detail = f"{dossier.structure.denomination}. Brouillon, non déposé : {fin}. {manque}"
    return Tache(
        f"Dossier {dossier.numero}", detail, dossier.get_absolute_url(), "Reprendre", cloture - maintenant < BIENTOT
    )


def _attendu_par_la_convention(dossier):
    """What the structure must give before its convention is drawn up (reading 28)."""
    if hasattr(dossier, "convention"):
        return
    titre = f"Dossier {dossier.numero} accepté"
    if manquantes := dossier.pieces_de_convention_manquantes:
        titres = ", ".join(f"« {piece.titre} »" for piece in manquantes)
        lien = reverse("candidatures:rubrique", args=[dossier.numero, "pieces"])
        yield Tache(titre, f"La convention attend {titres}.", lien, "Donner", True)
    if not dossier.structure.iban:
        lien = reverse("comptes:structure_modifier", args=[dossier.structure_id])
        yield Tache(titre, "La convention attend l’IBAN de votre structure.", lien, "Indiquer l’IBAN", True)


def _conventions_a_signer(personne, maintenant):
    aujourd_hui = maintenant.date()
    siennes = Convention.objects.visibles_par(personne).filter(dossier__structure__in=personne.structures())
    for convention in siennes.avec_page().filter(etat=Convention.Etat.EDITEE, signature_structure_le=None):
        limite = convention.limite_signature_le
        yield Tache(
            f"Convention {convention.numero} à signer",
            f"Avant le {jour(limite)}, en trois exemplaires.",
            convention.get_absolute_url(),
            "Ouvrir",
            limite - aujourd_hui < BIENTOT,
        )


def _notes_a_donner(personne):
    """Open sessions where this person still has dossiers to score, less those of a declared conflict."""
    seances = Seance.objects.filter(
        etat=Seance.Etat.OUVERTE, membres__utilisateur=personne, membres__actif=True
    ).select_related("campagne__service")
    for seance in seances:
        a_noter = seance.inscriptions.exclude(dossier__deports__utilisateur=personne).count()
        finales = Evaluation.objects.filter(
            inscription__seance=seance, membre__utilisateur=personne, finalisee_le__isnull=False
        ).count()
        if reste := a_noter - finales:
            pluriel = "s" if reste > 1 else ""
            yield Tache(str(seance), f"{reste} dossier{pluriel} à noter.", seance.get_absolute_url(), "Noter", True)


def _avis_a_rendre(personne):
    attendus = (
        AvisNational.objects.visibles_par(personne)
        .filter(sens="", dossier__campagne__service__in=personne.services("comite_national"))
        .select_related("dossier__structure", "dossier__campagne__service")
    )
    for avis in attendus:
        demande_le = jour(avis.demande_le.astimezone(avis.dossier.campagne.service.zone))
        yield Tache(
            f"Avis sur {avis.dossier.structure.denomination}",
            f"Structure émergente, dossier {avis.dossier.numero}, avis demandé le {demande_le}.",
            reverse("copil:avis", args=[avis.dossier.numero]),
            "Rendre l’avis",
        )


def _taches_de_l_agent(personne, maintenant):
    """What waits for a gesture of the service: each line is a count and the list that shows it."""
    dossiers, Etat = Dossier.objects.instruits_par(personne), Dossier.Etat
    deposes = dossiers.filter(etat=Etat.DEPOSE)
    a_l_heure = Q(hors_delai=False) | Q(hors_delai_admis=True)
    file = reverse("candidatures:file")
    yield from _compte(
        deposes.filter(hors_delai=True, hors_delai_admis=None),
        "déposé{s} hors délai à admettre ou à rejeter", "Décider", f"{file}?onglet=hors_delai", True,
    )  # fmt: skip
    yield from _compte(
        deposes.filter(a_l_heure, incomplet=False).exclude(demandes__etat="ouverte"),
        "complet{s} à instruire", "Instruire", f"{file}?etat=depose",
    )  # fmt: skip
    yield from _compte(
        complements_repondus(dossiers), "dont le complément est à lire", "Lire", f"{file}?complements=repondu", True
    )
    yield from _compte(
        dossiers.filter(etat=Etat.RECEVABLE),
        "recevable{s} à inscrire à une séance",
        "Préparer",
        reverse("copil:seances"),
    )
    examines = dossiers.filter(etat=Etat.EXAMINE)
    yield from _compte(examines, "examiné{s} en attente de décision", "Décider", _classement(examines), True)
    a_notifier = dossiers.filter(inscriptions__decision__isnull=False, inscriptions__decision__notifiee_le=None)
    yield from _compte(a_notifier, "décidé{s} en attente de notification", "Notifier", _classement(a_notifier), True)
    yield from _compte(
        Decision.objects.filter(
            inscription__dossier__in=dossiers, sens=Decision.Sens.ACCEPTE, notifiee_le__isnull=False, convention=None
        ),
        "à préparer", "Préparer", reverse("conventions:conventions"), nom="convention",
    )  # fmt: skip
    conventions = reverse("conventions:conventions")
    yield from _compte(
        Convention.objects.gerees_par(personne).filter(etat=Convention.Etat.EDITEE),
        "en attente de signature", "Suivre", f"{conventions}?etat=editee", nom="convention",
    )  # fmt: skip


def _classement(dossiers):
    """The ranking of the latest session of these dossiers: that is where they are decided and notified."""
    seance = Seance.objects.filter(inscriptions__dossier__in=dossiers).order_by("-tenue_le").first()
    return reverse("copil:salle", args=[seance.pk]) if seance else reverse("copil:seances")


def _compte(objets, suite, bouton, lien, urgente=False, nom="dossier"):
    if combien := objets.count():
        pluriel = "s" if combien > 1 else ""
        yield Tache(f"{combien} {nom}{pluriel} {suite.format(s=pluriel)}", "", lien, bouton, urgente)


def _credits(personne, maintenant):
    """Rows (campaign, reserved, sentence) of the campaigns that this agent runs, the open ones first."""
    campagnes = Campagne.objects.filter(service__in=personne.services("instructeur", "administrateur"))
    recentes = campagnes.filter(cloture_le__gt=maintenant - timedelta(days=365)).select_related("service")
    return [_credit(campagne) for campagne in recentes.order_by("-cloture_le")]


def _credit(campagne):
    accorde = reserve(campagne)
    if campagne.enveloppe is None:
        return campagne, accorde, "enveloppe non renseignée : elle n’est pas contrôlée"
    return campagne, accorde, f"{euros(accorde)} accordés sur {euros(campagne.enveloppe)}"
