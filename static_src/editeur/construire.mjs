// Produit static/vendor/editeur.js et la liste des licences : appelé par scripts/construire-editeur.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ici = fileURLToPath(new URL(".", import.meta.url));
const sortie = fileURLToPath(new URL("../../static/vendor/", import.meta.url));
const allege = `${ici}allege.js`;
const REMPLACES = ["entities", "linkify-it", "mdurl", "punycode.js", "uc.micro"];
const REGLES_ETEINTES =
  "backticks blockquote code entity fence hr html_block html_inline image lheading linkify reference replacements smartquotes strikethrough table";
const ETEINT = new RegExp(`(rules_\\w+/(${REGLES_ETEINTES.replaceAll(" ", "|")})|/renderer)\\.mjs$`);
const sansReglesEteintes = {
  name: "sans-regles-eteintes",
  setup: (etape) => etape.onResolve({ filter: ETEINT }, () => ({ path: allege })),
};

// La somme de contrôle des sources, que tests/texte/test_editeur_construit.py recalcule.
const somme = createHash("sha256");
for (const nom of readdirSync(ici).filter((n) => /\.(m?js|json)$/.test(n)).sort()) {
  somme.update(`${nom}\n`).update(readFileSync(ici + nom));
}

const resultat = await build({
  entryPoints: [`${ici}principal.js`],
  outfile: `${sortie}editeur.js`,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  plugins: [sansReglesEteintes],
  alias: Object.fromEntries(REMPLACES.map((nom) => [nom, allege])),
  banner: {
    js: `/* Produit par scripts/construire-editeur. Sources sha256:${somme.digest("hex")}. Licences : editeur.LICENCES.txt */`,
  },
});

const paquets = Object.keys(resultat.metafile.inputs)
  .map((chemin) => chemin.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1])
  .filter(Boolean);
const licences = [...new Set(paquets)].sort().map((nom) => {
  const dossier = `${ici}node_modules/${nom}/`;
  const { version, license } = JSON.parse(readFileSync(`${dossier}package.json`, "utf8"));
  const fichier = ["LICENSE", "LICENSE.md", "LICENCE"].map((n) => dossier + n).find(existsSync);
  return `${nom} ${version} (${license})\n\n${readFileSync(fichier, "utf8").trim()}\n`;
});
writeFileSync(`${sortie}editeur.LICENCES.txt`, licences.join(`\n${"-".repeat(72)}\n\n`));
