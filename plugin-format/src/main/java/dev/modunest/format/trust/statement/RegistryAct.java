package dev.modunest.format.trust.statement;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.json.JsonFields;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Something that the registry did and that is to be seen by everybody: a yank, a change of owners,
 * a certificate.
 *
 * @param act what: {@code yank}, {@code certificate-issue}
 * @param kind of the subject: {@code release}, {@code namespace}, {@code certificate}
 * @param name of the subject
 * @param digest of its bytes, or of the canonical JSON of what it is
 * @param detail what else is to be known, without secrets
 */
public record RegistryAct(
        String act, String kind, String name, Digest digest, Instant at, ObjectNode detail) {

    public static final String TYPE = "https://modunest.dev/attestation/registry-act/v0.1";

    public RegistryAct {
        at = at.truncatedTo(ChronoUnit.SECONDS);
        if (!act.matches("[a-z][a-z-]{0,63}") || !kind.matches("[a-z][a-z-]{0,63}")) {
            throw new IllegalArgumentException(
                    "an act and a kind are 1 to 64 small letters and hyphens");
        }
    }

    /**
     * Reads a statement.
     *
     * @throws IllegalArgumentException when it is no act
     */
    public static RegistryAct of(Statement statement) {
        JsonFields fields = statement.predicate(TYPE).only("act", "subjectKind", "at", "detail");
        return new RegistryAct(
                fields.text("act"),
                fields.text("subjectKind"),
                statement.subject().name(),
                statement.subject().sha256(),
                fields.time("at"),
                fields.object("detail").object());
    }

    public Statement statement() {
        ObjectNode predicate = StrictJson.JSON.createObjectNode();
        predicate.put("act", act);
        predicate.put("subjectKind", kind);
        predicate.put("at", at.toString());
        predicate.set("detail", detail);
        return new Statement(new Subject(name, digest, Optional.empty()), TYPE, predicate);
    }
}
