"""python-gitlab (not ours) talks to the GitLab at the given address and says, as JSON, what it saw. Knows nothing of Hallpass."""
import json
import sys

import gitlab

url, token = sys.argv[1], sys.argv[2]
gl = gitlab.Gitlab(url, private_token=token, retry_transient_errors=False)
gl.auth()
seen = {"me": gl.user.username, "version": gitlab.__version__}

ana = gl.users.list(username="ana")[0]
seen["ana"] = {"id": ana.id, "bot": gl.users.get(ana.id).bot}

shop = gl.projects.get("acme/shop")
platform = gl.groups.get("acme/platform")
tools = gl.groups.get("acme/platform/tools")
seen["places"] = [shop.id, shop.path_with_namespace, platform.id, platform.full_path]


def refused(act):
    try:
        act()
    except gitlab.exceptions.GitlabError as error:
        return [error.response_code, error.error_message]
    return "not refused"


member = platform.members.create(
    {"user_id": ana.id, "access_level": gitlab.const.AccessLevel.DEVELOPER, "expires_at": "2027-01-31"}
)
seen["created"] = [member.id, member.access_level, member.expires_at]
seen["again"] = refused(
    lambda: platform.members.create({"user_id": ana.id, "access_level": gitlab.const.AccessLevel.GUEST})
)
member.access_level = gitlab.const.AccessLevel.MAINTAINER
member.expires_at = None
member.save()
edited = platform.members.get(ana.id)
seen["edited"] = [edited.access_level, edited.expires_at]
seen["inherited"] = [
    tools.members_all.get(ana.id).access_level,
    refused(lambda: tools.members.get(ana.id)),
    refused(lambda: tools.members.update(ana.id, {"access_level": 50})),
    refused(lambda: tools.members.delete(ana.id)),
]
seen["floor"] = refused(lambda: tools.members.create({"user_id": ana.id, "access_level": 30}))
seen["past"] = refused(
    lambda: platform.members.update(ana.id, {"access_level": 30, "expires_at": "2001-01-01"})
)
seen["level"] = refused(lambda: platform.members.update(ana.id, {"access_level": 25}))

pages = platform.members_all.list(per_page=2, iterator=True)
seen["pages"] = [pages.total, len(list(pages)), pages.total_pages]

tools.members.create({"user_id": ana.id, "access_level": 40})
platform.members.delete(ana.id)
seen["below"] = refused(lambda: tools.members.get(ana.id))
print(json.dumps(seen))
