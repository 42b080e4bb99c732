// What the booking element says.

import { catalogues } from "../parts/catalogues.js";

export const catalogue = catalogues({
  en: () => import("./texts/en.json"),
  de: () => import("./texts/de.json"),
  fr: () => import("./texts/fr.json"),
  es: () => import("./texts/es.json"),
});
