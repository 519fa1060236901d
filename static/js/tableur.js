/* Le texte que les tableurs mettent dans le presse-papiers : tabulations, lignes, guillemets
   autour d'une case qui en contient. */

export function lireBloc(texte) {
  const lignes = [[]];
  let i = 0;
  const finie = () => texte[i] === undefined || "\t\n\r".includes(texte[i]);
  while (i < texte.length) {
    let valeur = "";
    if (texte[i] === '"') {
      const apres = fermeture(texte, i);
      const suite = texte[apres];
      if (apres > i && (suite === undefined || "\t\n\r".includes(suite))) {
        valeur = texte.slice(i + 1, apres - 1).replaceAll('""', '"');
        i = apres;
      }
    }
    while (!finie()) valeur += texte[i++];
    lignes.at(-1).push(valeur.replaceAll("\r\n", "\n"));
    if (texte[i] === "\t") {
      i += 1;
      if (i === texte.length || "\n\r".includes(texte[i])) lignes.at(-1).push("");
    }
    if (texte[i] === "\r") i += 1;
    if (texte[i] === "\n") {
      i += 1;
      if (i < texte.length) lignes.push([]);
    }
  }
  return lignes;
}

/* La position après le guillemet fermant, ou -1. */
function fermeture(texte, debut) {
  for (let i = debut + 1; i < texte.length; i++) {
    if (texte[i] !== '"') continue;
    if (texte[i + 1] !== '"') return i + 1;
    i += 1;
  }
  return -1;
}

export function ecrireBloc(lignes) {
  const proteger = (v) => (/[\t\n\r"]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v);
  return lignes.map((ligne) => ligne.map(proteger).join("\t")).join("\n");
}
