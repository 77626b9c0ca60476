package dev.modunest.server.transparency;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.trust.Leaf;
import dev.modunest.format.CanonicalJson;
import dev.modunest.format.Coordinate;
import dev.modunest.format.StrictJson;
import dev.modunest.format.log.InclusionProof;
import dev.modunest.format.log.LogProof;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TreeNodes;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.artifact.StoredObject.ReleaseFile;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes of leaves and the checkpoint over them what others verify: the statements, and for releases
 * the bundles with their log entries (Sigstore bundle v0.3, TransparencyLogEntry) and the proof
 * (C2SP tlog-proof).
 */
final class ReleaseFiles {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final LogKeys keys;

    ReleaseFiles(LogKeys keys) {
        this.keys = keys;
    }

    /** The files of those leaves, all of which the checkpoint has. */
    Map<StoredObject, byte[]> of(List<Leaf> leaves, SignedCheckpoint checkpoint, TreeNodes nodes) {
        Map<StoredObject, byte[]> files = new LinkedHashMap<>();
        for (Leaf leaf : leaves) {
            ObjectNode bundle = StrictJson.object(leaf.bundle());
            files.put(new StoredObject.Statement(leaf.payload()), payload(bundle));
            leaf.release()
                    .ifPresent(release -> addTo(files, release, leaf, bundle, checkpoint, nodes));
        }
        return files;
    }

    private void addTo(
            Map<StoredObject, byte[]> files,
            Coordinate release,
            Leaf leaf,
            ObjectNode bundle,
            SignedCheckpoint checkpoint,
            TreeNodes nodes) {
        InclusionProof proof =
                InclusionProof.of(leaf.index(), checkpoint.checkpoint().size(), nodes);
        bundle.withObject("verificationMaterial")
                .putArray("tlogEntries")
                .add(entry(leaf, proof, checkpoint));
        byte[] text = bundle.toString().getBytes(StandardCharsets.UTF_8);
        switch (leaf.kind()) {
            case PUBLISHER ->
                    files.put(new ReleaseFile(release, ReleaseFile.Kind.PUBLISHER_BUNDLE), text);
            case PROVENANCE ->
                    files.put(new ReleaseFile(release, ReleaseFile.Kind.PROVENANCE), text);
            case SECOND ->
                    files.put(new ReleaseFile(release, ReleaseFile.Kind.SECOND_SIGNATURE), text);
            case REGISTRY -> {
                files.put(new ReleaseFile(release, ReleaseFile.Kind.REGISTRY_BUNDLE), text);
                files.put(
                        new ReleaseFile(release, ReleaseFile.Kind.LOG_PROOF),
                        new LogProof(proof, checkpoint)
                                .toString()
                                .getBytes(StandardCharsets.UTF_8));
            }
            case GENESIS, ACT -> {}
        }
    }

    /** What the DSSE envelope of a bundle signs. */
    private static byte[] payload(ObjectNode bundle) {
        return Base64.getDecoder().decode(bundle.path("dsseEnvelope").path("payload").asText());
    }

    private ObjectNode entry(Leaf leaf, InclusionProof proof, SignedCheckpoint checkpoint) {
        String index = Long.toString(leaf.index());
        long at = leaf.at().getEpochSecond();
        String body = base64(leaf.entry());
        ObjectNode entry = JSON.objectNode().put("logIndex", index);
        entry.putObject("logId").put("keyId", base64(logId()));
        entry.putObject("kindVersion").put("kind", "dsse").put("version", "0.0.1");
        entry.put("integratedTime", Long.toString(at));
        entry.putObject("inclusionPromise")
                .put("signedEntryTimestamp", base64(promise(leaf.index(), at, body)));
        ObjectNode included =
                entry.putObject("inclusionProof")
                        .put("logIndex", index)
                        .put("rootHash", checkpoint.checkpoint().root().base64())
                        .put("treeSize", Long.toString(proof.size()));
        proof.path().forEach(hash -> included.withArray("hashes").add(hash.base64()));
        // Older verifiers take a checkpoint with one signature only.
        included.putObject("checkpoint")
                .put("envelope", checkpoint.only(List.of(keys.ecdsa().key())).toString());
        return entry.put("canonicalizedBody", body);
    }

    /** The log's promise of that moment to include the entry (Rekor, SignedEntryTimestamp). */
    private byte[] promise(long index, long at, String body) {
        ObjectNode promised =
                JSON.objectNode()
                        .put("body", body)
                        .put("integratedTime", at)
                        .put("logID", HexFormat.of().formatHex(logId()))
                        .put("logIndex", index);
        return keys.promises().sign(CanonicalJson.text(promised).getBytes(StandardCharsets.UTF_8));
    }

    private byte[] logId() {
        return HexFormat.of().parseHex(keys.promises().key().id().hex());
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
