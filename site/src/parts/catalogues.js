// Each language's texts are files of their own, loaded when they are needed: what several pages say, and a page's own.

const SHARED = {
  en: () => import("./texts/en.json"),
  de: () => import("./texts/de.json"),
  fr: () => import("./texts/fr.json"),
  es: () => import("./texts/es.json"),
};

/** What loads a page's texts of a language; `own` loads those that it alone says. */
export function catalogues(own) {
  return async (language) => {
    const [shared, page] = await Promise.all([SHARED[language](), own[language]()]);
    return { ...shared.default, ...page.default };
  };
}
