// How somebody is met and where, in the list as in the request, in the words of its mails.

/** "In person, Quay Street", or "Online". */
export function where(t, { forum, location }) {
  return forum === "telehealth" ? t("forum.telehealth") : `${t("forum.in_person")}, ${location.name}`;
}
