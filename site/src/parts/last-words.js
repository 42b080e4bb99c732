// What a page says when not even its texts could be loaded, such as after an upload that replaced them.

import { translator } from "./texts.js";

const WORDS = {
  en: ["Something did not work here.", "Load the page again"],
  de: ["Hier hat etwas nicht funktioniert.", "Seite neu laden"],
  fr: ["Quelque chose n’a pas fonctionné ici.", "Recharger la page"],
  es: ["Algo no ha funcionado aquí.", "Recargar la página"],
};

/** A translator that knows how to say that. */
export function lastWords(language) {
  const [failed, reload] = WORDS[language] ?? WORDS.en;
  return translator({ "problem.failed": failed, "problem.failed.detail": "", reload }, language);
}
