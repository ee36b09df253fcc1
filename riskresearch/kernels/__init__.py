"""Arrays in, arrays out, axis 0 is time; no pandas and no checks. Compiled where a loop is needed."""
