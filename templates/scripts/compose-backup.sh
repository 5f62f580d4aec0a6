#!/usr/bin/env bash
# Dumps the PostgreSQL database on the server into `backups/` and proves that the dump can be read.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
# in DATABASE_PROJECT: Compose project that runs the database
# in DATABASE_SERVICE: its service
# in DATABASE_NAME: name of the database
# in DATABASE_USER?: user of the database; postgres
# in BACKUPS_KEPT?: number of dumps to keep; 7
# out backup: path of the dump on the server; empty if no database runs at the first deployment
