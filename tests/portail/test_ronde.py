"""`manage.py ronde` : relances, résumés et courriels partent d'un seul appel, une seule fois."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from campagnes.models import Relance
from contrats.transitions import soumettre_fiche
from courrier.models import Courriel
from notifications.enums import Cadence
from portail.management.commands import ronde
from tests.campagnes.factories import ouverte
from tests.contrats.factories import FicheFactory
from tests.notifications.conftest import membre
from tests.notifications.factories import PreferenceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _depot(settings, tmp_path):
    """Les ancres d'un test ne sont pas celles d'un autre journal."""
    systeme = "django.core.files.storage.FileSystemStorage"
    depot = {"BACKEND": systeme, "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"documents": depot}


def test_une_ronde_fait_tout_et_la_seconde_ne_refait_rien(capsys):
    campagne = ouverte(nb_organismes=1)
    Relance.objects.create(campagne=campagne, le=timezone.localdate())
    fiche = FicheFactory(statut="brouillon")
    relectrice = membre(fiche, "copilote")
    PreferenceFactory(utilisateur=relectrice, evenement="", cadence=Cadence.QUOTIDIEN)
    soumettre_fiche(fiche, version=fiche.version, par=membre(fiche, "redaction"))
    Courriel.objects.all().delete()
    call_command("ronde")
    partis = Courriel.objects.filter(etat="envoye").values_list("destinataire", flat=True)
    attendus = {campagne.destinataires.get().email, relectrice.email}
    assert set(partis) == attendus
    call_command("ronde")
    assert Courriel.objects.count() == len(attendus)


def test_une_etape_en_panne_n_empeche_pas_les_suivantes(monkeypatch, capsys, caplog):
    monkeypatch.setattr(ronde, "ETAPES", ("commande_absente", "envoyer_courriels"))
    with pytest.raises(CommandError, match="commande_absente"):
        call_command("ronde")
    assert "envoyé(s)" in capsys.readouterr().out
    assert "commande_absente" in caplog.text
