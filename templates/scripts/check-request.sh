#!/usr/bin/env bash
# Looks whether what was asked for in a manual run fits together: a hotfix has a tag of its own, and only a hotfix may skip tests.
#
# in TYPE: `standard` or `hotfix`
# in VERSION: tag that is to be deployed
# in SKIP?: `true` skips tests and scans (default false)
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

tag_type=standard
[[ $VERSION != hotfix-* ]] || tag_type=hotfix
case $TYPE:$tag_type in
  standard:standard | hotfix:hotfix) ;;
  standard:hotfix) fail "\`$VERSION\` is the tag of a hotfix: choose the type hotfix, or deploy a tag such as v1.2.3" ;;
  hotfix:standard) fail "\`$VERSION\` is no tag of a hotfix: its name must begin with \`hotfix-\`" ;;
  *) fail "the type of a deployment must be \`standard\` or \`hotfix\`, not \`$TYPE\`" ;;
esac
[[ ${SKIP:-false} != true || $TYPE == hotfix ]] || fail "only a hotfix may skip the tests and the security scan"
{
  printf '| Request | |\n| --- | --- |\n| Version | %s |\n| Type | %s |\n' "$VERSION" "$TYPE"
  printf '| Tests and security scan | %s |\n' "$([[ ${SKIP:-false} == true ]] && echo '**skipped**' || echo run)"
} >> "$GITHUB_STEP_SUMMARY"
echo "a $TYPE deployment of $VERSION"
