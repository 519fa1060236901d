"""Le fichier joint : jugé sur son contenu, sans position, à nom sûr."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campagnes import fichiers
from campagnes.fichiers import FichierRefuse, controler
from tests.campagnes.images import image, pdf, photo


def envoye(contenu, nom="photo.jpg", type_annonce="image/jpeg"):
    return SimpleUploadedFile(nom, contenu, type_annonce)


def test_une_photo_perd_sa_position_son_appareil_et_ses_commentaires():
    origine = photo()
    assert Image.open(io.BytesIO(origine)).getexif().get_ifd(0x8825)
    garde = controler(envoye(origine))
    relue = Image.open(io.BytesIO(garde.contenu))
    assert not relue.getexif()
    assert "comment" not in relue.info
    assert b"Marque" not in garde.contenu
    assert garde.type == "image/jpeg"


def test_une_photo_couchee_est_redressee():
    garde = controler(envoye(photo(orientation=6)))
    assert Image.open(io.BytesIO(garde.contenu)).size == (32, 64)


def test_une_grande_photo_est_reduite(monkeypatch):
    monkeypatch.setattr(fichiers, "COTE_MAX", 20)
    assert max(Image.open(io.BytesIO(controler(envoye(photo())).contenu)).size) == 20


@pytest.mark.parametrize(
    ("contenu", "type_attendu", "extension"),
    [
        (photo(), "image/jpeg", ".jpg"),
        (image("PNG"), "image/png", ".png"),
        (image("WEBP"), "image/jpeg", ".jpg"),
        (pdf(), "application/pdf", ".pdf"),
    ],
)
def test_le_type_vient_du_contenu_jamais_du_nom(contenu, type_attendu, extension):
    garde = controler(envoye(contenu, "page.html", "text/html"))
    assert garde.type == type_attendu
    assert garde.nom == f"page{extension}"


@pytest.mark.parametrize(
    "contenu",
    [
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\x00",
        b"%PDF-1.7 et rien derriere",
        b"\xff\xd8\xff\xe0 coupe",
        photo()[:200],
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"PK\x03\x04",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        pdf(encryption=pikepdf.Encryption(owner="a", user="b")),
        b"\x00" * 50,
    ],
    ids=range(10),
)
def test_un_fichier_d_une_autre_nature_est_refuse_en_une_phrase(contenu):
    with pytest.raises(FichierRefuse, match=r"\.$"):
        controler(envoye(contenu))


def test_un_fichier_trop_gros_ou_une_image_demesuree_sont_refuses(monkeypatch):
    monkeypatch.setattr(fichiers, "TAILLE_MAX", 100)
    with pytest.raises(FichierRefuse, match="dépasse"):
        controler(envoye(photo()))
    monkeypatch.undo()
    monkeypatch.setattr(fichiers, "PIXELS_MAX", 10)
    with pytest.raises(FichierRefuse, match="trop grande"):
        controler(envoye(photo()))


@pytest.mark.parametrize(
    ("annonce", "garde"),
    [
        ("C:\\Temp\\chantier été.JPG", "chantier été.jpg"),
        ("facture.pdf.exe", "facture pdf.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ('a"b\nc.jpg', "a b c.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("é" * 300 + ".jpg", "é" * 100 + ".jpg"),
        ("....", "fichier.jpg"),
    ],
)
def test_le_nom_garde_ne_porte_ni_chemin_ni_signe_de_mise_en_page(annonce, garde):
    assert fichiers.nom_sans_chemin(annonce, "jpg") == garde
