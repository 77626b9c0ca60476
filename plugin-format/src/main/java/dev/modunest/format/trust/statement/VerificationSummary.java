package dev.modunest.format.trust.statement;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.json.JsonFields;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What the registry found when it checked a release (SLSA Verification Summary Attestation v1).
 *
 * @param verifier {@code https://<registry>/registry}
 * @param policyUri names the rules, whose bytes have {@code policy} for their digest
 * @param inputs the publisher bundles that were checked
 * @param passed false takes the release down
 * @param levels {@code PS_L2} and the like
 */
public record VerificationSummary(
        Coordinate coordinate,
        Digest artifact,
        String verifier,
        Instant time,
        String policyUri,
        Digest policy,
        List<Input> inputs,
        boolean passed,
        List<String> levels) {

    public static final String TYPE = "https://slsa.dev/verification_summary/v1";

    private static final String SLSA_VERSION = "1.1";
    private static final String PASSED = "PASSED";
    private static final String FAILED = "FAILED";

    /** An attestation that was checked: where it is, and the digest of the publisher's part. */
    public record Input(String uri, Digest digest) {}

    public VerificationSummary {
        inputs = List.copyOf(inputs);
        levels = List.copyOf(levels);
        time = time.truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Reads a statement.
     *
     * @throws IllegalArgumentException when it is no summary, or contradicts itself
     */
    public static VerificationSummary of(Statement statement) {
        JsonFields fields =
                statement
                        .predicate(TYPE)
                        .only(
                                "verifier",
                                "timeVerified",
                                "resourceUri",
                                "policy",
                                "inputAttestations",
                                "verificationResult",
                                "verifiedLevels",
                                "slsaVersion");
        Coordinate coordinate = Purl.parse(fields.text("resourceUri"));
        if (!statement.subject().name().equals(Purl.of(coordinate))) {
            throw new IllegalArgumentException("the subject is not named as the release is");
        }
        String result = fields.text("verificationResult");
        if (!result.equals(PASSED) && !result.equals(FAILED)) {
            throw fields.fault("verificationResult", "is neither PASSED nor FAILED");
        }
        JsonFields policy = fields.object("policy");
        fields.require("slsaVersion", SLSA_VERSION);
        return new VerificationSummary(
                coordinate,
                statement.subject().sha256(),
                fields.object("verifier").text("id"),
                fields.time("timeVerified"),
                policy.text("uri"),
                policy.object("digest").sha256("sha256"),
                fields.objects("inputAttestations").stream()
                        .map(
                                input ->
                                        new Input(
                                                input.text("uri"),
                                                input.object("digest").sha256("sha256")))
                        .toList(),
                result.equals(PASSED),
                fields.texts("verifiedLevels"));
    }

    public Statement statement() {
        ObjectNode predicate = StrictJson.JSON.createObjectNode();
        predicate.putObject("verifier").put("id", verifier);
        predicate.put("timeVerified", time.toString());
        predicate.put("resourceUri", Purl.of(coordinate));
        ObjectNode rules = predicate.putObject("policy");
        rules.put("uri", policyUri);
        rules.putObject("digest").put("sha256", policy.hex());
        var attestations = predicate.putArray("inputAttestations");
        for (Input input : inputs) {
            ObjectNode attestation = attestations.addObject();
            attestation.put("uri", input.uri());
            attestation.putObject("digest").put("sha256", input.digest().hex());
        }
        predicate.put("verificationResult", passed ? PASSED : FAILED);
        levels.forEach(predicate.putArray("verifiedLevels")::add);
        predicate.put("slsaVersion", SLSA_VERSION);
        return new Statement(
                new Subject(Purl.of(coordinate), artifact, Optional.empty()), TYPE, predicate);
    }
}
