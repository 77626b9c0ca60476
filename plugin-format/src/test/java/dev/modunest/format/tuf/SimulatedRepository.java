package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A repository that a test bends as it likes: documents are trees, and are signed with whatever
 * signers the role has when they are published.
 */
final class SimulatedRepository implements RepositoryReader {

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<String> TOP_LEVEL =
            List.of("root", "timestamp", "snapshot", "targets");

    final Map<String, ObjectNode> roles = new LinkedHashMap<>();
    final Map<String, List<Signer>> signers = new HashMap<>();
    final Map<String, byte[]> files = new HashMap<>();
    final List<String> fetched = new ArrayList<>();
    boolean withHashes;

    SimulatedRepository() {
        for (String role : TOP_LEVEL) {
            roles.put(role, header(role));
            signers.put(role, new ArrayList<>());
        }
        role("root").put("consistent_snapshot", true).putObject("keys");
        role("root").putObject("roles");
        role("timestamp").putObject("meta");
        role("snapshot").putObject("meta");
        role("targets").putObject("targets");
        for (String role : TOP_LEVEL) {
            rootRole(role, 1);
            addKey(role, signer());
        }
        publish("root", "targets", "snapshot", "timestamp");
    }

    static Signer signer() {
        return new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519));
    }

    private static ObjectNode header(String type) {
        return StrictJson.JSON
                .createObjectNode()
                .put("_type", type)
                .put("spec_version", "1.0.31")
                .put("version", 0)
                .put("expires", NOW.plus(Duration.ofDays(30)).toString());
    }

    ObjectNode role(String role) {
        ObjectNode signed = roles.get(role);
        if (signed == null) {
            throw new IllegalArgumentException(role);
        }
        return signed;
    }

    List<Signer> signersOf(String role) {
        return signers.computeIfAbsent(role, name -> new ArrayList<>());
    }

    private void rootRole(String role, int threshold) {
        ObjectNode roleNode = ((ObjectNode) role("root").get("roles")).putObject(role);
        roleNode.putArray("keyids");
        roleNode.put("threshold", threshold);
    }

    ObjectNode inRoot(String role) {
        return (ObjectNode) role("root").path("roles").path(role);
    }

    void threshold(String role, int threshold) {
        inRoot(role).put("threshold", threshold);
    }

    /** A key that the root gives to the role and that signs for it. */
    void addKey(String role, Signer signer) {
        MetadataKey key = MetadataKey.of(signer.key());
        ((ObjectNode) role("root").get("keys")).set(key.id(), key.json());
        ((ArrayNode) inRoot(role).get("keyids")).add(key.id());
        signersOf(role).add(signer);
    }

    /** Other keys and signers for a role of the root. */
    void rekey(String role, int threshold, List<Signer> keys, List<Signer> signing) {
        rootRole(role, threshold);
        keys.forEach(key -> addKey(role, key));
        signers.put(role, new ArrayList<>(signing));
    }

    void rotate(String role) {
        Signer next = signer();
        List<Signer> signing = new ArrayList<>(signersOf(role));
        signing.add(next);
        rekey(role, 1, List.of(next), role.equals("root") ? signing : List.of(next));
    }

    void expire(String role, Instant at) {
        role(role).put("expires", at.toString());
    }

    /** Lets {@code delegator} trust a new role, which its first signer signs. */
    ObjectNode delegate(String delegator, String name, boolean terminating, String... paths) {
        ObjectNode delegations =
                role(delegator).get("delegations") instanceof ObjectNode already
                        ? already
                        : role(delegator).putObject("delegations");
        if (!delegations.has("keys")) {
            delegations.putObject("keys");
            delegations.putArray("roles");
        }
        if (!roles.containsKey(name)) {
            roles.put(name, header("targets"));
            role(name).putObject("targets");
            signersOf(name).add(signer());
        }
        MetadataKey key = MetadataKey.of(signersOf(name).getFirst().key());
        ((ObjectNode) delegations.get("keys")).set(key.id(), key.json());
        ObjectNode role = ((ArrayNode) delegations.get("roles")).addObject();
        role.put("name", name).put("threshold", 1).put("terminating", terminating);
        role.putArray("keyids").add(key.id());
        ArrayNode patterns = role.putArray("paths");
        Arrays.stream(paths).forEach(patterns::add);
        return role;
    }

    void addTarget(String role, String path, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TargetFile file = TargetFile.of(path, content);
        ObjectNode target = ((ObjectNode) role(role).get("targets")).putObject(path);
        target.put("length", content.length);
        target.putObject("hashes").put("sha256", file.hashes().first());
        files.put(RolePath.ofTarget(path, file.hashes().first()), content);
    }

    /** Makes the next versions public, each with what it says of those published before. */
    void publish(String... names) {
        for (String role : names) {
            role(role).put("version", version(role) + 1);
            republish(role);
        }
    }

    /** Makes public what the role is now, without another version. */
    void republish(String role) {
        if (role.equals("snapshot")) {
            roles.keySet().stream()
                    .filter(name -> name.equals("targets") || !TOP_LEVEL.contains(name))
                    .forEach(name -> meta("snapshot", name));
        } else if (role.equals("timestamp")) {
            meta("timestamp", "snapshot");
        }
        put(role);
    }

    /** Signs and stores without a look at what it says of others. */
    void put(String role) {
        SignedDocument document = SignedDocument.unsigned(role(role));
        for (Signer signer : signersOf(role)) {
            document = document.signedBy(signer);
        }
        files.put(path(role), document.bytes());
    }

    private void meta(String holder, String role) {
        ObjectNode meta = ((ObjectNode) role(holder).get("meta")).putObject(role + ".json");
        meta.put("version", version(role));
        if (withHashes) {
            byte[] bytes = file(role);
            meta.put("length", bytes.length);
            meta.putObject("hashes").put("sha256", Hashes.of(bytes).first());
        }
    }

    ObjectNode metaOf(String holder, String role) {
        JsonNode meta = role(holder).path("meta").path(role + ".json");
        return (ObjectNode) meta;
    }

    long version(String role) {
        return role(role).path("version").asLong();
    }

    String path(String role) {
        return role.equals("timestamp") ? RolePath.of(role) : RolePath.of(role, version(role));
    }

    byte[] file(String role) {
        return Optional.ofNullable(files.get(path(role))).orElseThrow();
    }

    @Override
    public Optional<byte[]> fetch(String path, int maxBytes) {
        fetched.add(path);
        return Optional.ofNullable(files.get(path));
    }
}
