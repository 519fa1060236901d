"""Le journal : toute attaque est vue, et dite à sa place."""

import json

import pytest
from django.core.management import CommandError, call_command

from documents.enums import ActeInscrit
from documents.figes import ancres, journal
from documents.figes.depot import publier
from documents.models import DocumentFige, Inscription, Publication

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sans_declencheurs")]


@pytest.fixture
def tenu(fige, chargee):
    """Un journal de cinq lignes, ancré à la quatrième."""
    publier(fige, par=chargee)
    journal.inscrire(ActeInscrit.TELECHARGER, par=chargee.pk, document=str(fige.public_id))
    ancres.ancrer()
    journal.inscrire(ActeInscrit.TELECHARGER, par=chargee.pk, document=str(fige.public_id))
    assert list(journal.ruptures()) == []
    return fige


def ligne(rang):
    return Inscription.objects.filter(rang=rang)


def refaire_la_chaine(depuis):
    """L'attaquant recalcule toutes les empreintes après son passage."""
    precedente = ligne(depuis - 1).get().empreinte if depuis > 1 else journal.ORIGINE
    for suivante in Inscription.objects.filter(rang__gte=depuis).order_by("rang"):
        empreinte = journal.empreinte(precedente, suivante.contenu)
        ligne(suivante.rang).update(precedente=precedente, empreinte=empreinte)
        precedente = empreinte


def changer_un_contenu():
    contenu = json.loads(ligne(3).get().contenu) | {"par": 999}
    ligne(3).update(contenu=journal.canonique(contenu))


def changer_et_refaire_la_chaine():
    changer_un_contenu()
    refaire_la_chaine(3)


def retirer_une_ligne():
    ligne(3).delete()


def retirer_et_renumeroter():
    ligne(3).delete()
    ligne(4).update(rang=3)
    ligne(5).update(rang=4)


def echanger_deux_lignes():
    ligne(2).update(rang=100)
    ligne(3).update(rang=2)
    ligne(100).update(rang=3)


def couper_la_fin():
    Inscription.objects.filter(rang__gte=3).delete()


def fourcher():
    ligne(5).update(precedente="f" * 64)


def remettre_une_vieille_sauvegarde():
    Inscription.objects.filter(rang__gte=2).delete()
    Publication.objects.all().delete()


def changer_l_acte():
    ligne(3).update(acte=ActeInscrit.PUBLIER)


def changer_le_document():
    DocumentFige.objects.update(titre="Autre titre")


def retirer_le_document():
    Publication.objects.all().delete()
    DocumentFige.objects.all().delete()


def depublier():
    Publication.objects.all().delete()


ATTAQUES = [
    changer_un_contenu,
    changer_et_refaire_la_chaine,
    retirer_une_ligne,
    retirer_et_renumeroter,
    echanger_deux_lignes,
    couper_la_fin,
    fourcher,
    remettre_une_vieille_sauvegarde,
    changer_l_acte,
    changer_le_document,
    retirer_le_document,
    depublier,
]


@pytest.mark.parametrize("attaque", ATTAQUES, ids=lambda a: a.__name__)
def test_une_attaque_est_vue(tenu, attaque):
    attaque()
    assert list(journal.ruptures())
    with pytest.raises(CommandError, match="pas intact"):
        call_command("verifier_journal")


def test_une_ancre_contrefaite_ou_abimee_est_vue(tenu, depot):
    [fichier] = (depot / ancres.DOSSIER).iterdir()
    ancre = json.loads(fichier.read_bytes())
    for faux in (ancre | {"corps": ancre["corps"].replace("4", "3", 1)}, {"corps": 1}, []):
        fichier.chmod(0o644)
        fichier.write_text(json.dumps(faux))
        assert any("Ancre" in rupture for rupture in journal.ruptures())


def test_une_ancre_se_verifie_apres_un_changement_de_cle(tenu, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "une-autre-cle"
    assert list(journal.ruptures()) == []
    settings.SECRET_KEY_FALLBACKS = []
    assert any("signature" in rupture for rupture in journal.ruptures())


def test_un_journal_intact_le_dit(tenu, capsys):
    call_command("verifier_journal")
    assert "Journal intact : 5 lignes, 1 documents figés." in capsys.readouterr().out


def test_le_journal_ne_nomme_personne(tenu, chargee):
    textes = "".join(Inscription.objects.values_list("contenu", flat=True))
    assert chargee.email not in textes
