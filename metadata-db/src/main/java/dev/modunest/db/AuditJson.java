package dev.modunest.db;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** An entry of the audit as a document and its hash: {@code docs/format/audit.md}. */
final class AuditJson {

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private AuditJson() {}

    /** The document of {@code entry} as the one after {@code previous}. */
    static ObjectNode chained(AuditEntry entry, AuditHead previous) {
        ObjectNode document =
                facts(entry.at(), entry.actor(), entry.reason(), entry.requestId(), entry.detail())
                        .put("action", entry.action())
                        .put("subject", entry.subject())
                        .put("sequence", previous.sequence() + 1)
                        .put("previous_hash", previous.hash());
        return document.put("hash", hash(document));
    }

    /** The document of an entry as it is kept, without hashes when it is not chained. */
    static ObjectNode of(AuditStore.Kept kept) {
        ObjectNode document =
                facts(
                                kept.at(),
                                new Actor(kept.accountId(), kept.account()),
                                kept.reason(),
                                kept.requestId(),
                                kept.detail())
                        .put("action", kept.action())
                        .put("subject", kept.subject());
        kept.link()
                .ifPresent(
                        link ->
                                document.put("sequence", link.sequence())
                                        .put("previous_hash", link.previousHash())
                                        .put("hash", link.hash()));
        return document;
    }

    /** What is absent when there is none. */
    private static ObjectNode facts(
            Instant at,
            Actor actor,
            Optional<String> reason,
            Optional<String> requestId,
            String detail) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("at", MICROSECONDS.format(at))
                        .put("account", actor.name());
        actor.accountId().ifPresent(id -> document.put("account_id", id));
        reason.ifPresent(text -> document.put("reason", text));
        requestId.ifPresent(id -> document.put("request_id", id));
        JsonNode details = AuditText.parse(detail);
        if (!details.isEmpty() || !details.isObject()) {
            document.set("detail", details);
        }
        return document;
    }

    /**
     * The SHA-256 of {@code document} without the member {@code hash}, in the form of RFC 8785.
     * Throws IllegalArgumentException when it has something that no entry is written with.
     */
    static String hash(ObjectNode document) {
        ObjectNode hashed = JsonNodeFactory.instance.objectNode();
        hashed.setAll(document);
        hashed.remove("hash");
        return CanonicalJson.digest(hashed).hex();
    }
}
