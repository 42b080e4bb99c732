"""`POST /v1/requests`: ask for an appointment, or with `validate_only=true` check whether one could (AIP-163)."""

from openhour.adapters.http.access import maybe_signed_in
from openhour.adapters.http.bodies.submission import draft, submission
from openhour.adapters.http.caller import caller_address
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.presenting import preview, submitted_request
from openhour.adapters.logs import logger
from openhour.application.admission import Caller
from openhour.wiring import taking_in


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """201 with the request that this idempotency key stands for; 200 when it was only validated."""
    signed_in, submitting = maybe_signed_in(request, taking_in.tokens()), taking_in.submitting()
    address = caller_address(request, taking_in.origin_secret())
    if request.flag("validate_only"):
        return as_json(preview(submitting.validate(*draft(request), signed_in)))
    sent = submission(request, signed_in)
    if sent.fell_for_trap:
        logger.info("trapped")
    made = submitting.submit(sent.wish, sent.person, sent.key, Caller(address, sent.proof, sent.fell_for_trap))
    answer = submitted_request(made, taking_in.clock().now())
    return as_json(answer, status=201, headers={"location": f"/v1/requests/{answer['id']}"})
