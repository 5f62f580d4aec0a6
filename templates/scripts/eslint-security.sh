#!/usr/bin/env bash
# Looks for dangerous code in JavaScript and TypeScript with ESLint's security rules, as SARIF.
#
# in PACKAGES: ESLint, its plugins and its formatter, lines `NAME@VERSION`
# in REPORTS: lines `REPORT FOLDER`: the report to write, and the folder that it is about
set -euo pipefail

# Workflow commands end at a line break; GitHub decodes these three.
escape() { local text=${1//'%'/%25}; text=${text//$'\r'/%0D}; printf '%s' "${text//$'\n'/%0A}"; }
fail() { printf '::error::%s\n' "$(escape "$1")"; exit 1; }

# Beside the project: neither its packages nor its rules have a say.
mapfile -t wanted <<< "$PACKAGES"
# The second shell is to look for it, where npx has put it on the path.
# shellcheck disable=SC2016
tools=$(npm_config_ignore_scripts=true npx --yes "${wanted[@]/#/--package=}" -c 'dirname "$(dirname "$(command -v eslint)")"')
cat > "$tools/../eslint-security.config.mjs" <<'JS'
import security from "eslint-plugin-security";
import typescript from "typescript-eslint";

// Rules that are often wrong only warn.
const doubtful = [
  "detect-non-literal-fs-filename",
  "detect-non-literal-regexp",
  "detect-non-literal-require",
  "detect-object-injection",
  "detect-possible-timing-attacks",
];
const rule = (name) => [`security/${name}`, doubtful.includes(name) ? "warn" : "error"];

export default [
  { ignores: ["**/node_modules/", "**/dist/", "**/build/", "**/coverage/", "**/vendor/", "**/*.min.js"] },
  {
    files: ["**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}"],
    languageOptions: { parser: typescript.parser, parserOptions: { ecmaFeatures: { jsx: true } } },
    linterOptions: { reportUnusedDisableDirectives: "off" },
    plugins: { security },
    rules: Object.fromEntries(Object.keys(security.rules).map(rule)),
  },
];
JS
while read -r report folder; do
  [[ -n $report ]] || continue
  # Code 1 means findings, 2 that it broke; it also fails if there is no file to look at.
  code=0
  "$tools/.bin/eslint" --config "$tools/../eslint-security.config.mjs" --output-file "$report" \
    --format "$tools/@microsoft/eslint-formatter-sarif/sarif.js" "$folder" || code=$?
  (( code < 2 )) || fail "ESLint could not scan $folder"
done <<< "$REPORTS"
