#!/usr/bin/env bash
# Pulls the images of this release on the server, with a login that is gone afterwards.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
# in REGISTRY?: registry to log in to; ghcr.io
# in REGISTRY_USER?: user of the registry; no login
# in REGISTRY_TOKEN?: its token, sent through standard input only; no login
