"""Le PDF final : tout ce qui a été rendu, à l'octet près."""

import hashlib
import io

import pikepdf
import pytest
from django.utils import timezone

from contrats.transitions import TransitionImpossible
from documents.enums import ActeInscrit
from documents.models import Inscription
from signatures import pades, transitions
from signatures.assemblage import assembler
from signatures.pieces import scan as lire_scan
from signatures.taches import assembler_le_pdf
from tests.signatures.autorite import Autorite
from tests.signatures.factories import PIXEL, campagne_lancee, pdf

pytestmark = pytest.mark.django_db


def test_le_pdf_final_joint_chaque_original_a_l_octet_pres(settings, tmp_path, depot):
    autorite = Autorite()
    settings.SIGNATURE_RACINES = autorite.poser(tmp_path / "racines")
    envoye = pdf()
    rendus = [PIXEL + b"1", pdf("Page signee"), autorite.signer(envoye, "Anne Roux")]
    campagne = campagne_lancee(nb=3, octets=envoye)
    with pytest.raises(TransitionImpossible, match="toutes les signatures"):
        assembler(campagne, par=campagne.preparee_par)
    for rang, octets in enumerate(rendus, 1):
        s = campagne.signataires.get(rang=rang)
        lire = lire_scan if rang < 3 else lambda n, o: pades.recevoir(n, o, campagne.document)
        transitions.signer(
            s,
            lire("rendu.pdf", octets),
            version=s.version,
            le=timezone.localdate(),
            par=campagne.preparee_par,
        )
    campagne.refresh_from_db()
    empreinte = assembler(campagne, par=campagne.preparee_par)
    assert assembler_le_pdf.func(campagne.pk) == empreinte  # refait : les mêmes octets
    assert Inscription.objects.filter(acte=ActeInscrit.ASSEMBLER).count() == 1
    final = (depot / campagne.chemin_assemblage).read_bytes()
    assert hashlib.sha256(final).hexdigest() == empreinte
    with pikepdf.open(io.BytesIO(final)) as lu:
        joints = [f.get_file().read_bytes() for _, f in sorted(lu.attachments.items())]
        assert joints == [envoye, *rendus]
        # La copie du document (deux pages), le bordereau, une image, deux pages numérisées.
        assert len(lu.pages) == 6
        assert lu.pages[0].Contents.read_bytes() == _premiere_page(envoye)
        assert lu.Root.PageLabels.Nums[2] == 2
        with lu.open_outline() as signets:
            titres = [signet.title for signet in signets.root]
        assert titres[0] == "Le document (copie)"
        assert titres[-1] == f"Page signée : {campagne.signataires.get(rang=2).pour}"
        assert "pdfuaid:part" not in lu.open_metadata()


def _premiere_page(octets):
    with pikepdf.open(io.BytesIO(octets)) as lu:
        return lu.pages[0].Contents.read_bytes()
