"""The office's own words for the site, written from a browser: the files stay plain files.

It changes one record of a file, has the site's own loader judge it, keeps every version, and has
the site made anew. It knows neither the web nor any issue.
"""
