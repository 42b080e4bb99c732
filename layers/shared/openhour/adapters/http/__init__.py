"""The HTTP edge: requests of API Gateway in, responses out, errors as problems (RFC 9457)."""
