// Ce qui est collé d'un traitement de texte : seuls le texte et les marques du schéma entrent.

const LISTE_DE_WORD = /mso-list:\s*l\d+\s+level\d+/i;
const PUCE_DE_WORD = /^[\s\u00a0]*(?:[·•o§▪–-]|(\d+|[a-z])[.)])[\s\u00a0]+/i;

const ATTRIBUTS = ["data-note", "data-pm-slice", "href", "start", "title"];

/**
 * Rend le HTML collé sans styles ni gestionnaires, et les « listes » de Word en vraies listes.
 *
 * Un document inerte l'analyse : rien ne s'y charge ni ne s'y exécute. Le navigateur y signalerait
 * pourtant chaque style et chaque gestionnaire à la politique de sécurité : ils changent d'abord de
 * nom. Gras et italique écrits en style deviennent des balises.
 */
export function nettoyerCollage(html) {
  const sansEffet = html
    .replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (balise) => balise.replace(/([\s"'/])(style|on\w+)(?=\s*=)/gi, "$1data-$2"));
  const contenu = new DOMParser().parseFromString(sansEffet, "text/html").body;
  for (const element of contenu.querySelectorAll("script")) element.remove();
  for (const paragraphe of contenu.querySelectorAll("p[data-style]")) versListe(paragraphe);
  for (const element of contenu.querySelectorAll("[data-style]")) versMarques(element);
  for (const element of contenu.querySelectorAll("*")) {
    for (const nom of element.getAttributeNames()) {
      if (!ATTRIBUTS.includes(nom)) element.removeAttribute(nom);
    }
  }
  return contenu.innerHTML;
}

function versListe(paragraphe) {
  if (!LISTE_DE_WORD.test(paragraphe.dataset.style)) return;
  const puce = PUCE_DE_WORD.exec(paragraphe.textContent);
  const balise = puce?.[1] ? "OL" : "UL";
  for (const vu of paragraphe.querySelectorAll('[data-style*="mso-list"]')) vu.remove();
  const element = document.createElement("li");
  element.append(...paragraphe.childNodes);
  const avant = paragraphe.previousElementSibling;
  if (avant?.tagName === balise && avant.dataset.word) {
    avant.append(element);
    return paragraphe.remove();
  }
  const liste = document.createElement(balise);
  liste.dataset.word = "oui";
  liste.append(element);
  return paragraphe.replaceWith(liste);
}

function versMarques(element) {
  const style = element.dataset.style;
  if (element.tagName === "B" && /font-weight:\s*(normal|400)/i.test(style)) {
    return element.replaceWith(...element.childNodes);
  }
  if (!/^(SPAN|FONT|A)$/.test(element.tagName)) return undefined;
  if (/font-weight:\s*(bold|[6-9]00)/i.test(style)) envelopper(element, "strong");
  if (/font-style:\s*italic/i.test(style)) envelopper(element, "em");
  return undefined;
}

function envelopper(element, balise) {
  const marque = document.createElement(balise);
  marque.append(...element.childNodes);
  element.append(marque);
}
