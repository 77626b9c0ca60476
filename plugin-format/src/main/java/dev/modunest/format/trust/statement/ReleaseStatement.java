package dev.modunest.format.trust.statement;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.json.JsonFields;

import java.util.List;
import java.util.Optional;

/**
 * What a publisher says: these bytes are this release (in-toto release predicate v0.1, with fields
 * of our own).
 *
 * @param artifactSha512 128 lower-case hex digits
 * @param manifest of {@code META-INF/modunest/plugin.json} as it is in the jar
 * @param capabilities that the plugin asks for, sorted
 * @param jvm the range of Java releases that it needs
 */
public record ReleaseStatement(
        Coordinate coordinate,
        Digest artifact,
        String artifactSha512,
        Digest manifest,
        List<String> capabilities,
        Optional<String> jvm) {

    public static final String TYPE = "https://in-toto.io/attestation/release/v0.1";

    public ReleaseStatement {
        capabilities = capabilities.stream().sorted().distinct().toList();
    }

    /**
     * Reads a statement.
     *
     * @throws IllegalArgumentException when it is none of a publisher, or contradicts itself
     */
    public static ReleaseStatement of(Statement statement) {
        JsonFields fields =
                statement
                        .predicate(TYPE)
                        .only(
                                "purl",
                                "packageId",
                                "releaseId",
                                "manifestSha256",
                                "capabilities",
                                "requires");
        Coordinate coordinate = Purl.parse(fields.text("purl"));
        fields.require("packageId", coordinate.plugin().toString());
        fields.require("releaseId", coordinate.toString());
        if (!statement.subject().name().equals(Purl.of(coordinate))) {
            throw new IllegalArgumentException("the subject is not named as the release is");
        }
        List<String> capabilities = fields.texts("capabilities");
        ReleaseStatement release =
                new ReleaseStatement(
                        coordinate,
                        statement.subject().sha256(),
                        statement
                                .subject()
                                .sha512()
                                .orElseThrow(
                                        () ->
                                                new IllegalArgumentException(
                                                        "the subject has no SHA-512")),
                        fields.sha256("manifestSha256"),
                        capabilities,
                        fields.objectIf("requires")
                                .map(requires -> requires.only("jvm").text("jvm")));
        if (!release.capabilities().equals(capabilities)) {
            throw fields.fault("capabilities", "is not sorted");
        }
        return release;
    }

    public Statement statement() {
        ObjectNode predicate = StrictJson.JSON.createObjectNode();
        predicate.put("purl", Purl.of(coordinate));
        predicate.put("packageId", coordinate.plugin().toString());
        predicate.put("releaseId", coordinate.toString());
        predicate.put("manifestSha256", manifest.hex());
        capabilities.forEach(predicate.putArray("capabilities")::add);
        jvm.ifPresent(range -> predicate.putObject("requires").put("jvm", range));
        return new Statement(
                new Subject(Purl.of(coordinate), artifact, Optional.of(artifactSha512)),
                TYPE,
                predicate);
    }
}
