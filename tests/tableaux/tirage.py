"""Un tirage : un contrat, son voisin, leurs indicateurs ; tous les tableaux face au SQL."""

import datetime
import random
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from indicateurs.lecture import lire_tableau
from indicateurs.models import Indicateur
from tableaux import perimetre as p
from tableaux.tableau import tableau
from tests.indicateurs import recalcul as indicateurs
from tests.indicateurs.monde import indicateurs_au_hasard
from tests.tableaux import recalcul as r
from tests.tableaux.monde import contrat_au_hasard, voisin_au_hasard

PUBLIC = AnonymousUser()
AN = datetime.timedelta(days=365)
AUTRES = ("instance", "organisme", "territoire", "programme")


@dataclass
class Tirage:
    """Ce qui diffère, et combien de chiffres se sont comparés."""

    fautes: list[str] = field(default_factory=list)
    compares: int = 0


def tirer(graine: int) -> Tirage:
    """Sème, puis compare le contrat, un autre tableau à son tour, et les indicateurs."""
    hasard, tirage = random.Random(graine), Tirage()
    aujourdhui = timezone.localdate()
    contrat = contrat_au_hasard(hasard, aujourdhui)
    voisin_au_hasard(hasard, contrat)
    indicateurs_au_hasard(hasard, hasard.choice([contrat, contrat.parent]), aujourdhui)
    organisme = contrat.parties.get().organisme
    quartier = contrat.annexes_territoriales.get().colonnes.first().quartiers.get()
    axe = hasard.choice(list(contrat.parent.axes.order_by("pk")))
    cas = {
        "contrat": (p.du_contrat(contrat), r.du_contrat(contrat)),
        "instance": (p.de_l_instance(), r.de_l_instance()),
        "organisme": (p.de_l_organisme(organisme), r.de_l_organisme(organisme)),
        "territoire": (p.du_territoire(quartier), r.du_territoire(quartier)),
        "programme": (
            p.du_programme(contrat, axe, p.descendance(axe)),
            r.du_programme(contrat, axe),
        ),
    }
    for nom in ("contrat", AUTRES[graine % len(AUTRES)]):
        perimetre, lieu = cas[nom]
        t = tableau(perimetre, PUBLIC, aujourdhui)
        fautes = r.differences(t.chiffres, lieu, t.au)
        tirage.compares += len(t.chiffres)
        if nom == "contrat":
            fautes += r.autres_differences(t, lieu)
            fautes += _resumes(t, contrat, tirage)
        tirage.fautes += [f"tirage {graine}, {nom} : {f}" for f in fautes]
    tirage.fautes += [f"tirage {graine} : {f}" for f in _lectures(aujourdhui, tirage)]
    return tirage


def _resumes(t, contrat, tirage: Tirage) -> list[str]:
    """Les indicateurs du tableau : phrase, plus grand écart, cibles, chiffres récents."""
    suivis = Indicateur.objects.filter(contrat__in=[contrat.pk, contrat.parent_id], motif_ecart="")
    siens = {i.intitule.capitalize(): i for i in suivis.order_by("pk")}
    fautes = []
    for resume in t.etat.indicateurs:
        indicateur = siens[resume.nom]
        tirage.compares += 5
        fautes += indicateurs.differences_de_resume(resume, indicateur, t.au)
    if len(t.etat.indicateurs) != len(siens):
        fautes.append(f"indicateurs : {len(t.etat.indicateurs)}, {len(siens)} en base")
    attendus = {
        "sans_chiffre": indicateurs.sans_chiffre(siens.values(), t.au, r.minuit(t.au - AN)),
        "cibles_manquees": indicateurs.cibles(siens.values(), t.au),
    }
    for cle, attendu in attendus.items() if siens else ():
        lu = (t.chiffres[cle].valeur, t.chiffres[cle].denominateur)
        if lu != attendu:
            fautes.append(f"{cle} : {lu}, {attendu} en base")
    return fautes


def _lectures(au, tirage: Tirage) -> list[str]:
    """Chaque indicateur, chaque génération, chaque quartier."""
    tous = list(Indicateur.objects.filter(motif_ecart="").pour_liste())
    fautes = []
    lus = lire_tableau(tous, PUBLIC)
    for i in tous:
        lectures = lus[i.pk]
        tirage.compares += sum(5 + 6 * len(e.lignes) for e in lectures)
        fautes += [f"{i} : {f}" for f in indicateurs.differences(i, lectures, au)]
    return fautes
