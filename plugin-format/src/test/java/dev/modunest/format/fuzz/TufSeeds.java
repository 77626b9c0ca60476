package dev.modunest.format.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.tuf.MetadataKey;
import dev.modunest.format.tuf.SignedDocument;

import java.util.List;

/** One document of each top-level role, signed. */
final class TufSeeds {

    private static final Signer SIGNER =
            new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519));

    private TufSeeds() {}

    static List<byte[]> root() {
        ObjectNode root = header("root").put("consistent_snapshot", true);
        root.set("keys", keys());
        ObjectNode roles = root.putObject("roles");
        for (String role : List.of("root", "targets", "snapshot", "timestamp")) {
            keyIds(roles.putObject(role));
        }
        return signed(root);
    }

    static List<byte[]> timestamp() {
        ObjectNode timestamp = header("timestamp");
        ObjectNode snapshot = timestamp.putObject("meta").putObject("snapshot.json");
        snapshot.put("version", 1).put("length", 5);
        snapshot.putObject("hashes").put("sha256", "00".repeat(32));
        return signed(timestamp);
    }

    static List<byte[]> snapshot() {
        ObjectNode snapshot = header("snapshot");
        snapshot.putObject("meta").putObject("targets.json").put("version", 1);
        return signed(snapshot);
    }

    static List<byte[]> targets() {
        ObjectNode targets = header("targets");
        ObjectNode file = targets.putObject("targets").putObject("index/acme/x.json");
        file.put("length", 5).putObject("hashes").put("sha256", "11".repeat(32));
        ObjectNode delegations = targets.putObject("delegations");
        delegations.set("keys", keys());
        ObjectNode role = delegations.putArray("roles").addObject();
        role.put("name", "bins").put("terminating", true);
        keyIds(role);
        role.putArray("path_hash_prefixes").add("0f");
        return signed(targets);
    }

    private static ObjectNode header(String type) {
        return StrictJson.JSON
                .createObjectNode()
                .put("_type", type)
                .put("spec_version", "1.0.31")
                .put("version", 1)
                .put("expires", "2027-01-01T00:00:00Z");
    }

    private static ObjectNode keys() {
        MetadataKey key = MetadataKey.of(SIGNER.key());
        ObjectNode keys = StrictJson.JSON.createObjectNode();
        keys.set(key.id(), key.json());
        return keys;
    }

    private static void keyIds(ObjectNode role) {
        role.put("threshold", 1).putArray("keyids").add(MetadataKey.of(SIGNER.key()).id());
    }

    private static List<byte[]> signed(ObjectNode document) {
        return List.of(SignedDocument.unsigned(document).signedBy(SIGNER).bytes());
    }
}
