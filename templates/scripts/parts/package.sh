# shellcheck shell=bash
# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

# Fails unless the version $1, which stands in $2, is that of the tag.
hold_version() {
  [[ $VERSION =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "\`$VERSION\` is not the tag of a release, such as v1.2.3"
  [[ $1 == "${VERSION#v}" ]] || fail "the tag is $VERSION, but $2 says version $1: set it there, and tag that commit"
}
