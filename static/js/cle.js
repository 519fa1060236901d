// Clés d'accès : montre les formulaires qui ont besoin du navigateur, et dit en français leurs échecs.
const formulaires = document.querySelectorAll("form[data-cle]");
if (window.PublicKeyCredential) for (const formulaire of formulaires) formulaire.hidden = false;

document.addEventListener("allauth.error", (evenement) => {
  evenement.preventDefault();
  const domaine = evenement.detail.exception?.name === "SecurityError";
  for (const erreur of document.querySelectorAll("[data-cle-erreur]")) {
    erreur.hidden = false;
    erreur.textContent = domaine
      ? "Les clés d’accès demandent un nom de domaine : ouvrez le site par « localhost » ou par son nom."
      : "La clé d’accès n’a pas répondu. Réessayez, ou connectez-vous autrement.";
  }
});
