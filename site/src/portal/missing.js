// Shown in place of any page that there is not. A link whose separators were encoded on the way is followed.

import { repairedAddress } from "../parts/link.js";
import { start } from "./start.js";

const repaired = repairedAddress(location, new URL(".", import.meta.url));
if (repaired) location.replace(repaired);
else start("missing.title", (page) => page.leadOn(page.t("missing.text")));
