package dev.modunest.db.trust;

import dev.modunest.format.PluginId;

import java.util.Optional;

/**
 * The CI job that a session is of.
 *
 * @param plugin that trusts it
 * @param issuer of its ID token
 * @param buildSigner the file that defines the job, with its revision
 * @param repository of the source
 * @param repositoryId the number of the repository, which stays
 */
public record CiJob(
        PluginId plugin,
        String issuer,
        Optional<String> buildSigner,
        Optional<String> repository,
        Optional<String> repositoryId) {}
