package dev.modunest.server.x509;

import java.util.Optional;

/**
 * Which CI job was let publish, as the token that it exchanged said.
 *
 * @param issuer of the token
 * @param buildSigner the file that defines the job, with its revision
 * @param repository of the source
 * @param repositoryId its number, which no other ever gets
 */
public record CiIdentity(
        String issuer,
        Optional<String> buildSigner,
        Optional<String> repository,
        Optional<String> repositoryId) {}
