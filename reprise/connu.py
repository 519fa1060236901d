"""Ce que la base sait : modèles de fiche et leurs libellés, repères appris, organismes."""

from contrats.models import ModeleFiche
from partenaires.models import Organisme
from reprise.models import Repere
from reprise.reconnaissance.vocabulaire import Vocabulaire, modele_connu, vocabulaire


def vocabulaire_de_la_base() -> Vocabulaire:
    """En trois requêtes : modèles et sections, repères, noms d'organisme à virgule."""
    appris: dict[int, list[str]] = {}
    roles = []
    for repere in Repere.objects.order_by("pk"):
        if repere.section_id:
            appris.setdefault(repere.section_id, []).append(repere.libelle)
        else:
            roles.append((repere.role, repere.type_contrat, repere.libelle))
    modeles = []
    for modele in ModeleFiche.objects.prefetch_related("sections").order_by("pk"):
        sections = [
            {
                "cle": s.cle,
                "libelle": s.libelle,
                "nature": s.nature,
                "horizon": s.horizon,
                "variantes": s.variantes,
                "appris": appris.get(s.pk, ()),
            }
            for s in sorted(modele.sections.all(), key=lambda s: s.ordre)
        ]
        modeles.append(modele_connu(modele.cle, modele.type_contrat, sections))
    a_virgule = Organisme.objects.filter(fusionne_dans=None, nom__contains=",")
    return vocabulaire(modeles, roles, a_virgule.order_by("pk").values_list("nom", flat=True))
