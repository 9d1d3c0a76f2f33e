"""What may be done in the exchange. Every function checks who acts, keeps the history and writes the letters."""
