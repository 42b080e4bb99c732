"""The mails: what each shows, how it is written, and how it is handed to SES. `docs/mails.md` lists them."""
