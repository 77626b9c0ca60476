package dev.modunest.format.trust.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;
import dev.modunest.format.StrictJson;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.InclusionProof;
import dev.modunest.format.trust.json.JsonFields;
import dev.modunest.format.trust.json.Octets;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An entry of a log as a bundle has it (Sigstore TransparencyLogEntry): what is logged, the log's
 * promise and its proof.
 *
 * @param logIndex in the whole log, which of a log of several trees is not that of the proof
 * @param logId the SHA-256 of the log's key, in hex
 * @param integratedTime seconds since the epoch, 0 without
 * @param body the leaf
 */
public record TlogEntry(
        long logIndex,
        String logId,
        String kind,
        String version,
        long integratedTime,
        Optional<Promise> promise,
        Optional<Proof> proof,
        Octets body) {

    /** The log's signature that it will include the entry: Rekor's signed entry timestamp. */
    public record Promise(Octets signature) {}

    /** That the entry is included. */
    public record Proof(InclusionProof path, Hash root, String checkpoint) {}

    /** Reads the field of a bundle; an IllegalArgumentException when it is malformed. */
    public static TlogEntry parse(JsonFields json) {
        json.only(
                "logIndex",
                "logId",
                "kindVersion",
                "integratedTime",
                "inclusionPromise",
                "inclusionProof",
                "canonicalizedBody");
        JsonFields kind = json.object("kindVersion").only("kind", "version");
        return new TlogEntry(
                json.has("logIndex") ? json.number("logIndex") : 0,
                HexFormat.of().formatHex(json.object("logId").only("keyId").base64("keyId")),
                kind.text("kind"),
                kind.text("version"),
                json.has("integratedTime") ? json.number("integratedTime") : 0,
                json.objectIf("inclusionPromise")
                        .map(promise -> promise.only("signedEntryTimestamp"))
                        .map(
                                promise ->
                                        new Promise(
                                                Octets.of(promise.base64("signedEntryTimestamp")))),
                json.objectIf("inclusionProof").map(TlogEntry::parseProof),
                Octets.of(json.base64("canonicalizedBody")));
    }

    private static Proof parseProof(JsonFields json) {
        json.only("logIndex", "rootHash", "treeSize", "hashes", "checkpoint");
        List<Hash> hashes =
                (json.has("hashes") ? json.texts("hashes") : List.<String>of())
                        .stream().map(TlogEntry::hash).toList();
        return new Proof(
                new InclusionProof(
                        json.has("logIndex") ? json.number("logIndex") : 0,
                        json.number("treeSize"),
                        hashes),
                Hash.of(json.base64("rootHash")),
                json.object("checkpoint").only("envelope").text("envelope"));
    }

    private static Hash hash(String base64) {
        Hash hash = Hash.of(Base64.getDecoder().decode(base64));
        if (!hash.base64().equals(base64)) {
            throw new IllegalArgumentException("a hash of a proof is not base64 in its one form");
        }
        return hash;
    }

    public Instant time() {
        return Instant.ofEpochSecond(integratedTime);
    }

    /** What the promise is a signature of: canonical JSON of body, time, log and index. */
    public byte[] promised() {
        return promised(body.base64(), integratedTime, logId, logIndex);
    }

    /** The same before there is an entry. */
    public static byte[] promised(
            String bodyBase64, long integratedTime, String logId, long logIndex) {
        ObjectNode json = StrictJson.JSON.createObjectNode();
        json.put("body", bodyBase64);
        json.put("integratedTime", integratedTime);
        json.put("logID", logId);
        json.put("logIndex", logIndex);
        return CanonicalJson.text(json).getBytes(StandardCharsets.UTF_8);
    }

    ObjectNode json() {
        ObjectNode json = StrictJson.JSON.createObjectNode();
        json.put("logIndex", Long.toString(logIndex));
        json.putObject("logId")
                .put("keyId", Base64.getEncoder().encodeToString(HexFormat.of().parseHex(logId)));
        json.putObject("kindVersion").put("kind", kind).put("version", version);
        json.put("integratedTime", Long.toString(integratedTime));
        promise.ifPresent(
                given ->
                        json.putObject("inclusionPromise")
                                .put("signedEntryTimestamp", given.signature().base64()));
        proof.ifPresent(
                given -> {
                    ObjectNode inclusion = json.putObject("inclusionProof");
                    inclusion.put("logIndex", Long.toString(given.path().index()));
                    inclusion.put("rootHash", given.root().base64());
                    inclusion.put("treeSize", Long.toString(given.path().size()));
                    var hashes = inclusion.putArray("hashes");
                    given.path().path().forEach(hash -> hashes.add(hash.base64()));
                    inclusion.putObject("checkpoint").put("envelope", given.checkpoint());
                });
        json.put("canonicalizedBody", body.base64());
        return json;
    }
}
