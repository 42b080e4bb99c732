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

/** The file's text. Its summary is neutral: calendars are shared and shown on watches. */
export function calendarFile(request, summary, now) {
  const place = request.forum === "in_person" ? request.location.address : request.telehealth_url;
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Openhour//Appointments//EN",
    "METHOD:PUBLISH",
    "BEGIN:VEVENT",
    `UID:${request.calendar_uid}`,
    `SEQUENCE:${request.version}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(request.start)}`,
    `DTEND:${stamp(request.end)}`,
    `SUMMARY:${text(summary)}`,
    ...(place ? [`LOCATION:${text(place)}`] : []),
    "CLASS:PRIVATE",
    "STATUS:CONFIRMED",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.map(folded).join("\r\n")}\r\n`;
}
