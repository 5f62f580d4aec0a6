#!/usr/bin/env bash
# Finds the digest behind each image tag, so that what was built is what is deployed.
# in IMAGES: lines `NAME=registry/image:tag`; NAME is the variable that the compose file reads
# out images: the same lines as `NAME=registry/image@sha256:…`
