"""Une plateforme qui a de tout, à `nb` exemplaires : pour les budgets et les captures."""

from decimal import Decimal

from contrats.enums import (
    ContenuAnnexe,
    NatureAxe,
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
    ProjetLie,
    Renvoi,
    Responsable,
    Risque,
    Section,
    SectionModele,
    Signature,
)
from contrats.versions import versionner
from gouvernance.enums import RoleParticipation, TypeInstance
from gouvernance.models import Instance, Participation
from partenaires.enums import Diffusion
from partenaires.models import Mandat
from perr.models import RegardSpecifique, RenvoiDeclinaison
from territoires.enums import NatureFiliation
from territoires.models import Filiation, Rattachement
from tests.avenants.factories import AvenantFactory, EffetFactory
from tests.contrats.factories import (
    ActionFactory,
    ArticleFactory,
    AxeFactory,
    ContratFactory,
    PartenariatFactory,
    PartieFactory,
    fiche_complete,
)
from tests.documents.factories import DocumentFigeFactory
from tests.gouvernance.factories import (
    ConvocationFactory,
    DecisionFactory,
    PointFactory,
    SeanceFactory,
    SessionFactory,
)
from tests.indicateurs.factories import AnalyseFactory, CibleFactory, mesurer, observatoire
from tests.partenaires.factories import OrganismeFactory, PersonneFactory
from tests.perr.factories import ColonneFactory, DeclinaisonFactory
from tests.territoires.factories import TerritoireFactory


def plateforme(nb: int) -> None:
    """`nb` contrats publiés, chacun avec `nb` de chaque chose ; tous parlent de coopération."""
    pays = TerritoireFactory(nom="Pays de coopération", longitude="1.2", latitude="43.6")
    emboiter(pays, nb)
    commun = OrganismeFactory(nom="Agence de coopération", territoire=pays)
    commun.alias.create(libelle="L'agence")
    pays.alias.create(libelle="Le pays")
    for rang in range(nb):
        commune = TerritoireFactory(
            nom=f"Commune {rang}", longitude=f"1.{rang + 3}", latitude="43.7"
        )
        Rattachement.objects.create(enfant=commune, parent=pays)
        contrat = contrat_complet(nb, commun)
        contrat.territoires.add(pays, commune)
        gouverner(contrat, nb, commun)
        DocumentFigeFactory.create_batch(nb, contrat=contrat)
        versionner(contrat, par=None)
        for numero in range(1, nb + 1):
            avenant = AvenantFactory(modifie=contrat, contrat__publie=True, entre=numero)
            EffetFactory(avenant=avenant)
    pour_organisme(commun, nb)


def gouverner(contrat, nb, commun):
    """Une séance qui se tient, à `nb` points, une close, à `nb` décisions, et `nb` sessions."""
    tenue = SeanceFactory(instance__contrat=contrat, ouverte=True, publique=True)
    PointFactory.create_batch(4 * nb, seance=tenue)
    close = SeanceFactory(instance=tenue.instance, close=True, publique=True)
    for action in contrat.actions.order_by("pk")[:nb]:
        PointFactory(seance=close, action=action)
    for fiche in contrat.fiches.order_by("pk")[:nb]:
        PointFactory(seance=close, fiche=fiche)
    DecisionFactory.create_batch(nb, seance=close, organisme=commun)
    ConvocationFactory.create_batch(nb, seance=close)
    SessionFactory.create_batch(nb, contrat=contrat)


def emboiter(territoire, nb):
    """`nb` niveaux au-dessus du territoire."""
    for rang in range(nb):
        dessus = TerritoireFactory(nom=f"Région {rang} de coopération", type="region")
        Rattachement.objects.create(enfant=territoire, parent=dessus)
        territoire = dessus


def contrat_complet(nb: int, commun):
    """Contrat publié dont chaque bloc a `nb` lignes ; `commun` y tient tous les rôles."""
    contrat = ContratFactory(
        publie=True, intitule="Contrat de coopération", preambule="La coopération."
    )
    lieu = TerritoireFactory(longitude="1.9", latitude="43.9")
    parties = [
        PartieFactory(
            contrat=contrat,
            rang=rang,
            organisme=commun if not rang else OrganismeFactory(territoire=lieu),
        )
        for rang in range(nb + 1)
    ]
    for rang in range(nb):
        textes(contrat, parties, rang, commun)
        fiche = fiche_complete(contrat=contrat, titre=f"Fiche de coopération {rang}", nb_actions=nb)
        fiche.axe = AxeFactory(contrat=contrat, intitule="Coopération")
        fiche.save()
        suivi(fiche, commun)
    ActionFactory(fiche=None, contrat=contrat, horizon="")
    matrice(contrat, nb, commun)
    ContratFactory(publie=True, parent=contrat, lien="annexe")
    return contrat


def matrice(contrat, nb, commun):
    """Une colonne de `nb + 1` quartiers, aux `nb` cellules à renvoi, à regard et à pilote."""
    commune = TerritoireFactory()
    intercommunalite = TerritoireFactory(type="metropole")
    Rattachement.objects.create(enfant=commune, parent=intercommunalite)
    quartiers = []
    for rang in range(nb + 1):
        quartier = TerritoireFactory(qpv=True, longitude=f"1.4{rang}", latitude="43.6")
        Rattachement.objects.create(enfant=quartier, parent=commune)
        Filiation.objects.create(
            ancien=quartier,
            nouveau=TerritoireFactory(type="qpv", generation=2024),
            nature=NatureFiliation.INCHANGE,
        )
        quartiers.append(quartier)
    contrat.territoires.add(intercommunalite)
    indicateurs(contrat, nb)
    colonne = ColonneFactory(annexe__contrat=contrat, quartiers=quartiers)
    programme = AxeFactory(contrat=contrat, nature=NatureAxe.PROGRAMME, numero="1")
    for _ in range(nb):
        cellule = DeclinaisonFactory(colonne=colonne, action__axe=programme)
        RenvoiDeclinaison.objects.create(declinaison=cellule, ordre=1, texte="cf. programme 1")
        RegardSpecifique.objects.create(declinaison=cellule, ordre=1, quartier=quartiers[0])
        PartenariatFactory(action=cellule.action, organisme=commun, role=RolePartenaire.PILOTE)


def indicateurs(contrat, nb):
    """`nb` indicateurs mesurés deux fois dans `nb + 1` quartiers, analysés et ciblés."""
    for _ in range(nb):
        o = observatoire(nb + 1, contrat=contrat)
        o.indicateur.orientations.add(AxeFactory(contrat=contrat))
        for millesime, valeur in (("2014", 40), ("2016", 50)):
            mesures = dict.fromkeys(o.quartiers, valeur) | {o.reference: 60}
            ecrites = mesurer(o.indicateur, millesime, mesures)
            o.indicateur.millesimes_attendus.add(ecrites[0].millesime)
        AnalyseFactory(indicateur=o.indicateur)
        CibleFactory(indicateur=o.indicateur, territoire=o.quartiers[0])


def textes(contrat, parties, rang, commun):
    article = ArticleFactory(contrat=contrat)
    engagement = Engagement.objects.create(
        contrat=contrat, article=article, ordre=rang, texte="Coopérer."
    )
    engagement.porteurs.set(parties)
    engagement.beneficiaires.set(parties)
    annexe = Annexe.objects.create(
        contrat=contrat, numero=rang, ordre=rang, intitule="Annexe", contenu=ContenuAnnexe.VIDE
    )
    Renvoi.objects.create(article=article, ordre=1, texte="cf. annexe", annexe=annexe)
    Annonce.objects.create(contrat=contrat, objet=f"objet {rang}", nombre=9, libelle="Neuf")
    Etape.objects.create(
        contrat=contrat, ordre=rang, date_texte="2016", precision=Precision.ANNEE, intitule="Étape"
    )
    Financement.objects.create(
        contrat=contrat,
        ordre=rang,
        intitule="Somme",
        montant=Decimal(1000),
        financeur=commun,
        nature=NatureFinancement.INDICATIF,
    )
    Signature.objects.create(
        contrat=contrat,
        partie=parties[0],
        personne=PersonneFactory(),
        role=RoleSignature.SIGNATAIRE,
        qualite="président",
        rang=rang,
        lieu="Fleurance",
    )
    instance = Instance.objects.create(
        contrat=contrat, cle=f"i{rang}", ordre=rang, nom="Comité", type=TypeInstance.PILOTAGE
    )
    Participation.objects.create(
        instance=instance,
        organisme=commun,
        libelle="L'agence",
        role=RoleParticipation.MEMBRE,
        ordre=1,
    )


def suivi(fiche, commun):
    """Des pilotes, un sous-point, une liste, un renvoi, une section de chaque nature."""
    for action in fiche.actions.all():
        PartenariatFactory(action=action, organisme=commun, role=RolePartenaire.PILOTE)
        ActionFactory(fiche=fiche, parent=action, horizon=action.horizon)
    liste = fiche.sections.get(modele__nature=NatureSection.PARTENAIRES)
    PartenariatFactory(
        action=None,
        section=liste,
        organisme=commun,
        role=RolePartenaire.POTENTIEL,
        mention="Agence",
    )
    Renvoi.objects.create(section=liste, ordre=1, texte="cf. fiche", fiche=fiche)
    for ordre, (nature, (modele_de_ligne, champs)) in enumerate(LIGNES.items(), 10):
        modele, _ = SectionModele.objects.get_or_create(
            modele=fiche.modele, cle=nature, defaults={"ordre": ordre, "nature": nature}
        )
        section = Section.objects.create(fiche=fiche, modele=modele, ordre=ordre, libelle=nature)
        modele_de_ligne.objects.create(section=section, ordre=1, intitule="Ligne", **champs(fiche))


LIGNES = {
    NatureSection.JALONS: (Jalon, lambda fiche: {}),
    NatureSection.LIVRABLES: (Livrable, lambda fiche: {}),
    NatureSection.RISQUES: (Risque, lambda fiche: {"imprime_sous": "Facteurs"}),
    NatureSection.FACTEURS: (Facteur, lambda fiche: {}),
    NatureSection.CRITERES: (Critere, lambda fiche: {"nature": NatureCritere.QUALITATIF}),
    NatureSection.PROJETS_LIES: (ProjetLie, lambda fiche: {"cible": fiche.contrat}),
    NatureSection.RESPONSABLES: (
        Responsable,
        lambda fiche: {
            "personne": PersonneFactory(),
            "organisme": fiche.contrat.parties.first().organisme,
        },
    ),
}


def pour_organisme(organisme, nb):
    for _ in range(nb):
        Mandat.objects.create(
            personne=PersonneFactory(),
            organisme=organisme,
            qualite="présidente",
            diffusion=Diffusion.PUBLIQUE,
        )
        organisme.composants.add(OrganismeFactory())
        organisme.ensembles.add(OrganismeFactory())
