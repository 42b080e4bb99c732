"""`POST /v1/requests`: ask for an appointment, or with `validate_only=true` check whether one could (AIP-163)."""

from openhour.adapters.http.access import maybe_signed_in
from openhour.adapters.http.bodies import draft, submission
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.presenting import preview, submitted_request
from openhour.wiring import requesting


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """201 with the request that this idempotency key stands for; 200 when it was only validated."""
    signed_in = maybe_signed_in(request, requesting.tokens())
    if request.flag("validate_only"):
        return as_json(preview(requesting.submitting().validate(*draft(request), signed_in)))
    made = requesting.submitting().submit(*submission(request, signed_in))
    headers = {"location": f"/v1/requests/{made.id}"}
    return as_json(submitted_request(made, requesting.clock().now()), status=201, headers=headers)
