package dev.modunest.format.tuf.write;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.tuf.MetaFile;
import dev.modunest.format.tuf.MetadataKey;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.SnapshotMetadata;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.TimestampMetadata;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Documents of every role, unsigned (specification 4.3 to 4.6, TAP 15). Times are to the second.
 */
public final class TufDocuments {

    private static final String SPEC_VERSION = "1.0.31";

    private TufDocuments() {}

    public static SignedDocument root(long version, Instant expires, RootKeys keys) {
        ObjectNode signed = header(RootMetadata.ROLE, version, expires);
        signed.put("consistent_snapshot", true);
        ObjectNode ring = signed.putObject("keys");
        ObjectNode roles = signed.putObject("roles");
        role(roles.putObject(RootMetadata.ROLE), keys.root(), ring);
        role(roles.putObject(TargetsMetadata.ROLE), keys.targets(), ring);
        role(roles.putObject(SnapshotMetadata.ROLE), keys.snapshot(), ring);
        role(roles.putObject(TimestampMetadata.ROLE), keys.timestamp(), ring);
        return SignedDocument.unsigned(signed);
    }

    /** The top-level targets: {@code files}, and the index and revocations delegated. */
    public static SignedDocument targets(
            long version,
            Instant expires,
            Collection<TargetFile> files,
            RoleKeys revocations,
            RoleKeys bins) {
        ObjectNode signed = targetsHeader(version, expires, files);
        ObjectNode delegations = signed.putObject("delegations");
        ObjectNode ring = delegations.putObject("keys");
        ArrayNode roles = delegations.putArray("roles");
        delegate(roles, Layout.REVOCATIONS, revocations, ring, Layout.REVOKED);
        delegate(roles, Layout.BINS, bins, ring, Layout.INDEX_PATTERN);
        return SignedDocument.unsigned(signed);
    }

    private static void delegate(
            ArrayNode roles, String name, RoleKeys keys, ObjectNode ring, String pattern) {
        ObjectNode role = roles.addObject().put("name", name);
        role(role, keys, ring);
        role.put("terminating", true).putArray("paths").add(pattern);
    }

    /** A role that delegates to nobody: revocations, or one bin. */
    public static SignedDocument leaf(long version, Instant expires, Collection<TargetFile> files) {
        return SignedDocument.unsigned(targetsHeader(version, expires, files));
    }

    /** The role that divides the index into bins. */
    public static SignedDocument bins(long version, Instant expires, RoleKeys keys) {
        ObjectNode signed = targetsHeader(version, expires, List.of());
        ObjectNode delegations = signed.putObject("delegations");
        ObjectNode ring = delegations.putObject("keys");
        ObjectNode bins = delegations.putObject("succinct_roles");
        role(bins, keys, ring);
        bins.put("bit_length", Layout.BIN_BITS).put("name_prefix", Layout.BIN_PREFIX);
        return SignedDocument.unsigned(signed);
    }

    /** Versions of all targets roles, by name. */
    public static SignedDocument snapshot(
            long version, Instant expires, Map<String, Long> versions) {
        ObjectNode signed = header(SnapshotMetadata.ROLE, version, expires);
        ObjectNode meta = signed.putObject("meta");
        new TreeMap<>(versions)
                .forEach((role, of) -> meta.putObject(role + ".json").put("version", of));
        return SignedDocument.unsigned(signed);
    }

    public static SignedDocument timestamp(long version, Instant expires, MetaFile snapshot) {
        ObjectNode signed = header(TimestampMetadata.ROLE, version, expires);
        ObjectNode file = signed.putObject("meta").putObject(SnapshotMetadata.ROLE + ".json");
        file.put("version", snapshot.version());
        snapshot.length().ifPresent(length -> file.put("length", length));
        snapshot.hashes()
                .ifPresent(hashes -> hashes.byName().forEach(file.putObject("hashes")::put));
        return SignedDocument.unsigned(signed);
    }

    private static ObjectNode targetsHeader(
            long version, Instant expires, Collection<TargetFile> files) {
        ObjectNode signed = header(TargetsMetadata.ROLE, version, expires);
        ObjectNode targets = signed.putObject("targets");
        files.stream()
                .sorted(Comparator.comparing(TargetFile::path))
                .forEach(
                        file -> {
                            ObjectNode target = targets.putObject(file.path());
                            target.put("length", file.length());
                            file.hashes().byName().forEach(target.putObject("hashes")::put);
                        });
        return signed;
    }

    private static ObjectNode header(String type, long version, Instant expires) {
        return StrictJson.JSON
                .createObjectNode()
                .put("_type", type)
                .put("spec_version", SPEC_VERSION)
                .put("version", version)
                .put("expires", expires.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static void role(ObjectNode role, RoleKeys keys, ObjectNode ring) {
        ArrayNode ids = role.putArray("keyids");
        for (MetadataKey key : keys.keys()) {
            ids.add(key.id());
            ring.set(key.id(), key.json());
        }
        role.put("threshold", keys.threshold());
    }
}
