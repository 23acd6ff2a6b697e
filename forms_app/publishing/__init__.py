"""The site built fresh and swapped in whole."""
