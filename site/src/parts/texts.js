// Message catalogues: which language, which text. Pure.

/** The languages that there are catalogues for. */
export const LANGUAGES = ["en", "de", "fr", "es"];

/** A language tag (BCP 47) in which the browser writes: `de-DE` of `de_DE`, `en` of `en-US@posix`; null of what is none. */
function usable(tag) {
  for (const each of [tag?.replaceAll("_", "-"), tag?.split(/[^a-z]/i)[0]]) {
    try {
      return Intl.getCanonicalLocales(each)[0] ?? null;
    } catch {
      // Another form, or none.
    }
  }
  return null;
}

const usableOnes = (tags) => tags.map(usable).filter(Boolean);
const languageOf = (tag) => tag.split("-")[0];

/** The language of the pages: asked for, else the browser's, else the practice's, of those that the practice offers. */
export function pickLanguage({ asked, preferred, practice, offered }) {
  const allowed = LANGUAGES.filter((language) => !offered?.length || usableOnes(offered).map(languageOf).includes(language));
  const wanted = usableOnes([asked, ...preferred, practice]).map(languageOf);
  return wanted.find((language) => allowed.includes(language)) ?? allowed[0] ?? LANGUAGES[0];
}

/** How dates and hours are written: the region that browser or practice give the language. */
export function pickLocale(language, { preferred, practice }) {
  return usableOnes([...preferred, practice]).find((tag) => languageOf(tag) === language) ?? language;
}

/** The texts of a catalogue: `t(key, values)`. A text may be an object of plural forms, chosen by `count`. */
export function translator(catalogue, language) {
  const plurals = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const found = catalogue[key];
    if (found === undefined) throw new Error(`no text named ${key}`);
    const text = typeof found === "string" ? found : (found[plurals.select(values.count)] ?? found.other);
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  };
}
