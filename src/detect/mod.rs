//! Reads the files of a repository and says which stack they make: languages, versions, tools, services, images.
