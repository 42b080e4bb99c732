"""The pages behind a provider's link: plain HTML that works without JavaScript."""
