"""The look of the pages, for the answer page and the mails.

`tokens.css` is a copy of `site/src/parts/tokens.css`; `make build-site` renews it.
"""
