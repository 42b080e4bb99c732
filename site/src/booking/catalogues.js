// Each language's catalogue is a file of its own, loaded when it is needed.

const CATALOGUES = {
  en: () => import("./texts/en.json"),
  de: () => import("./texts/de.json"),
  fr: () => import("./texts/fr.json"),
  es: () => import("./texts/es.json"),
};

export async function catalogue(language) {
  return (await CATALOGUES[language]()).default;
}
