package dev.modunest.format.trust.x509;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers test cases of C2SP's x509-limbo: whether a client would trust the certificate of a
 * server. The Baseline Requirements apply unless a case says by its feature {@code
 * rfc5280-incompatible-with-webpki}, or by its conflict with a case of {@code webpki}, that RFC
 * 5280 alone is meant.
 */
public final class X509Conformance {

    private static final String RFC_5280_ALONE = "rfc5280-incompatible-with-webpki";
    private static final String BASELINE = "webpki::";

    private X509Conformance() {}

    /**
     * The result of one case as one line of JSON: {@code id}, {@code actual_result} (SUCCESS,
     * FAILURE or SKIPPED) and {@code context}, the reason.
     *
     * @param now the time of a case that names none
     * @throws IllegalArgumentException when the line is no case
     */
    public static String answer(String line, Instant now) {
        ObjectNode test = StrictJson.object(line);
        ObjectNode answer = StrictJson.JSON.createObjectNode();
        answer.put("id", test.path("id").asText());
        Optional<String> unable = inability(test);
        if (unable.isPresent()) {
            answer.put("actual_result", "SKIPPED").put("context", unable.get());
        } else {
            Optional<String> fault = faultOf(test, now);
            answer.put("actual_result", fault.isEmpty() ? "SUCCESS" : "FAILURE");
            fault.ifPresent(reason -> answer.put("context", reason));
        }
        return answer.toString();
    }

    private static Optional<String> inability(ObjectNode test) {
        if (!test.path("validation_kind").asText().equals("SERVER")) {
            return Optional.of("only certificates of servers are validated");
        }
        for (JsonNode purpose : test.path("extended_key_usage")) {
            if (!purpose.asText().equals("serverAuth")) {
                return Optional.of("only certificates of servers are validated");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> faultOf(ObjectNode test, Instant now) {
        boolean web = true;
        for (JsonNode feature : test.path("features")) {
            web &= !feature.asText().equals(RFC_5280_ALONE);
        }
        for (JsonNode opposite : test.path("conflicts_with")) {
            web &= !opposite.asText().startsWith(BASELINE);
        }
        try {
            Certificate leaf = Certificate.parsePem(test.path("peer_certificate").asText());
            JsonNode time = test.path("validation_time");
            Instant at =
                    time.isTextual() ? OffsetDateTime.parse(time.textValue()).toInstant() : now;
            Instant second = at.truncatedTo(ChronoUnit.SECONDS);
            JsonNode depth = test.path("max_chain_depth");
            PathSearch search =
                    new PathSearch(
                            certificates(test.path("trusted_certs")),
                            certificates(test.path("untrusted_intermediates")),
                            second,
                            depth.isInt() ? Optional.of(depth.intValue()) : Optional.empty(),
                            web,
                            PathRevocations.ofPem(test.path("crls")));
            Optional<String> profile = new ServerProfile(web).faultOf(leaf, wanted(test));
            return profile.isPresent() ? profile : search.faultOf(leaf);
        } catch (IllegalArgumentException | DateTimeException malformed) {
            return Optional.of(String.valueOf(malformed.getMessage()));
        }
    }

    /** Those that are well-formed: one that is not leads nowhere, and hides no other. */
    private static List<Certificate> certificates(JsonNode pems) {
        List<Certificate> certificates = new ArrayList<>();
        pems.forEach(pem -> tryPem(pem.asText()).ifPresent(certificates::add));
        return certificates;
    }

    private static Optional<Certificate> tryPem(String pem) {
        try {
            return Optional.of(Certificate.parsePem(pem));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<ServerName> wanted(ObjectNode test) {
        JsonNode name = test.path("expected_peer_name");
        if (!name.isObject()) {
            return Optional.empty();
        }
        String value = name.path("value").asText();
        return switch (name.path("kind").asText()) {
            case "DNS" ->
                    Optional.of(ServerName.ip(value).orElseGet(() -> new ServerName.Dns(value)));
            case "IP" ->
                    Optional.of(
                            ServerName.ip(value)
                                    .orElseThrow(
                                            () ->
                                                    new IllegalArgumentException(
                                                            "'" + value + "' is no address")));
            default -> throw new IllegalArgumentException("a name of a kind that no server has");
        };
    }
}
