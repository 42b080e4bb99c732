// The zone in which times are shown: named, and changeable.

import { h, unique } from "../dom.js";
import { placeOf, zoneName, zonesWith } from "../zones.js";

export function zoneChooser(host, changed) {
  const { t, zone, locale, visited } = host;
  const id = unique("zone");
  const name = h("small.zone-name", {}, zoneName(zone, locale, host.start ?? Date.now()));
  const select = h("select", { id }, options(zonesWith(zone, visited?.time_zone ?? zone), zone));
  select.addEventListener("change", () => {
    host.changeZone(select.value);
    name.textContent = zoneName(select.value, locale, host.start ?? Date.now());
    changed();
  });
  return h("div.zone", {}, h("label", { for: id }, t("zone.label")), select, name);
}

function options(zones, selected) {
  return [...grouped(zones)].map(([area, members]) =>
    h("optgroup", { label: area }, members.map((zone) => h("option", { value: zone, selected: zone === selected }, placeOf(zone)))),
  );
}

function grouped(zones) {
  const areas = new Map();
  for (const zone of zones) areas.set(areaOf(zone), [...(areas.get(areaOf(zone)) ?? []), zone]);
  return areas;
}

function areaOf(zone) {
  return zone.includes("/") ? zone.slice(0, zone.indexOf("/")) : "UTC";
}
