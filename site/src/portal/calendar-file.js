// An appointment as a calendar file (RFC 5545), with the UID and SEQUENCE of the one in the mail. Pure.

const stamp = (instant) => instant.replaceAll(/[-:]/g, "");
const text = (value) => value.replaceAll(/[\\;,]/g, "\\$&").replaceAll("\n", "\\n");

/** Lines of more than 75 bytes go on in the next, behind a space (section 3.1). */
function folded(line) {
  const bytes = new TextEncoder();
  const lines = [""];
  for (const character of line) {
    if (bytes.encode(lines.at(-1) + character).length > (lines.length > 1 ? 74 : 75)) lines.push("");
    lines[lines.length - 1] += character;
  }
  return lines.join("\r\n ");
}

const oneLine = (value, between) => value.split(/\s*\n\s*/).filter(Boolean).map((line) => line.trim()).join(between);

/**
 * The file's text; it shows what the mailed one shows (`adapters/mail/calendar_file.py`). Its summary is neutral: calendars
 * are shared and shown on watches. It has no METHOD: as a published event (RFC 5546, section 3.2.1) it would be an entry
 * of its own, which the mail that moves or cancels the appointment does not find.
 */
export function calendarFile(request, { summary, t, portal }, now) {
  const online = request.forum === "telehealth";
  const place = online ? "" : oneLine(request.location.address, ", ");
  const sentences = [
    t("calendar.description"),
    online && /^https?:\/\//.test(request.telehealth_url ?? "") && t("calendar.join", { url: request.telehealth_url }),
    t("calendar.answering", { url: portal }),
  ];
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Openhour//Appointments//EN",
    "BEGIN:VEVENT",
    `UID:${request.calendar_uid}`,
    `SEQUENCE:${request.version}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(request.start)}`,
    `DTEND:${stamp(request.end)}`,
    `SUMMARY:${text(oneLine(summary, " "))}`,
    `DESCRIPTION:${text(sentences.filter(Boolean).join("\n"))}`,
    ...(place ? [`LOCATION:${text(place)}`] : []),
    "CLASS:PRIVATE",
    "STATUS:CONFIRMED",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.map(folded).join("\r\n")}\r\n`;
}
