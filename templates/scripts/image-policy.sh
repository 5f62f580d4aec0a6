#!/usr/bin/env bash
# Checks a built image: not run by root, not too large, and from a minimal base (a warning).
#
# in IMAGE: the image, present in the local Docker daemon
# in MAX_SIZE_MB?: largest size as `docker images` counts it (default: any)
# in DOCKERFILE?: file whose last stage names the base (default: base not checked)
# in MINIMAL_BASES?: patterns of minimal bases, one per line (default scratch, distroless, alpine, slim and chiselled images)
