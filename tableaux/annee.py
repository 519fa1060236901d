"""Ce que le rapport annuel dit de l'année seule : ce qui s'y est fait, décidé, tenu, payé.

L'année va d'un état à l'autre : celui d'un an avant (ou du premier jour dont la plateforme garde
l'histoire) et celui du jour lu.
"""

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal

from contrats.enums import StatutAction
from tableaux.blocs import Grille, Partie, abreger, couper, marque, suite
from tableaux.calculs.contrat import mot_du_constat
from tableaux.calculs.socle import jour
from tableaux.chiffre import ABSENT, nombre
from tableaux.etat import ActionLue, ConstatLu, Etat
from tableaux.tableau import Tableau

NOMMEES_MAX = 12
HAUTEUR = 30  # lignes imprimées d'une table de l'année
A_VENIR = (StatutAction.A_LANCER, StatutAction.REPORTEE)
ARRETS = (StatutAction.SUSPENDUE, StatutAction.ABANDONNEE)
SOMMES = ("prevu", "engage", "paye")
Passage = Callable[[ActionLue | None, ActionLue | None], bool]


def un_an_avant(au: datetime.date) -> datetime.date:
    """Le même jour de l'an passé ; le 28 février pour un 29."""
    jour_ = 28 if (au.month, au.day) == (2, 29) else au.day
    return au.replace(year=au.year - 1, day=jour_)


def _devient(*statuts: str) -> Passage:
    """L'action prend un de ces statuts, qu'elle n'avait pas."""
    return lambda a, b: (
        b is not None and b.statut in statuts and (a is None or a.statut not in statuts)
    )


def _lancee(a: ActionLue | None, b: ActionLue | None) -> bool:
    """Partie de « à lancer » : en cours, ou déjà réalisée."""
    partie = (StatutAction.EN_COURS, StatutAction.REALISEE)
    return b is not None and b.statut in partie and (a is None or a.statut in A_VENIR)


def _glisse(a: ActionLue | None, b: ActionLue | None) -> bool:
    if a is None or b is None or a.echeance is None or b.echeance is None:
        return False
    return b.echeance > a.echeance


DEVENIRS: tuple[tuple[str, Passage], ...] = (
    ("Réalisées", _devient(StatutAction.REALISEE)),
    ("Lancées", _lancee),
    ("Suspendues ou abandonnées", _devient(*ARRETS)),
    ("Échéance repoussée", _glisse),
    ("Entrées au contrat", lambda a, b: a is None),
    ("Retirées du contrat", lambda a, b: b is None),
)


def annee(t: Tableau) -> Iterator[Partie]:
    """La partie « L'année » ; sans date de départ, il n'y a pas d'année à dire."""
    if t.avant is None:
        return
    phrases = [f"Du {jour(t.avant.au)} au {jour(t.au)}."]
    if t.avant.au > un_an_avant(t.au):
        phrases.append("La plateforme ne garde pas l'histoire d'avant : l'année se compte de là.")
    grilles = []
    if t.se_compare:
        grilles.append(_actions(t.avant, t.etat))
    else:
        phrases.append("La plateforme ne sait pas où en étaient alors les actions.")
    for construire in (_seances, _decisions, _engagements, _jalons, _sommes):
        dites, grille = construire(t, t.avant.au)
        phrases += dites
        grilles += [grille] if grille else []
    yield Partie("L'année", phrases, grilles=grilles)


Morceau = tuple[list[str], Grille | None]


def _actions(avant: Etat, apres: Etat) -> Grille:
    """Combien d'actions suivies ont changé, comment, et lesquelles."""
    anciennes = {a.identifiant: a for a in avant.suivies}
    presentes = {a.identifiant: a for a in apres.suivies}
    toutes = [*presentes, *(i for i in anciennes if i not in presentes)]
    lignes = []
    for mot, passe in DEVENIRS:
        siennes = [i for i in toutes if passe(anciennes.get(i), presentes.get(i))]
        nommees = [presentes.get(i) or anciennes[i] for i in siennes]
        invente = any(a.demonstration for a in nommees)
        lignes.append((marque(mot, invente), str(len(siennes)), _nommer(nommees)))
    tetes = ("Actions suivies", "Nombre", "Lesquelles")
    return Grille("Ce que les actions sont devenues dans l'année", tetes, lignes)


def _nommer(actions: list[ActionLue]) -> str:
    noms = [f"n° {a.numero}" if a.numero else abreger(a.intitule) for a in actions[:NOMMEES_MAX]]
    reste = suite(len(actions) - NOMMEES_MAX)
    return f"{', '.join(noms)}. {reste}".strip() if reste else ", ".join(noms)


def _seances(t: Tableau, debut: datetime.date) -> Morceau:
    comites = sorted({d for c in t.etat.contrats for d in c.comites if debut < d <= t.au})
    maires = sorted({d for c in t.etat.contrats for d in c.conferences if debut < d <= t.au})
    inventees = {d for c in t.etat.contrats for d in c.inventees}
    dites = [
        marque(f"{mot} : {', '.join(map(jour, dates))}.", bool(inventees & set(dates)))
        for mot, dates in (("Comités tenus", comites), ("Conférences des maires", maires))
        if dates
    ]
    return dites or ["Aucun comité tenu dans l'année n'est enregistré."], None


def _decisions(t: Tableau, debut: datetime.date) -> Morceau:
    prises = [d for d in t.decisions if debut < d.seance_le <= t.au]
    if not prises:
        return ["Aucune décision prise dans l'année n'est enregistrée."], None
    faites = sum(d.faite for d in prises)
    lignes = [
        (
            marque(abreger(d.texte, 200), d.demonstration),
            jour(d.seance_le),
            d.responsable,
            d.mot,
        )
        for d in prises
    ]
    gardees, reste = couper(lignes, HAUTEUR)
    tetes = ("Quoi", "Prise le", "Qui", "État")
    dites = [
        f"Décisions prises : {len(prises)}, dont {faites} faites.",
        *_precise(reste, "Décisions"),
    ]
    return dites, Grille("Décisions prises dans l'année", tetes, gardees)


def _de_l_annee(constat: ConstatLu | None, debut: datetime.date) -> bool:
    return constat is not None and constat.le.date() > debut


def _engagements(t: Tableau, debut: datetime.date) -> Morceau:
    if not t.etat.engagements:
        return [], None
    constates = [e for e in t.etat.engagements if _de_l_annee(e.constat, debut)]
    tenus = sum(e.constat is not None and e.constat.etat == "tenu" for e in constates)
    dites = [
        f"Engagements réciproques constatés : {len(constates)} sur {len(t.etat.engagements)}, "
        f"dont {tenus} tenus."
    ]
    if not constates:
        return dites, None
    lignes = [
        (
            marque(abreger(e.texte, 200), bool(e.constat and e.constat.demonstration)),
            ", ".join(e.porteurs),
            ", ".join(e.beneficiaires),
            abreger(mot_du_constat(e), 120),
        )
        for e in constates
    ]
    gardees, reste = couper(lignes, HAUTEUR)
    tetes = ("Engagement", "Qui le doit", "À qui", "Constat")
    dites += _precise(reste, "Engagements")
    return dites, Grille("Engagements constatés dans l'année", tetes, gardees)


def _jalons(t: Tableau, debut: datetime.date) -> Morceau:
    siens = [
        j
        for j in t.etat.jalons
        if (j.echeance and debut < j.echeance <= t.au) or _de_l_annee(j.constat, debut)
    ]
    if not siens:
        return [], None
    lignes = [
        (
            marque(abreger(j.intitule, 200), bool(j.constat and j.constat.demonstration)),
            j.fiche,
            j.echeance_texte or jour(j.echeance),
            abreger(mot_du_constat(j), 120),
        )
        for j in siens
    ]
    gardees, reste = couper(lignes, HAUTEUR)
    tetes = ("Jalon", "Fiche", "Attendu", "Constat")
    return _precise(reste, "Jalons"), Grille("Jalons de l'année", tetes, gardees)


def _precise(reste: list[str], quoi: str) -> list[str]:
    """La partie a plusieurs tables : la phrase dit laquelle est coupée."""
    return [f"{quoi} : {phrase[:1].lower()}{phrase[1:]}" for phrase in reste]


def _sommes(t: Tableau, debut: datetime.date) -> Morceau:
    """Ce que les sommes étaient, ce qu'elles sont ; une somme inconnue ne se retranche pas."""
    lignes = []
    for cle in SOMMES:
        c = t.chiffres.get(cle)
        if c is None or c.valeur is None:
            continue
        avant = c.precedent.valeur if c.precedent and t.se_compare else None
        ecart = ABSENT if avant is None else f"{nombre(Decimal(c.valeur) - Decimal(avant))} €"
        texte = c.precedent.texte if c.precedent and t.se_compare else ABSENT
        lignes.append((marque(c.libelle, c.demonstration), texte, c.texte, ecart))
    if not lignes:
        return ["Aucune somme connue n'est au contrat."], None
    tetes = ("Somme", f"Au {jour(debut)}", f"Au {jour(t.au)}", "Dans l'année")
    return [], Grille("Financement de l'année", tetes, lignes, nombres=1)
