"""Le contenu d'une fiche se lit et s'écrit d'un bloc, à version contrôlée."""

import copy
import json

import pytest
from django.core.exceptions import PermissionDenied

from contrats.contenu.comparaison import comparer
from contrats.contenu.ecriture import enregistrer, retablir
from contrats.contenu.forme import ContenuInvalide, action_vide
from contrats.contenu.lecture import lire
from contrats.enums import Horizon, StatutAction
from contrats.models import Action, Fiche, Version
from contrats.transitions import TransitionImpossible
from contrats.versions import versionner
from edition.ecriture import VersionPerimee
from partenaires.models import Organisme
from tests.contrats.factories import ActionFactory, ContratFactory, FicheFactory, fiche_complete
from tests.partenaires.factories import OrganismeFactory
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


def section(contenu, cle):
    return next(s for s in contenu["sections"] if s["cle"] == cle)


def modifie(fiche, **champs):
    contenu = copy.deepcopy(lire(fiche))
    section(contenu, "contexte").update(champs)
    return contenu


def test_le_contenu_est_du_json_et_se_relit_identique(fiche, redactrice):
    contenu = json.loads(json.dumps(lire(fiche)))
    contenu["titre"] = "Un autre titre"
    enregistrer(fiche, contenu, version=1, par=redactrice)
    assert lire(Fiche.objects.get(pk=fiche.pk)) == contenu


@pytest.mark.parametrize("nb", [1, 5])
def test_lire_a_un_nombre_de_requetes_constant(django_assert_num_queries, nb):
    fiche = Fiche.objects.select_related("axe").get(pk=fiche_complete(nb_actions=nb).pk)
    with django_assert_num_queries(15):
        lire(fiche)


def test_un_enregistrement_fait_une_version_entiere(fiche, redactrice):
    contenu = modifie(fiche, texte="Nouveau contexte.")
    version = enregistrer(fiche, contenu, version=1, par=redactrice, motif="Relecture")
    fiche.refresh_from_db()
    assert (fiche.version, fiche.modifie_par) == (2, redactrice)
    assert (version.numero, version.auteur, version.motif) == (2, redactrice, "Relecture")
    assert version.instantane == lire(fiche)
    assert section(version.instantane, "contexte")["texte"] == "Nouveau contexte."


def test_un_enregistrement_sans_changement_ne_fait_pas_de_version(fiche, redactrice):
    assert enregistrer(fiche, lire(fiche), version=1, par=redactrice) is None
    fiche.refresh_from_db()
    assert fiche.version == 1
    assert not fiche.versions.exists()


def test_une_version_perimee_n_ecrit_rien(fiche, redactrice, pilote):
    mienne = modifie(fiche, texte="La mienne.")
    enregistrer(fiche, modifie(fiche, texte="La leur."), version=1, par=pilote)
    with pytest.raises(VersionPerimee):
        enregistrer(fiche, mienne, version=1, par=redactrice)
    assert section(lire(fiche), "contexte")["texte"] == "La leur."
    assert Version.objects.count() == 1


def test_modifier_reserve_a_qui_redige(fiche, lectrice, etrangere):
    for utilisateur in (lectrice, etrangere):
        with pytest.raises(PermissionDenied):
            enregistrer(fiche, modifie(fiche, texte="Non."), version=1, par=utilisateur)
    assert not Version.objects.exists()


def test_actions_ajoutees_modifiees_deplacees_supprimees(fiche, redactrice):
    organisme, territoire = OrganismeFactory(), TerritoireFactory()
    contenu = copy.deepcopy(lire(fiche))
    court, long = section(contenu, "court"), section(contenu, "moyen-long")
    gardee, deplacee = court["actions"]
    supprimee = section(contenu, "pilote")["actions"].pop()
    gardee.update(avancement=40, statut="en_cours", pilotes=[organisme.cle])
    court["actions"].remove(deplacee)
    long["actions"].append(deplacee)
    nouvelle = {**action_vide(), "intitule": "Nouvelle", "territoires": [territoire.cle]}
    sous = {**action_vide(), "intitule": "Sous-point"}
    court["actions"].insert(0, {**nouvelle, "sous_actions": [sous]})
    enregistrer(fiche, contenu, version=1, par=redactrice)

    assert not Action.objects.filter(public_id=supprimee["id"]).exists()
    action = Action.objects.get(public_id=gardee["id"])
    assert (action.avancement, action.version) == (40, 2)
    assert [p.organisme for p in action.partenariats.all()] == [organisme]
    assert Action.objects.get(public_id=deplacee["id"]).horizon == Horizon.MOYEN_LONG
    creee = Action.objects.get(intitule="Nouvelle")
    assert creee.contrat == fiche.contrat
    assert list(creee.territoires.all()) == [territoire]
    assert creee.sous_actions.get().horizon == Horizon.COURT
    assert [a["intitule"] for a in section(lire(fiche), "court")["actions"]] == [
        "Nouvelle",
        gardee["intitule"],
    ]


def test_un_sous_point_deplace_survit_a_son_ancien_parent(fiche, redactrice):
    parent = Action.objects.filter(fiche=fiche, horizon=Horizon.COURT).first()
    sous = ActionFactory(fiche=fiche, parent=parent, intitule="Sous-point")
    contenu = copy.deepcopy(lire(fiche))
    court = section(contenu, "court")
    ancien = next(a for a in court["actions"] if a["id"] == str(parent.public_id))
    court["actions"].remove(ancien)
    court["actions"].append(ancien["sous_actions"].pop())
    enregistrer(fiche, contenu, version=1, par=redactrice)
    sous.refresh_from_db()
    assert sous.parent is None
    assert not Action.objects.filter(pk=parent.pk).exists()


def test_une_action_d_une_autre_fiche_est_refusee(fiche, redactrice):
    etrangere = ActionFactory()
    contenu = copy.deepcopy(lire(fiche))
    volee = {**action_vide(), "id": str(etrangere.public_id), "intitule": "Volée"}
    section(contenu, "court")["actions"].append(volee)
    with pytest.raises(ContenuInvalide, match="n'appartient pas"):
        enregistrer(fiche, contenu, version=1, par=redactrice)
    fiche.refresh_from_db()
    assert fiche.version == 1


@pytest.mark.parametrize(
    "gate",
    [
        lambda c: section(c, "partenaires")["partenaires"].append(
            {"organisme": "inconnu", "mention": "?"}
        ),
        lambda c: section(c, "court")["actions"][0].update(territoires=["inconnu"]),
        lambda c: c.update(axe="inconnu"),
        lambda c: section(c, "court")["actions"][0].update(id="pas-un-uuid"),
        lambda c: section(c, "court")["actions"][0].update(avancement=140),
        lambda c: section(c, "court")["actions"][0].update(
            debut="2026-02-01", echeance="2026-01-01"
        ),
        lambda c: section(c, "court")["actions"][0].update(intitule=""),
        lambda c: section(c, "contexte").update(etat="neant"),
        lambda c: c["sections"].append(copy.deepcopy(c["sections"][0])),
        lambda c: c["sections"][0].update(cle="inconnue"),
        lambda c: section(c, "contexte").update(lignes=[{"intitule": "Jalon"}]),
    ],
)
def test_un_contenu_invalide_n_ecrit_rien(fiche, redactrice, gate):
    contenu = copy.deepcopy(lire(fiche))
    section(contenu, "contexte")["texte"] = "Changé avec une erreur."
    gate(contenu)
    with pytest.raises(ContenuInvalide):
        enregistrer(fiche, contenu, version=1, par=redactrice)
    fiche.refresh_from_db()
    assert fiche.version == 1
    assert "Changé" not in section(lire(fiche), "contexte")["texte"]


def test_une_reference_d_un_autre_contrat_est_inconnue(fiche, redactrice):
    autre = FicheFactory(contrat=ContratFactory())
    contenu = copy.deepcopy(lire(fiche))
    section(contenu, "contexte")["renvois"] = [
        {"texte": "cf.", "fiche": autre.cle, "annexe": None, "document": "", "deduit": False}
    ]
    with pytest.raises(ContenuInvalide, match="Aucun choix"):
        enregistrer(fiche, contenu, version=1, par=redactrice)


def avec_action(fiche, action, **champs):
    contenu = copy.deepcopy(lire(fiche))
    for s in contenu["sections"]:
        for a in s["actions"]:
            if a["id"] == str(action.public_id):
                a.update(champs)
    return contenu


def test_le_statut_d_une_action_suit_la_table_et_va_au_journal(fiche, redactrice):
    action = Action.objects.filter(fiche=fiche).first()
    suspendue = {"statut": StatutAction.SUSPENDUE, "motif_statut": "Attente d'un avis"}
    enregistrer(fiche, avec_action(fiche, action, **suspendue), version=1, par=redactrice)
    [passage] = action.transitions.all()
    assert (passage.de, passage.vers, passage.motif, passage.par) == (
        "a_lancer",
        "suspendue",
        "Attente d'un avis",
        redactrice,
    )
    realisee = avec_action(fiche, action, statut=StatutAction.REALISEE)
    with pytest.raises(ContenuInvalide, match="ne peut pas devenir"):
        enregistrer(fiche, realisee, version=2, par=redactrice)


@pytest.mark.parametrize("statut", [*StatutAction.motives(), StatutAction.REGROUPEE])
def test_un_statut_qui_dit_pourquoi_ou_avec_qui_ne_s_enregistre_pas_sans(fiche, redactrice, statut):
    action = Action.objects.filter(fiche=fiche).first()
    with pytest.raises(ContenuInvalide, match=r"dites pourquoi|choisissez-la"):
        enregistrer(fiche, avec_action(fiche, action, statut=statut), version=1, par=redactrice)


@pytest.mark.parametrize("cible", ["", "pas-un-identifiant", "elle-meme", "etrangere"])
def test_une_action_ne_se_regroupe_qu_avec_une_autre_du_contrat(fiche, redactrice, cible):
    action = Action.objects.filter(fiche=fiche).first()
    cibles = {"elle-meme": action.public_id, "etrangere": ActionFactory().public_id}
    contenu = avec_action(
        fiche, action, statut=StatutAction.REGROUPEE, regroupee_dans=str(cibles.get(cible, cible))
    )
    with pytest.raises(ContenuInvalide, match="choisissez-la"):
        enregistrer(fiche, contenu, version=1, par=redactrice)


def test_l_action_qui_en_regroupe_d_autres_ne_se_retire_pas(fiche, redactrice):
    cible, action = Action.objects.filter(fiche=fiche)[:2]
    contenu = avec_action(
        fiche, action, statut=StatutAction.REGROUPEE, regroupee_dans=str(cible.public_id)
    )
    enregistrer(fiche, contenu, version=1, par=redactrice)
    contenu = copy.deepcopy(lire(fiche))
    for s in contenu["sections"]:
        s["actions"] = [a for a in s["actions"] if a["id"] != str(cible.public_id)]
    with pytest.raises(ContenuInvalide, match="regroupées"):
        enregistrer(fiche, contenu, version=2, par=redactrice)


@pytest.mark.parametrize("avant", set(StatutAction) - {StatutAction.REGROUPEE})
@pytest.mark.parametrize("apres", StatutAction)
def test_retablir_remet_tout_statut_d_action(fiche, redactrice, avant, apres):
    """D'où que l'on parte : l'état d'une version se retrouve exactement."""
    action, cible = Action.objects.filter(fiche=fiche)[:2]
    ancien = {"statut": avant, "motif_statut": "Avant" if avant in StatutAction.motives() else ""}
    Action.objects.filter(pk=action.pk).update(**ancien)
    version = versionner(fiche, par=None)
    nouveau = {"statut": apres, "motif_statut": "Après" if apres in StatutAction.motives() else ""}
    regroupee = {"regroupee_dans": cible if apres == StatutAction.REGROUPEE else None}
    Action.objects.filter(pk=action.pk).update(**nouveau, **regroupee)
    retablir(fiche, version, version=1, par=redactrice)
    assert lire(fiche) == version.instantane


def test_une_fiche_soumise_ne_s_ecrit_plus(fiche, redactrice):
    Fiche.objects.filter(pk=fiche.pk).update(statut="en_relecture")
    with pytest.raises(TransitionImpossible, match="fermé"):
        enregistrer(fiche, modifie(fiche, texte="Trop tard."), version=1, par=redactrice)


def test_comparer_nomme_chaque_champ_change(fiche):
    avant = lire(fiche)
    apres = copy.deepcopy(avant)
    apres["titre"] = "Titre neuf"
    section(apres, "contexte")["texte"] = "Contexte neuf"
    section(apres, "court")["actions"][0]["avancement"] = 25
    ecarts = {e.libelle: (e.avant, e.apres) for e in comparer(avant, apres)}
    action = section(avant, "court")["actions"][0]["intitule"]
    assert ecarts == {
        "Titre": (avant["titre"], "Titre neuf"),
        "Contexte": (section(avant, "contexte")["texte"], "Contexte neuf"),
        f"Action « {action} », avancement (%)": ("", "25"),
    }
    assert comparer(avant, avant) == []


def test_retablir_une_version_rend_exactement_son_etat(fiche, redactrice):
    enregistrer(fiche, modifie(fiche, texte="Deux."), version=1, par=redactrice)
    deux = fiche.versions.get(numero=2)
    contenu = copy.deepcopy(lire(fiche))
    section(contenu, "court")["actions"].clear()
    contenu["titre"] = "Tout autre"
    enregistrer(fiche, contenu, version=2, par=redactrice)
    retablie = retablir(fiche, deux, version=3, par=redactrice)
    assert (retablie.numero, retablie.motif) == (4, "Rétablit la version 2")
    assert retablie.instantane == deux.instantane == lire(Fiche.objects.get(pk=fiche.pk))


def test_retablir_suit_un_organisme_fusionne(fiche, redactrice):
    enregistrer(fiche, modifie(fiche, texte="Deux."), version=1, par=redactrice)
    mention = section(lire(fiche), "partenaires")["partenaires"][0]
    garde = OrganismeFactory()
    Organisme.objects.filter(cle=mention["organisme"]).update(fusionne_dans=garde)
    contenu = copy.deepcopy(lire(fiche))
    section(contenu, "partenaires")["partenaires"].clear()
    enregistrer(fiche, contenu, version=2, par=redactrice)
    retablir(fiche, fiche.versions.get(numero=2), version=3, par=redactrice)
    assert section(lire(fiche), "partenaires")["partenaires"][0]["organisme"] == garde.cle
