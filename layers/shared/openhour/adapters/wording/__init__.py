"""Words: texts in the language of whoever reads them, and instants as people read them."""
