"""Un contrat en base où tout se tient, et un constat écarté."""

import factory

from coherence.enums import Regle
from coherence.models import ConstatEcarte
from contrats.enums import ContenuAnnexe, EtatSection, NatureSection
from contrats.models import Annexe, Contrat, Renvoi
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    ArticleFactory,
    AxeFactory,
    ContratFactory,
    FicheFactory,
    PartieFactory,
    SectionFactory,
    SectionModeleFactory,
)
from tests.documents.factories import SignatureFactory


class ConstatEcarteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ConstatEcarte

    contrat = factory.SubFactory(ContratFactory)
    cle = factory.Sequence(lambda n: f"{n:032d}")
    regle = Regle.COMPTE
    phrase = "Le texte annonce « 6 orientations » ; les données en ont 3."
    motif = "La source imprime six."
    par = factory.SubFactory(UtilisateurFactory)


def contrat_propre(*, fiches: int = 2, **champs) -> Contrat:
    """Deux parties qui signent, un article qui compte juste, une annexe, des fiches et une action
    chacune."""
    contrat = ContratFactory(**champs)
    for rang in (1, 2):
        SignatureFactory(partie=PartieFactory(contrat=contrat, rang=rang), rang=rang)
    axe = AxeFactory(contrat=contrat)
    texte = f"Les deux parties tiennent {fiches} fiches (cf. annexe 1)."
    article = ArticleFactory(contrat=contrat, numero="1", ordre=1, texte=texte)
    annexe = Annexe.objects.create(
        contrat=contrat, numero="1", ordre=1, intitule="Fiches", contenu=ContenuAnnexe.FICHES
    )
    Renvoi.objects.create(article=article, ordre=1, texte="cf. annexe 1", annexe=annexe)
    contexte = SectionModeleFactory(modele=contrat.modele_fiche, cle="contexte")
    actions = SectionModeleFactory(
        modele=contrat.modele_fiche, cle="court", nature=NatureSection.ACTIONS, horizon="court"
    )
    for _ in range(fiches):
        fiche = FicheFactory(contrat=contrat, axe=axe)
        SectionFactory(fiche=fiche, modele=contexte, texte="Ce que l'on y gagne.")
        SectionFactory(fiche=fiche, modele=actions, etat=EtatSection.RENSEIGNEE)
        ActionFactory(fiche=fiche)
    return contrat
