// What a page's one script tag loads: it defines <openhour-booking>.

import { BookingElement } from "./booking-element.js";

// The other files lie beside this one, wherever the page is.
BookingElement.home = new URL(".", import.meta.url);

if (!customElements.get("openhour-booking")) customElements.define("openhour-booking", BookingElement);
