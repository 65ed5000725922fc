"""Which messages a person must not read: the apps whose objects they are about say so, here.

@declarer_masque
def messages_en_conflit(personne):
    return Dossier.objects.filter(en_conflit(personne)).values("numero")
"""

_masques = []


def declarer_masque(fonction):
    """Register `fonction(personne)`: a subquery of the values of `objet_lie` that are hidden from this person."""
    if fonction not in _masques:
        _masques.append(fonction)
    return fonction


def sans_masques(courriels, personne):
    for masque in _masques:
        courriels = courriels.exclude(objet_lie__in=masque(personne))
    return courriels
