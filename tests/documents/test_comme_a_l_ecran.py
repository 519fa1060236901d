"""Le PDF et la page disent la même chose, dans le même ordre."""

import pytest

from contrats.models import Contrat, Fiche
from contrats.presentation.contrat import PageContrat
from contrats.presentation.fiche import PageFiche
from documents import rendu
from tests.documents.factories import fiche_de_toutes_natures

pytestmark = [pytest.mark.django_db, pytest.mark.une_fois]

# L'écran y met des liens et des tableaux ; le PDF, les annexes et les fiches elles-mêmes.
PROPRES_A_L_ECRAN = {"fiches", "annexes", "documents", "financements"}
A_LA_FIN = "signatures"  # avant les annexes dans un document imprimé


def test_les_pieces_du_contrat_suivent_l_ordre_de_la_page(contrat, anonyme):
    contexte = rendu.contexte(contrat, par=anonyme, entier=True)
    imprimees = [piece.ancre for piece in contexte["pieces"]]
    page = PageContrat(Contrat.objects.pour_page().get(pk=contrat.pk), anonyme)
    a_l_ecran = [bloc.ancre for bloc in page.blocs if bloc.ancre not in PROPRES_A_L_ECRAN]
    assert [a for a in imprimees if a in a_l_ecran] == a_l_ecran
    assert imprimees.index(A_LA_FIN) == len(a_l_ecran) - 1


def test_les_sections_d_une_fiche_sont_celles_de_la_page(contrat, anonyme):
    fiche_de_toutes_natures(contrat)
    document = rendu.contexte(contrat, par=anonyme, entier=True)["document"]
    for lue in document.fiches:
        page = PageFiche(Fiche.objects.pour_page().get(pk=lue.fiche.pk), anonyme)
        assert [resume(s) for s in lue.sections] == [resume(s) for s in page.sections]


def resume(section):
    """Ce qu'une section montre, quelle que soit la forme lue."""
    actions = [(lue.action, [s.action for s in lue.sous_points]) for lue in section.actions]
    mentions = getattr(section, "mentions", None)
    if mentions is None:
        mentions = [p.mention or p.organisme.nom for p in section.partenariats]
    champs = (section.libelle, section.nature, section.etat, section.texte, section.liste_ouverte)
    return (*champs, actions, mentions, list(section.lignes), list(section.renvois))
