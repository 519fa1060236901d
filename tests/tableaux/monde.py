"""Un contrat tiré au sort, et des histoires tirées au sort : pour recalculer et pour relire."""

import datetime
import random
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from contrats.contenu.ecriture import enregistrer
from contrats.contenu.lecture import lire
from contrats.enums import (
    NatureFinancement,
    NatureSection,
    OrigineCredits,
    RolePartenaire,
    StatutAction,
    StatutContrat,
    StatutFiche,
    TransitionAction,
    TransitionContrat,
)
from contrats.historique import constater
from contrats.models import Action, Contrat, Engagement, Financement, Jalon, Transition
from contrats.transitions import Suivi, ecrire_suivi, suivre_action
from contrats.versions import versionner
from edition.ecriture import mettre_a_jour
from gouvernance.enums import TypeInstance
from indicateurs.enums import Sens, StatutMesure
from indicateurs.models import Indicateur
from partenaires.models import Charte
from perr.contenu import Contenu
from perr.ecriture import Modification, ecrire_cellules
from perr.enums import StatutDeclinaison
from perr.models import Colonne, Declinaison
from tableaux.enums import EtatConstat, ValeurMeteo
from tableaux.models import Constat, Meteo
from territoires.enums import TypeTerritoire
from tests.contrats.factories import (
    ActionFactory,
    ContratFactory,
    FicheFactory,
    PartenariatFactory,
    PartieFactory,
    SectionFactory,
)
from tests.documents.factories import DocumentFigeFactory
from tests.gouvernance.factories import InstanceFactory, SeanceFactory
from tests.indicateurs.factories import CibleFactory, mesurer, observatoire
from tests.partenaires.factories import OrganismeFactory
from tests.perr.factories import matrice, places
from tests.territoires.factories import TerritoireFactory

JOUR = datetime.timedelta(days=1)


def contrat_au_hasard(hasard: random.Random, aujourdhui: datetime.date) -> Contrat:
    """Actions de tous statuts, cellules de tous statuts, sommes, engagements, constats."""
    contrat = matrice(actions=hasard.randint(1, 9), colonnes=hasard.randint(1, 4))
    organismes = OrganismeFactory.create_batch(2)
    actions = list(contrat.actions.order_by("ordre"))
    for action in actions:
        action.statut = hasard.choice([s for s in StatutAction if s != StatutAction.REGROUPEE])
        action.motif_statut = "Motif" if action.statut in StatutAction.motives() else ""
        action.avancement = hasard.choice([None, 0, 50, 100])
        action.echeance = hasard.choice(
            [None, *(aujourdhui + hasard.randint(-3, 3) * JOUR for _ in range(3))]
        )
        action.demonstration = hasard.random() < 0.3
        if len(actions) > 1 and hasard.random() < 0.15 and action != actions[0]:
            action.parent = actions[0]
        elif len(actions) > 2 and hasard.random() < 0.15 and action != actions[1]:
            action.statut, action.motif_statut = StatutAction.REGROUPEE, ""
            action.regroupee_dans = actions[1]
        action.save()
        if hasard.random() < 0.6:
            role = hasard.choice([RolePartenaire.PILOTE, RolePartenaire.PARTENAIRE])
            PartenariatFactory(action=action, organisme=hasard.choice(organismes), role=role)
    constater(contrat, par=None)
    _vieillir(hasard, contrat)
    for action, colonne in places(contrat):
        if hasard.random() < 0.5:
            statut = hasard.choice(list(StatutDeclinaison))
            Declinaison.objects.create(
                action_id=action, colonne_id=colonne, statut=statut, texte="T", motif="M"
            )
    partie = PartieFactory(contrat=contrat, organisme=organismes[0])
    for ordre in range(hasard.randint(0, 3)):
        engagement = Engagement.objects.create(contrat=contrat, ordre=ordre, texte="Promettre.")
        engagement.porteurs.add(partie)
        if hasard.random() < 0.5:
            engagement.beneficiaires.add(partie)
        for _ in range(hasard.randint(0, 2)):
            Constat.objects.create(
                contrat=contrat, engagement=engagement, etat=hasard.choice(EtatConstat.values)
            )
    for ordre in range(hasard.randint(0, 3)):
        montants = [hasard.choice([None, Decimal(hasard.randint(1, 10**6))]) for _ in range(3)]
        Financement.objects.create(
            contrat=contrat,
            ordre=ordre,
            intitule=f"Somme {ordre}",
            montant=montants[0],
            engage=montants[1],
            paye=montants[2],
            origine=hasard.choice(["", *OrigineCredits.values]),
            en_nature=hasard.random() < 0.2,
            beneficiaire=hasard.choice([None, *organismes]),
            nature=NatureFinancement.INDICATIF,
        )
    _jalons(hasard, contrat, aujourdhui)
    _devoirs(hasard, contrat, aujourdhui, organismes)
    _indicateurs(hasard, contrat, aujourdhui)
    return contrat


def _vieillir(hasard, contrat) -> None:
    """Des actions dont rien n'a changé depuis six mois, à un jour près."""
    for etat in contrat.etats_d_action.order_by("pk"):
        if hasard.random() < 0.4:
            etat.le = timezone.now() - hasard.choice([179, 180, 181, 182, 400]) * JOUR
            etat.save(update_fields=["le"])


def _jalons(hasard, contrat, aujourdhui) -> None:
    """Une fiche publiée et ses jalons : passés, du jour, à venir, sans date, constatés ou non."""
    if hasard.random() < 0.3:
        return
    fiche = FicheFactory(contrat=contrat, statut=StatutFiche.PUBLIEE)
    section = SectionFactory(fiche=fiche, modele__nature=NatureSection.JALONS)
    for ordre in range(hasard.randint(1, 4)):
        jalon = section.jalons.create(
            ordre=ordre,
            intitule=f"Jalon {ordre}",
            echeance=hasard.choice([None, *(aujourdhui + n * JOUR for n in (-40, -1, 0, 5))]),
        )
        for _ in range(hasard.choice([0, 0, 1, 2])):
            etat = hasard.choice(EtatConstat.values)
            Constat.objects.create(contrat=contrat, fiche=fiche, jalon=jalon.intitule, etat=etat)
    fiche.garder_version(par=None)


def _devoirs(hasard, contrat, aujourdhui, organismes) -> None:
    """Un type de contrat, des comités et des rapports à un an près, un PETR, des chartes."""

    def il_y_a(*jours: int) -> datetime.date:
        return aujourdhui - hasard.choice(jours) * JOUR

    contrat.type = hasard.choice(["perr", "feuille_de_route", "projet_de_territoire"])
    contrat.debut = hasard.choice([None, il_y_a(10, 365, 366, 900)])
    contrat.save()
    for rang, cle in enumerate(("copil", "conference-des-maires")):
        if hasard.random() < 0.4:
            continue
        de = contrat if rang or hasard.random() < 0.5 else contrat.parent
        genre = TypeInstance.CONSULTATIVE if rang else TypeInstance.PILOTAGE
        instance = InstanceFactory(contrat=de, cle=cle, type=genre)
        for _ in range(hasard.randint(0, 2)):
            le = il_y_a(1, 364, 365, 366, 700)
            SeanceFactory(instance=instance, close=True, le=le, publique=hasard.random() < 0.8)
    if hasard.random() < 0.5:
        cle = il_y_a(3, 365, 366).isoformat()
        DocumentFigeFactory(contrat=contrat, nature="annuel", valeur="rapport", cle=cle)
    if hasard.random() < 0.5:
        petr = TerritoireFactory(type=TypeTerritoire.PETR, valide_du=il_y_a(100, 365, 366, 800))
        contrat.territoires.add(petr)
    if hasard.random() < 0.5:
        adoption = contrat.transitions.create(
            transition=TransitionContrat.ADOPTER, de="en_preparation", vers=StatutContrat.ADOPTE
        )
        le = timezone.make_aware(datetime.datetime.combine(il_y_a(1, 90, 450), datetime.time(12)))
        Transition.objects.filter(pk=adoption.pk).update(le=le)
    for organisme in organismes:
        if hasard.random() < 0.5:
            Charte.objects.create(organisme=organisme, genre="cer", signee_le=il_y_a(0, 30))


def voisin_au_hasard(hasard: random.Random, contrat: Contrat) -> Contrat:
    """Un autre contrat, sans matrice, d'un même organisme et d'un même territoire : ce qu'un
    programme, un organisme, un territoire et l'instance ne comptent pas pareil."""
    voisin = ContratFactory(publie=True)
    organisme = contrat.parties.get().organisme
    quartier = Colonne.objects.filter(annexe__contrat=contrat).first().quartiers.get()
    if hasard.random() < 0.5:
        voisin.territoires.add(quartier)
    for _ in range(hasard.randint(0, 3)):
        action = ActionFactory(fiche=None, contrat=voisin)
        if hasard.random() < 0.5:
            action.territoires.add(hasard.choice([quartier, TerritoireFactory()]))
        if hasard.random() < 0.5:
            role = hasard.choice([RolePartenaire.PILOTE, RolePartenaire.PARTENAIRE])
            PartenariatFactory(action=action, organisme=organisme, role=role)
    for action in contrat.actions.order_by("pk"):
        if hasard.random() < 0.1:
            action.territoires.add(quartier)
    return voisin


def _indicateurs(hasard, contrat, aujourdhui) -> None:
    """Au contrat, ou à celui qu'il complète : un millésime, des valeurs et des absences."""
    for _ in range(hasard.randint(0, 2)):
        o = observatoire(
            hasard.randint(1, 3),
            contrat=hasard.choice([contrat, contrat.parent]),
            sens=hasard.choice(Sens.values),
            motif_ecart=hasard.choice(["", "", "Écarté"]),
        )
        dits = [None, Decimal(hasard.randint(0, 90)), StatutMesure.SECRET]
        valeurs = {q: v for q in o.quartiers if (v := hasard.choice(dits)) is not None}
        if valeurs:
            mesurer(o.indicateur, "2019", valeurs)
        if hasard.random() < 0.6:
            echeance = aujourdhui + hasard.choice([-10, 10]) * JOUR
            CibleFactory(indicateur=o.indicateur, valeur=Decimal(45), echeance=echeance)


def geste(hasard: random.Random, contrat: Contrat, par) -> str:
    """Une écriture au hasard, par les portes de tout le monde ; rend son nom."""
    contrat.refresh_from_db()
    choisi = hasard.choice(GESTES)
    choisi(hasard, contrat, par)
    return choisi.__name__


def _action(hasard, contrat) -> Action:
    return hasard.choice(list(contrat.actions.select_related("fiche").order_by("pk")))


def _suivre(hasard, contrat, par):
    action = _action(hasard, contrat)
    depart = action.debut or datetime.date(2026, 1, 1)
    suivi = Suivi(
        statut=action.statut,
        avancement=hasard.choice([None, 10, 60]),
        echeance=hasard.choice([None, depart + hasard.randint(0, 400) * JOUR]),
    )
    ecrire_suivi(action, suivi, version=action.version, par=par)


def _franchir(hasard, contrat, par):
    action = _action(hasard, contrat)
    gestes = {
        StatutAction.A_LANCER: TransitionAction.LANCER,
        StatutAction.EN_COURS: hasard.choice(
            [TransitionAction.TERMINER, TransitionAction.SUSPENDRE]
        ),
        StatutAction.SUSPENDUE: TransitionAction.REPRENDRE,
        StatutAction.REALISEE: TransitionAction.REPRENDRE,
    }
    transition = gestes.get(action.statut, TransitionAction.REMETTRE)
    suivre_action(action, transition, version=action.version, par=par, motif="Au hasard")


def _cellule(hasard, contrat, par):
    en_ligne = set(contrat.actions.filter(parent=None).values_list("pk", flat=True))
    action, colonne = hasard.choice([p for p in places(contrat) if p[0] in en_ligne])
    lue = Declinaison.objects.filter(action=action, colonne=colonne).first()
    statut = hasard.choice([StatutDeclinaison.TEXTE, StatutDeclinaison.NON_TRAVAILLE])
    contenu = replace(Contenu(), statut=statut, texte=f"Texte {hasard.random()}")
    if lue and hasard.random() < 0.4:
        contenu = None
    version = lue.version if lue else None
    ecrire_cellules(contrat, [Modification(action, colonne, version, contenu)], par=par)


def _pilote(hasard, contrat, par):
    action = _action(hasard, contrat)
    action.partenariats.all().delete()
    if hasard.random() < 0.6:
        PartenariatFactory(action=action, role=RolePartenaire.PILOTE)
    action.garder_version(par=par)


def _somme(hasard, contrat, par):
    ordre = contrat.financements.count()
    Financement.objects.create(
        contrat=contrat,
        ordre=ordre,
        intitule=f"Somme {ordre}",
        montant=hasard.choice([None, Decimal(hasard.randint(1, 10**6))]),
        engage=hasard.choice([None, Decimal(500)]),
        origine=hasard.choice(["", *OrigineCredits.values]),
        nature=NatureFinancement.INDICATIF,
    )
    mettre_a_jour(contrat, version=contrat.version)
    versionner(contrat, par=par, motif="Somme")


def _promettre(hasard, contrat, par):
    engagement = Engagement.objects.create(
        contrat=contrat, ordre=contrat.engagements.count(), texte=f"Promettre {hasard.random()}."
    )
    engagement.porteurs.add(contrat.parties.first() or PartieFactory(contrat=contrat))
    mettre_a_jour(contrat, version=contrat.version)
    versionner(contrat, par=par, motif="Engagement")


def _dire(hasard, contrat, par):
    engagement = contrat.engagements.order_by("-ordre").first()
    if engagement and hasard.random() < 0.5:
        etat = hasard.choice(EtatConstat.values)
        Constat.objects.create(contrat=contrat, engagement=engagement, etat=etat, auteur=par)
        return
    valeur = hasard.choice(ValeurMeteo.values)
    Meteo.objects.create(contrat=contrat, valeur=valeur, phrase="Au hasard.", auteur=par)


def _mesurer(hasard, contrat, par):
    """Un chiffre nouveau ou corrigé ; un secret, lui, se tait aussi au passé."""
    indicateurs = Indicateur.objects.filter(contrat__in=[contrat, contrat.parent], motif_ecart="")
    if not indicateurs:
        return
    indicateur = hasard.choice(list(indicateurs.order_by("pk")))
    lieux = [*indicateur.contrat.territoires.filter(type=TypeTerritoire.QPV), indicateur.reference]
    valeur = hasard.choice([Decimal(hasard.randint(0, 90)), StatutMesure.NON_DISPONIBLE])
    mesurer(indicateur, hasard.choice(["2021", "2023"]), {hasard.choice(lieux): valeur}, par=par)


def _jalonner(hasard, contrat, par):
    """Un jalon constaté, ou sa fiche réécrite avec une autre date."""
    jalon = Jalon.objects.filter(section__fiche__contrat=contrat).order_by("?").first()
    if jalon is None:
        return
    fiche = jalon.section.fiche
    if hasard.random() < 0.5:
        etat = hasard.choice(EtatConstat.values)
        Constat.objects.create(
            contrat=contrat, fiche=fiche, jalon=jalon.intitule, etat=etat, auteur=par
        )
        return
    contenu = lire(fiche)
    lignes = [li for s in contenu["sections"] for li in s["lignes"]]
    hasard.choice(lignes)["echeance"] = f"2026-0{hasard.randint(2, 9)}-15"
    enregistrer(fiche, contenu, version=fiche.version, par=par)


GESTES = (
    _suivre,
    _franchir,
    _cellule,
    _pilote,
    _somme,
    _promettre,
    _dire,
    _mesurer,
    _jalonner,
)
