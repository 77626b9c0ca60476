package dev.modunest.loader.trust;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Version;
import dev.modunest.format.log.Checkpoint;
import dev.modunest.format.log.Hash;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.json.JsonFields;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a plugin was when it was last trusted.
 *
 * @param head of the log by which that was known; it was consistent with what was seen of the log
 */
record PluginRecord(
        Version version,
        Optional<Signer> signer,
        TrustLevel level,
        Set<String> permissions,
        Checkpoint head) {

    /**
     * Who signed.
     *
     * @param identity the URI of the certificate
     * @param issuer who vouched for it
     * @param repositoryId of a CI job
     */
    record Signer(String identity, String issuer, Optional<String> repositoryId) {

        @Override
        public String toString() {
            return identity
                    + " (by "
                    + issuer
                    + repositoryId.map(id -> ", repository " + id).orElse("")
                    + ")";
        }
    }

    PluginRecord {
        permissions = Set.copyOf(permissions);
    }

    static PluginRecord parse(JsonFields json) {
        JsonFields head = json.object("head");
        return new PluginRecord(
                Version.parse(json.text("version")),
                json.objectIf("signer")
                        .map(
                                signer ->
                                        new Signer(
                                                signer.text("identity"),
                                                signer.text("issuer"),
                                                signer.textIf("repository_id"))),
                TrustLevel.valueOf(json.text("level")),
                Set.copyOf(json.texts("permissions")),
                new Checkpoint(
                        head.text("origin"),
                        head.number("size"),
                        Hash.parse(head.text("root"))
                                .orElseThrow(() -> head.fault("root", "is not a hash"))));
    }

    void write(ObjectNode json) {
        json.put("version", version.toString());
        signer.ifPresent(
                who -> {
                    ObjectNode node = json.putObject("signer");
                    node.put("identity", who.identity());
                    node.put("issuer", who.issuer());
                    who.repositoryId().ifPresent(id -> node.put("repository_id", id));
                });
        json.put("level", level.name());
        new TreeSet<>(permissions).forEach(json.putArray("permissions")::add);
        json.putObject("head")
                .put("origin", head.origin())
                .put("size", String.valueOf(head.size()))
                .put("root", head.root().base64());
    }
}
