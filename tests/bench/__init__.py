"""How fast the public pages are, as a ratio to a bare page of the same server; see __main__.py."""
