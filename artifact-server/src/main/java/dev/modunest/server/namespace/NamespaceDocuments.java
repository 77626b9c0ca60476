package dev.modunest.server.namespace;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Namespace;
import dev.modunest.db.identity.NamespaceChallenge;
import dev.modunest.db.identity.NamespaceOwner;
import dev.modunest.db.identity.NamespaceTransfer;

/** Namespaces, challenges and offers as JSON. */
final class NamespaceDocuments {

    private static final String PREFIX = "modunest-verification=";

    private NamespaceDocuments() {}

    static ObjectNode namespace(Namespace namespace) {
        ObjectNode document =
                JsonNodeFactory.instance.objectNode().put("namespace", namespace.name());
        document.putObject("owner")
                .put(
                        namespace.ownerAccountId().isPresent() ? "account" : "organization",
                        namespace.owner());
        document.put("verified", namespace.verified());
        namespace.verifiedBy().ifPresent(by -> document.put("verified_by", by));
        namespace.verifiedDomain().ifPresent(domain -> document.put("domain", domain));
        return document.put("private", namespace.secret());
    }

    static ObjectNode challenge(NamespaceChallenge challenge, DomainName domain) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("namespace", challenge.namespace())
                .put("method", "dns")
                .put("domain", challenge.domain())
                .put("record", domain.record())
                .put("type", "TXT")
                .put("value", value(challenge))
                .put("expires_at", challenge.expiresAt().toString());
    }

    /** What the record has to be. */
    static String value(NamespaceChallenge challenge) {
        return PREFIX + challenge.challenge();
    }

    static ObjectNode transfer(NamespaceTransfer transfer) {
        ObjectNode document =
                JsonNodeFactory.instance.objectNode().put("namespace", transfer.namespace());
        document.putObject("to").put(kind(transfer.to()), transfer.to().name());
        return document.put("expires_at", transfer.expiresAt().toString());
    }

    private static String kind(NamespaceOwner owner) {
        return switch (owner) {
            case NamespaceOwner.AnAccount _ -> "account";
            case NamespaceOwner.AnOrganization _ -> "organization";
        };
    }
}
