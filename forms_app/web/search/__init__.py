"""The site's search: what can be found, what a question asks, and what answers it best.

It answers from the release that is up and from the community's data, and knows no issue.
"""
