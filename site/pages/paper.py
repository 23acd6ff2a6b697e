"""What sheets of paper share: the frame of the page that shows them, and where a code leads."""

from forms_app.community import Community
from pages.rendering import page


def paper_page(title: str, body: str) -> str:
    """A page that shows sheets of paper as they come out of the printer."""
    return page(
        title=title,
        description=f"{title}：用浏览器打印，或者另存为PDF。",
        body=body,
        parents=[("print/", "打印物料")],
        wide=True,
        styles=["paper.css"],
    )


def report_path(community: Community) -> str:
    """Where a problem of this community is reported; the form knows the community by then."""
    return f"issues/new?community_id={community.id}"
