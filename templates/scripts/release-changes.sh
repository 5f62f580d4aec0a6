#!/usr/bin/env bash
# Finds out who has to be asked before a release, by what has changed since the last one: paths, kinds of
# commits, and labels of their pull requests. When that cannot be known, everybody is asked.
#
# in ENVIRONMENT: where releases go
# in SHA: the commit to release, checked out with its history
# in RULES: lines `ROLE paths PATTERN`, `ROLE commits KIND` and `ROLE label NAME`, of which one is enough
# in MOST_COMMITS?: with more than this many commits since the last release, everybody is asked (default 100)
# in GH_TOKEN: token with `deployments: read` and `pull-requests: read`
# out base: commit of the last release; empty if there is none
# out roles: those who have to be asked, as a JSON list
set -euo pipefail
most=${MOST_COMMITS:-100}

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

[[ $SHA =~ ^[0-9a-f]{40,64}$ ]] || fail "\`$SHA\` is not a full commit SHA"
[[ $most =~ ^[0-9]+$ ]] || fail "MOST_COMMITS must be a number"
mapfile -t all < <(sed '/^[[:space:]]*$/d' <<< "$RULES")
(( ${#all[@]} )) || fail "RULES names nobody"
for rule in "${all[@]}"; do
  [[ $rule =~ ^[A-Za-z0-9_-]+\ (paths\ .+|label\ .+|commits\ [A-Za-z]+)$ ]] || fail "\`$rule\` is no rule"
done

# A deployment that went well has been approved, even if it was taken back later.
last_release() {
  local deployments id sha state query
  query=$(jq -rn '"environment=\(env.ENVIRONMENT | @uri)&per_page=30"')
  deployments=$(gh api "repos/$GITHUB_REPOSITORY/deployments?$query" --jq '.[] | "\(.id) \(.sha)"') || return 1
  while read -r id sha; do
    [[ -n $id ]] || continue
    # A later deployment makes an earlier one inactive, which says nothing about how it went.
    state=$(gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses?per_page=100" \
      --jq 'map(select(.state != "inactive")) | max_by(.id) | .state // "none"' < /dev/null) || return 1
    if [[ $state == success ]]; then echo "$sha"; return; fi
  done <<< "$deployments"
}
base=$(last_release) || fail "the deployments to $ENVIRONMENT cannot be read"
echo "base=$base" >> "$GITHUB_OUTPUT"

unknown='' commits='' labels=''
if [[ -z $base ]]; then
  unknown="nothing was released to $ENVIRONMENT before"
elif ! git merge-base --is-ancestor "$base" "$SHA" 2> /dev/null; then
  unknown="the last release, $base, is not among the commits before this one"
else
  commits=$(git rev-list "$base..$SHA")
  count=$(grep -c . <<< "$commits" || true)
  (( count <= most )) || unknown="there are $count commits since the last release"
fi
if [[ -z $unknown && $RULES =~ (^|$'\n')[^\ ]+\ label\  ]]; then
  while read -r commit; do
    [[ -n $commit ]] || continue
    more=$(gh api "repos/$GITHUB_REPOSITORY/commits/$commit/pulls" --jq '.[].labels[].name' < /dev/null) ||
      fail "the pull requests of $commit cannot be read"
    labels+=$more$'\n'
  done <<< "$commits"
fi

# Prints why a rule applies, and nothing if it does not.
reason() {
  local kind=$1 value=$2 code=0
  case $kind in
    paths)
      git diff --quiet "$base" "$SHA" -- ":(glob)$value" || code=$?
      (( code <= 1 )) || fail "git cannot compare $value" >&2
      (( code == 0 )) || echo "$value has changed" ;;
    commits) ! git log --format=%s "$base..$SHA" | grep -Ei "^$value(\([^)]*\))?!?:" > /dev/null || echo "there is a commit of the kind $value" ;;
    label) ! grep -xF -e "$value" <<< "$labels" > /dev/null || echo "a pull request has the label $value" ;;
  esac
}

asked=()
printf '| Role | Asked, because |\n| --- | --- |\n' >> "$GITHUB_STEP_SUMMARY"
for rule in "${all[@]}"; do
  read -r role kind value <<< "$rule"
  [[ " ${asked[*]} " != *" $role "* ]] || continue
  why=${unknown:-$(reason "$kind" "$value")}
  [[ -n $why ]] || continue
  asked+=("$role")
  echo "$role: $(escape "$why")"
  why=$(escape "$why")
  printf '| %s | %s |\n' "$role" "${why//|/ }" >> "$GITHUB_STEP_SUMMARY"
done
(( ${#asked[@]} )) || echo "nobody has to be asked" | tee -a "$GITHUB_STEP_SUMMARY"
echo "roles=$(jq -nc '$ARGS.positional' --args "${asked[@]}")" | tee -a "$GITHUB_OUTPUT"
