#!/usr/bin/env bash
# Finds out which version this run deploys and to which commit it belongs.
#
# in VERSION_KIND: `tag` (an existing tag that matches VERSION_PATTERN) or `commit` (a branch, tag or SHA)
# in VERSION_INPUT?: what was asked for (default: the tag or the commit of the event)
# in VERSION_PATTERN?: extended regular expression for tags (default `^v[0-9]+\.[0-9]+\.[0-9]+$`: no pre-releases)
# in GH_TOKEN: token with `contents: read`
# out version: the tag, or the full SHA for kind `commit`
# out sha: the commit, annotated tags resolved
