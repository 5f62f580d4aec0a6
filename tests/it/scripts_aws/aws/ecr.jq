# ECR: `images` holds for each repository the digests with their manifests and tags.
def ecr($operation):
  .input.repositoryName as $repository
  | if .input.registryId != "123456789012" or .account.images[$repository] == null then refuse("RepositoryNotFoundException"; "The repository does not exist")
    elif $operation == "batch-get-image" then
      .input.imageIds[0] as $id
      | ([.account.images[$repository] | to_entries[] | select(.key == $id.imageDigest or ($id.imageTag != null and (.value.tags | index($id.imageTag) != null)))][0]) as $found
      | .out = if $found then {images: [{registryId: .input.registryId, repositoryName: $repository, imageId: ({imageDigest: $found.key} + $id),
            imageManifest: $found.value.manifest, imageManifestMediaType: "application/vnd.oci.image.index.v1+json"}], failures: []}
          else {images: [], failures: [{imageId: $id, failureCode: "ImageNotFound", failureReason: "Requested image not found"}]} end
    elif $operation == "put-image" then
      .input.imageDigest as $digest | .input.imageTag as $tag
      | if .account.images[$repository][$digest].manifest != .input.imageManifest then refuse("ImageDigestDoesNotMatchException"; "no")
        elif .account.immutable and any(.account.images[$repository][]; .tags | index($tag) != null) then refuse("ImageTagAlreadyExistsException"; "immutable")
        else .account.images[$repository] |= (map_values(.tags -= [$tag]) | .[$digest].tags += [$tag]) | .out = {image: {imageId: {imageDigest: $digest, imageTag: $tag}}} end
    else error("ecr \($operation)") end;
def answer: ecr(.words[1]);
