package dev.modunest.format.trust.statement;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.json.JsonFields;

import java.nio.charset.StandardCharsets;

/** An in-toto Statement v1 about one subject. */
public record Statement(Subject subject, String predicateType, ObjectNode predicate) {

    private static final String TYPE = "https://in-toto.io/Statement/v1";

    /**
     * Reads the payload of an envelope.
     *
     * @throws IllegalArgumentException when it is no such statement
     */
    public static Statement parse(DsseEnvelope envelope) {
        if (!envelope.payloadType().equals(DsseEnvelope.IN_TOTO)) {
            throw new IllegalArgumentException("the payload type is not " + DsseEnvelope.IN_TOTO);
        }
        JsonFields json = JsonFields.parse(envelope.payload(), "statement");
        json.only("_type", "subject", "predicateType", "predicate").require("_type", TYPE);
        if (json.objects("subject").size() != 1) {
            throw json.fault("subject", "is not one subject");
        }
        JsonFields subject = json.objects("subject").getFirst().only("name", "digest");
        JsonFields digest = subject.object("digest");
        return new Statement(
                new Subject(subject.text("name"), digest.sha256("sha256"), digest.textIf("sha512")),
                json.text("predicateType"),
                json.object("predicate").object());
    }

    /** The fields of the predicate, which must be of this type. */
    JsonFields predicate(String type) {
        if (!predicateType.equals(type)) {
            throw new IllegalArgumentException(
                    "the predicate type is " + predicateType + " and not " + type);
        }
        return new JsonFields(predicate, "predicate");
    }

    /** The canonical JSON (RFC 8785) in UTF-8. */
    public byte[] payload() {
        ObjectNode json = StrictJson.JSON.createObjectNode();
        json.put("_type", TYPE);
        ObjectNode about = json.putArray("subject").addObject();
        about.put("name", subject.name());
        ObjectNode digest = about.putObject("digest");
        digest.put("sha256", subject.sha256().hex());
        subject.sha512().ifPresent(hex -> digest.put("sha512", hex));
        json.put("predicateType", predicateType);
        json.set("predicate", predicate);
        return CanonicalJson.text(json).getBytes(StandardCharsets.UTF_8);
    }
}
