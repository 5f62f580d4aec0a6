#!/usr/bin/env bash
# Finds out which version this run deploys and to which commit it belongs.
#
# in VERSION_KIND: `tag` (an existing tag that matches VERSION_PATTERN) or `commit` (a branch, tag or SHA)
# in VERSION_INPUT?: what was asked for, or the name of an earlier release (default: the tag or the commit of the event)
# in VERSION_PATTERN?: extended regular expression for tags (default `^v[0-9]+\.[0-9]+\.[0-9]+$`: no pre-releases)
# in VERSION_FORMAT?: what kind `commit` is called: `sha`, or `sha-timestamp` with the time behind it (default sha)
# in GH_TOKEN: token with `contents: read`
# out version: the tag, or the full SHA for kind `commit`, as VERSION_FORMAT says
# out sha: the commit, annotated tags resolved
set -euo pipefail
pattern=${VERSION_PATTERN:-'^v[0-9]+\.[0-9]+\.[0-9]+$'}
version=${VERSION_INPUT:-} name=''

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

case $VERSION_KIND in
  tag)
    if [[ -z $version && $GITHUB_REF_TYPE == tag ]]; then version=$GITHUB_REF_NAME; fi
    [[ -n $version ]] || fail "no version was given, and this run was not started by a tag"
    [[ $version =~ $pattern ]] || fail "\`$version\` cannot be deployed: it does not match \`$pattern\`"
    ref=tags/$version ;;
  commit)
    ref=${version:-$GITHUB_SHA}
    # An earlier release that is called so keeps its name.
    [[ ! $version =~ ^([0-9a-f]{40,64})-[0-9]{14}$ ]] || ref=${BASH_REMATCH[1]} name=$version ;;
  *) fail "VERSION_KIND must be \`tag\` or \`commit\`, not \`$VERSION_KIND\`" ;;
esac
git check-ref-format "refs/heads/$ref" || fail "\`$ref\` is not a name that git allows"

# The commits endpoint resolves annotated tags to their commit.
path=$(jq -rn --arg ref "$ref" '$ref | @uri')
sha=$(gh api "repos/$GITHUB_REPOSITORY/commits/$path" --jq .sha) || fail "\`$ref\` was not found in $GITHUB_REPOSITORY"
[[ $sha =~ ^[0-9a-f]{40,64}$ ]] || fail "GitHub named no commit for \`$ref\`"
[[ $VERSION_KIND == tag ]] || version=$sha
case ${VERSION_FORMAT:-sha}:$VERSION_KIND in
  sha:* | sha-timestamp:tag) ;;
  sha-timestamp:commit) version=$sha-$(date --utc +%Y%m%d%H%M%S) ;;
  *) fail "VERSION_FORMAT must be \`sha\` or \`sha-timestamp\`, not \`$VERSION_FORMAT\`" ;;
esac

printf 'version=%s\nsha=%s\n' "${name:-$version}" "$sha" | tee -a "$GITHUB_OUTPUT"
