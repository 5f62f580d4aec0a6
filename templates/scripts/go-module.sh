#!/usr/bin/env bash
# Looks whether a tag can be a release of the module of this folder.
#
# in VERSION: tag of the release
set -euo pipefail
# shellcheck source=parts/package.sh
source "${BASH_SOURCE%/*}/parts/package.sh"
# shellcheck source=parts/module.sh
source "${BASH_SOURCE%/*}/parts/module.sh"

find_module
echo "$VERSION can be a release of $module"
