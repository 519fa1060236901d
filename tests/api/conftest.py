"""Un jeu qui a de tout : chaque ressource de l'API y a toutes ses relations."""

import datetime

import pytest
from rest_framework.test import APIClient

from contrats.enums import (
    ContenuAnnexe,
    Horizon,
    LienParent,
    NatureCritere,
    NatureFinancement,
    NatureSection,
    Precision,
    RolePartenaire,
    RoleSignature,
)
from contrats.models import (
    Annexe,
    Annonce,
    Critere,
    Engagement,
    Etape,
    Facteur,
    Financement,
    Jalon,
    Livrable,
    Periode,
    ProjetLie,
    Renvoi,
    Responsable,
    Risque,
    Signature,
)
from gouvernance.models import Instance
from perr.enums import StatutDeclinaison
from perr.models import RegardSpecifique, RenvoiDeclinaison
from tests.contrats.factories import (
    ActionFactory,
    ArticleFactory,
    AxeFactory,
    ContratFactory,
    PartenariatFactory,
    PartieFactory,
    SectionFactory,
    SectionModeleFactory,
    fiche_complete,
)
from tests.gouvernance.factories import DecisionFactory, DeliberationFactory, SeanceFactory
from tests.indicateurs.factories import mesurer, observatoire
from tests.partenaires.factories import OrganismeFactory, PersonneFactory
from tests.perr.factories import DeclinaisonFactory
from tests.territoires.factories import TerritoireFactory

FIN_2015 = datetime.date(2015, 12, 31)
DATEES = {"echeance_texte": "fin 2015", "echeance": FIN_2015, "precision": Precision.FIN_ANNEE}


def gouvernance_complete():
    """Une instance, une séance close et publique, sa décision et une délibération adoptée."""
    contrat = contrat_complet()
    contrat.instances.update(mission="Tenir les objectifs.", frequence="une fois par an", par_an=1)
    instance = contrat.instances.get()
    seance = SeanceFactory(
        instance=instance, close=True, publique=True, objet="Le point annuel", lieu="Toulouse"
    )
    DecisionFactory(
        seance=seance,
        action=ActionFactory(fiche=None, contrat=contrat, horizon=""),
        fiche=contrat.fiches.first(),
        article=ArticleFactory(contrat=contrat),
        indicateur=observatoire(1, contrat=contrat).indicateur,
        organisme=OrganismeFactory(),
        effet="lancer",
        statut="a_faire",
        avant_le=datetime.date(2026, 1, 1),
    )
    DeliberationFactory(
        contrat=contrat,
        adoptee=True,
        visas=["Vu l'avis de la commission"],
        articles=[{"numero": "1", "texte": "Le conseil approuve."}],
    )
    return contrat


@pytest.fixture
def client_api():
    return APIClient()


def contrat_complet():
    """Contrat publié où chaque relation de l'API a au moins une ligne, puis deux."""
    parent = ContratFactory(publie=True)
    fiche = fiche_complete(contrat=ContratFactory(publie=True, parent=parent, lien="annexe"))
    contrat = fiche.contrat
    assert contrat.lien == LienParent.ANNEXE
    contrat.territoires.add(TerritoireFactory(), TerritoireFactory(qpv=True))
    ville, campagne = PartieFactory.create_batch(2, contrat=contrat)
    article = ArticleFactory(contrat=contrat)
    engagement = Engagement.objects.create(
        contrat=contrat, article=article, ordre=1, texte="Coopérer"
    )
    engagement.porteurs.set([ville, campagne])
    engagement.beneficiaires.set([campagne])
    axe = AxeFactory(contrat=contrat)
    AxeFactory(contrat=contrat, parent=axe)
    signature = {"contrat": contrat, "qualite": "Présidente"}
    Signature.objects.create(
        **signature, personne=PersonneFactory(), rang=1, partie=ville, role=RoleSignature.SIGNATAIRE
    )
    Signature.objects.create(
        **signature, personne=PersonneFactory(), rang=2, role=RoleSignature.TEMOIN
    )
    annexe = Annexe.objects.create(
        contrat=contrat, numero="1", ordre=1, intitule="Annexe", contenu=ContenuAnnexe.VIDE
    )
    Annonce.objects.create(contrat=contrat, objet="orientations", nombre=6, libelle="6 grandes")
    Etape.objects.create(
        contrat=contrat, ordre=1, date_texte="2016", precision=Precision.ANNEE, intitule="Accord"
    )
    Financement.objects.create(
        contrat=contrat,
        ordre=1,
        intitule="Pacte",
        montant="500000",
        financeur=OrganismeFactory(),
        nature=NatureFinancement.INDICATIF,
    )
    instance = Instance.objects.create(
        contrat=contrat, cle="copil", ordre=1, nom="Comité", type="pilotage"
    )
    instance.participations.create(
        organisme=OrganismeFactory(), libelle="La métropole", role="preside", ordre=1
    )
    instance.participations.create(libelle="Les élus", role="membre", ordre=2)
    Renvoi.objects.create(article=article, ordre=1, texte="cf. annexe 1", annexe=annexe)
    _sections_de_lignes(fiche, axe)
    _action_complete(fiche, axe)
    return contrat


def _sections_de_lignes(fiche, axe):
    sections = {}
    for nature in (
        NatureSection.JALONS,
        NatureSection.LIVRABLES,
        NatureSection.RISQUES,
        NatureSection.FACTEURS,
        NatureSection.CRITERES,
        NatureSection.PROJETS_LIES,
        NatureSection.RESPONSABLES,
    ):
        modele = SectionModeleFactory(modele=fiche.modele, nature=nature)
        sections[nature] = SectionFactory(fiche=fiche, modele=modele)
    ligne = {"ordre": 1, "intitule": "Ligne"}
    Jalon.objects.create(section=sections["jalons"], **ligne, **DATEES)
    Livrable.objects.create(section=sections["livrables"], **ligne, **DATEES)
    Risque.objects.create(section=sections["risques"], **ligne, imprime_sous="Facteurs")
    Facteur.objects.create(section=sections["facteurs"], **ligne)
    Critere.objects.create(section=sections["criteres"], **ligne, nature=NatureCritere.QUANTITATIF)
    ProjetLie.objects.create(
        section=sections["projets_lies"], **ligne, cible=ContratFactory(publie=True)
    )
    Responsable.objects.create(
        section=sections["responsables"],
        **ligne,
        personne=PersonneFactory(),
        organisme=OrganismeFactory(),
    )
    renvoi = {"section": sections["jalons"], "texte": "cf. fiche"}
    Renvoi.objects.create(**renvoi, ordre=1, fiche=fiche_complete())
    Renvoi.objects.create(**renvoi, ordre=2, document="SRADDET", deduit=True)
    fiche.axe = axe
    fiche.save()


def _action_complete(fiche, axe):
    action = ActionFactory(
        fiche=fiche,
        axe=axe,
        horizon=Horizon.MOYEN_LONG,
        echeance=FIN_2015,
        prioritaire=True,
        avancement=40,
    )
    ActionFactory(fiche=fiche, parent=action, horizon=Horizon.MOYEN_LONG)
    ActionFactory(fiche=None, contrat=fiche.contrat, horizon="")
    action.territoires.add(TerritoireFactory(), TerritoireFactory())
    PartenariatFactory(action=action, role=RolePartenaire.PILOTE)
    PartenariatFactory(action=action)
    Periode.objects.create(
        action=action,
        ordre=1,
        libelle="2015-2017",
        debut=datetime.date(2015, 1, 1),
        fin=datetime.date(2017, 12, 31),
        precision_debut=Precision.ANNEE,
        precision_fin=Precision.ANNEE,
    )


def organisme_complet():
    """Organisme à alias, composant et territoire."""
    organisme = OrganismeFactory(territoire=TerritoireFactory())
    organisme.alias.create(libelle=f"Alias de {organisme.nom}")
    organisme.composants.add(OrganismeFactory())
    return organisme


def territoire_complet():
    """Territoire à point, alias et rattachement."""
    territoire = TerritoireFactory(longitude="1.444209", latitude="43.604652")
    territoire.alias.create(libelle=f"Alias de {territoire.nom}")
    territoire.rattachements.create(parent=TerritoireFactory(), couverture="partielle")
    return territoire


def indicateur_complet():
    """Indicateur à orientation et millésime attendu, mesuré dans deux quartiers."""
    o = observatoire(2)
    o.indicateur.orientations.add(AxeFactory(contrat=o.contrat))
    mesurer(o.indicateur, "2014", {o.reference: 60, o.quartiers[0]: 40, o.quartiers[1]: 30})
    mesures = mesurer(o.indicateur, "2016", {o.reference: 60, o.quartiers[0]: 50})
    o.indicateur.millesimes_attendus.add(mesures[0].millesime)
    return o.indicateur


def declinaison_complete():
    """Déclinaison à quartier couvert, renvois de chaque sorte et regard."""
    quartier = TerritoireFactory(qpv=True)
    declinaison = DeclinaisonFactory(
        colonne__quartiers=[quartier],
        action__axe=AxeFactory(),
        statut=StatutDeclinaison.TEXTE_RENVOI,
        modalites="Avec le bailleur.",
        groupe="ligne-1",
        a_verifier="Est-ce bien ici ?",
    )
    contrat = declinaison.action.contrat
    renvoi = {"declinaison": declinaison, "texte": "en lien avec"}
    autre = ActionFactory(fiche=None, contrat=contrat, numero="29")
    RenvoiDeclinaison.objects.create(**renvoi, ordre=1, action=autre)
    RenvoiDeclinaison.objects.create(**renvoi, ordre=2, axe=AxeFactory(contrat=contrat))
    RegardSpecifique.objects.create(
        declinaison=declinaison, quartier=quartier, ordre=1, texte="La place surtout."
    )
    return declinaison
