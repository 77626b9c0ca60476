package dev.modunest.format.trust.root;

import dev.modunest.format.log.Checkpoint;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.Note;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.VerifiedHeads;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.trust.bundle.TlogEntry;
import dev.modunest.format.trust.x509.Validity;

import java.util.Optional;

/**
 * A log with one of its keys. The key signs checkpoints under the URL of the log without its
 * scheme.
 *
 * @param logId by which entries name the log, in hex: of an ECDSA key the SHA-256
 */
public record TransparencyLog(String baseUrl, VerifyingKey key, String logId, Validity validFor) {

    private static final String SCHEME = "https://";

    public TransparencyLog {
        if (!baseUrl.startsWith(SCHEME) || baseUrl.length() == SCHEME.length()) {
            throw new IllegalArgumentException("'" + baseUrl + "' is not the https URL of a log");
        }
        if (key.algorithm() == SignatureAlgorithm.ML_DSA_44) {
            throw new IllegalArgumentException("an ML-DSA key has no place in a trust root");
        }
        noteKey(baseUrl, key);
    }

    /** A log whose id is the SHA-256 of its key. */
    public static TransparencyLog of(String baseUrl, VerifyingKey key, Validity validFor) {
        return new TransparencyLog(baseUrl, key, key.id().hex(), validFor);
    }

    /** The name of the log in notes. */
    public String name() {
        return name(baseUrl);
    }

    private static String name(String baseUrl) {
        String name = baseUrl.substring(SCHEME.length());
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }

    public NoteKey noteKey() {
        return noteKey(baseUrl, key);
    }

    private static NoteKey noteKey(String baseUrl, VerifyingKey key) {
        return new NoteKey(
                name(baseUrl),
                key.algorithm() == SignatureAlgorithm.ED25519
                        ? NoteKey.Kind.ED25519
                        : NoteKey.Kind.ECDSA_P256,
                key);
    }

    /** Why the entry's proof does not hold; empty when the log includes it. */
    public Optional<String> faultOfProof(TlogEntry entry) {
        return faultOfProof(entry, new VerifiedHeads());
    }

    /** The same where some heads may be known already. */
    public Optional<String> faultOfProof(TlogEntry entry, VerifiedHeads heads) {
        if (entry.proof().isEmpty()) {
            return Optional.of("the entry has no inclusion proof");
        }
        TlogEntry.Proof proof = entry.proof().get();
        SignedCheckpoint signed;
        try {
            signed = SignedCheckpoint.parse(proof.checkpoint());
        } catch (IllegalArgumentException malformed) {
            return Optional.of("the checkpoint is malformed: " + malformed.getMessage());
        }
        Checkpoint checkpoint = signed.checkpoint();
        if (checkpoint.size() != proof.path().size() || !checkpoint.root().equals(proof.root())) {
            return Optional.of("the inclusion proof is for another tree than the checkpoint");
        }
        if (!proof.path().root(Hash.leaf(entry.body().bytes())).equals(Optional.of(proof.root()))) {
            return Optional.of("the inclusion proof does not lead to the root of the checkpoint");
        }
        return heads.isSigned(signed, noteKey())
                ? Optional.empty()
                : Optional.of("the checkpoint is not signed by the log " + name());
    }

    /** Why the checkpoint of the entry is more than one with this log's signature. */
    public Optional<String> faultOfLines(TlogEntry entry) {
        return entry.proof()
                .map(proof -> Note.parse(proof.checkpoint()).lines().size())
                .filter(lines -> lines != 1)
                .map(
                        lines ->
                                "the checkpoint has "
                                        + lines
                                        + " signatures and not the log's alone");
    }

    /** Why the promise of the entry does not hold; empty when the log made it. */
    public Optional<String> faultOfPromise(TlogEntry entry) {
        return entry.promise()
                        .filter(
                                promise ->
                                        key.verify(entry.promised(), promise.signature().bytes()))
                        .isPresent()
                ? Optional.empty()
                : Optional.of("the log " + name() + " did not sign the time of the entry");
    }
}
