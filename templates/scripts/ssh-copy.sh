#!/usr/bin/env bash
# Copies files of the repository into the application's folder on the server.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
# in DEPLOY_FILES: files and folders, one per line, as paths in the repository
