package dev.modunest.standalone;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.PublisherCertificate;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a CI job says of how it built a jar (SLSA provenance v1): the builder and the repository are
 * those of its certificate, the commit is that of GitHub's or GitLab's environment.
 */
final class JobProvenance {

    static final String BUILD_TYPE = "https://modunest.dev/build/ci-job/v1";

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private JobProvenance() {}

    /** The predicate; empty where the certificate names no builder. */
    static Optional<ObjectNode> of(Certificate certificate, Map<String, String> environment) {
        PublisherCertificate job = PublisherCertificate.of(certificate);
        return job.buildSignerUri().map(builder -> predicate(builder, job, environment));
    }

    private static ObjectNode predicate(
            String builder, PublisherCertificate job, Map<String, String> environment) {
        ObjectNode predicate = StrictJson.JSON.createObjectNode();
        ObjectNode definition = predicate.putObject("buildDefinition");
        definition.put("buildType", BUILD_TYPE);
        definition.putObject("externalParameters").put("workflow", builder);
        job.sourceRepositoryUri()
                .ifPresent(
                        repository -> {
                            ObjectNode source =
                                    definition.putArray("resolvedDependencies").addObject();
                            source.put("uri", "git+" + repository);
                            commit(environment)
                                    .ifPresent(
                                            id -> source.putObject("digest").put("gitCommit", id));
                        });
        predicate.putObject("runDetails").putObject("builder").put("id", builder);
        return predicate;
    }

    private static Optional<String> commit(Map<String, String> environment) {
        return Stream.of("GITHUB_SHA", "CI_COMMIT_SHA")
                .map(name -> environment.getOrDefault(name, ""))
                .filter(id -> COMMIT.matcher(id).matches())
                .findFirst();
    }
}
