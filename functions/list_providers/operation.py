"""`GET /v1/providers` and `GET /v1/providers/{provider}` in the API's description."""

from describe.calls import UNCHANGED, Call, json_answer, links, one_parameter
from describe.examples import PRACTICE, PROVIDER
from describe.problems import READING
from describe.shapes import an_object, list_of, named, number, or_null, reference, text
from openhour.adapters.http.directory_view import provider_summary, providers_summary
from openhour.adapters.http.problems import Problem

CALLS = (
    Call(
        route="GET /v1/providers",
        name="listProviders",
        summary="Who can be booked",
        text="The practice, and everybody whom anybody may book.",
        tag="Directory",
        done={
            200: json_answer("Providers", "Who can be booked.", providers_summary(PRACTICE, [PROVIDER]))
            | links("showProvider", "listSlotsOfProvider", provider="$response.body#/providers/0/id"),
            **UNCHANGED,
        },
        problems=READING,
    ),
    Call(
        route="GET /v1/providers/{provider}",
        name="showProvider",
        summary="One provider",
        text="Also one who is bookable by direct link only.",
        tag="Directory",
        done={
            200: json_answer("Provider", "Who, where, how and what.", provider_summary(PROVIDER))
            | links("listSlotsOfProvider", provider="$request.path.provider"),
            **UNCHANGED,
        },
        problems=(*READING, Problem.UNKNOWN_PROVIDER),
    ),
)

PARAMETERS = {"Provider": one_parameter("path", "provider", "The provider's id.", {"type": "string"}, "maya-okafor")}

SCHEMAS = {
    "Practice": an_object(
        "The practice as anybody may see it.",
        {
            "name": text("Its name."),
            "neutral_name": text("What mails and calendars call it: discreet."),
            "contact": text("How to reach it by other ways."),
            "time_zone": reference("TimeZone"),
            "locale": text("Language tag (BCP 47)."),
            "locales": list_of({"type": "string"}, "Languages that clients may choose (BCP 47), the default first."),
            "consent_text": or_null(text("What a client agrees to by submitting.")),
            "cancellation_notice_minutes": number("Cancelling later than this before the start is late."),
            "privacy_text": or_null(text("What it does with what clients write.")),
        },
    ),
    "Location": an_object(
        "Where a session takes place.",
        named()
        | {
            "address": text("Postal address, lines separated by line feeds."),
            "time_zone": reference("TimeZone"),
        },
    ),
    "Service": an_object(
        "What can be booked.",
        named()
        | {
            "description": or_null(text("In the practice's words.")),
            "duration_minutes": number("How long it takes."),
            "min_notice_minutes": number("How long ahead it must be asked for."),
            "horizon_days": number("How many days ahead it can be asked for."),
            "price": or_null(text("As the practice writes it.")),
        },
    ),
    "Offer": an_object(
        "What a provider offers at a location in a forum.",
        {
            "location": text("The location's id."),
            "forum": reference("Forum"),
            "services": list_of({"type": "string"}, "Ids of services."),
        },
    ),
    "Provider": an_object(
        "Somebody who can be booked.",
        named()
        | {
            "title": text("Profession or degree."),
            "time_zone": reference("TimeZone"),
            "photo_url": or_null(text("Address of a picture.")),
            "locations": list_of(reference("Location"), "Where sessions take place."),
            "services": list_of(reference("Service"), "What can be booked."),
            "offers": list_of(reference("Offer"), "Which services can be had where and how."),
        },
    ),
    "Providers": an_object(
        "Who can be booked.",
        {
            "practice": or_null(reference("Practice")),
            "providers": list_of(reference("Provider"), "By name; those bookable by direct link only are not listed."),
        },
    ),
}
