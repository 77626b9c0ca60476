package dev.modunest.format.trust.testing;

import dev.modunest.format.log.Checkpoint;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.HashTile;
import dev.modunest.format.log.InclusionProof;
import dev.modunest.format.log.LogProof;
import dev.modunest.format.log.Note;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.NoteSigner;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.log.TreeNodes;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.bundle.TlogEntry;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.root.TransparencyLog;
import dev.modunest.format.trust.x509.Validity;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A log in memory, signed with three keys and co-signed by witnesses. */
public final class TestLog {

    public static final String NAME = "registry.example.com/log/2026";

    private final Signer ed25519;
    private final Signer ecdsa;
    private final NoteSigner mlDsa;
    private final List<NoteSigner> witnesses;
    private final List<byte[]> entries = new ArrayList<>();
    private final Map<Head, Note.Line> signed = new HashMap<>();

    /** As a log does, each key signs one head once, whoever asks for it. */
    private record Head(long size, NoteKey key, Instant now) {}

    private TestLog(Signer ed25519, Signer ecdsa, NoteSigner mlDsa, List<NoteSigner> witnesses) {
        this.ed25519 = ed25519;
        this.ecdsa = ecdsa;
        this.mlDsa = mlDsa;
        this.witnesses = witnesses;
    }

    /** A log with its filler. */
    public TestLog() {
        this(
                signer(SignatureAlgorithm.ED25519),
                signer(SignatureAlgorithm.ECDSA_P256),
                new NoteSigner(
                        NAME,
                        NoteKey.Kind.ML_DSA_44_COSIGNATURE,
                        signer(SignatureAlgorithm.ML_DSA_44)),
                List.of(
                        witness("a.example.org"),
                        witness("b.example.org"),
                        witness("c.example.org")));
        entries.add("{\"kind\":\"genesis\"}".getBytes(StandardCharsets.UTF_8));
    }

    private static Signer signer(SignatureAlgorithm algorithm) {
        return new KeyPairSigner(KeyPairSigner.generate(algorithm));
    }

    private static NoteSigner witness(String name) {
        return new NoteSigner(
                name, NoteKey.Kind.ED25519_COSIGNATURE, signer(SignatureAlgorithm.ED25519));
    }

    public List<TransparencyLog> keys(Validity validFor) {
        return List.of(
                TransparencyLog.of("https://" + NAME, ecdsa.key(), validFor),
                TransparencyLog.of("https://" + NAME, ed25519.key(), validFor));
    }

    public NoteKey mlDsaKey() {
        return mlDsa.key();
    }

    public List<NoteKey> witnessKeys() {
        return witnesses.stream().map(NoteSigner::key).toList();
    }

    /** The index of the entry. */
    public long append(byte[] entry) {
        entries.add(entry.clone());
        return entries.size() - 1L;
    }

    /** A log of the same keys that went another way after {@code kept} entries. */
    public TestLog fork(int kept) {
        TestLog fork = new TestLog(ed25519, ecdsa, mlDsa, witnesses);
        fork.entries.clear();
        fork.entries.addAll(entries.subList(0, kept));
        return fork;
    }

    public long size() {
        return entries.size();
    }

    /** The head as it is served. */
    public String checkpoint(int witnessed, Instant now) {
        return head(signers(witnessed), now).toString();
    }

    /** A tile of hashes as it is served; empty when the log has not so many entries. */
    public Optional<byte[]> tile(TilePath path) {
        long leavesPerHash = 1L << (8 * path.level());
        long first = path.index() * TilePath.FULL;
        if ((first + path.width()) * leavesPerHash > entries.size()) {
            return Optional.empty();
        }
        List<Hash> hashes = new ArrayList<>();
        for (long at = first; at < first + path.width(); at++) {
            hashes.add(hash(at * leavesPerHash, (at + 1) * leavesPerHash));
        }
        return Optional.of(new HashTile(path, hashes).bytes());
    }

    private SignedCheckpoint head(List<NoteSigner> signers, Instant now) {
        long size = entries.size();
        Checkpoint checkpoint = new Checkpoint(NAME, size, hash(0, size));
        List<Note.Line> lines =
                signers.stream()
                        .map(
                                signer ->
                                        signed.computeIfAbsent(
                                                new Head(size, signer.key(), now),
                                                _ -> signer.sign(checkpoint, now)))
                        .toList();
        return new SignedCheckpoint(checkpoint, new Note(checkpoint.text(), lines));
    }

    private Hash hash(long from, long to) {
        if (to - from == 1) {
            return Hash.leaf(entries.get((int) from));
        }
        long split = from + Long.highestOneBit(to - from - 1);
        return Hash.node(hash(from, split), hash(split, to));
    }

    private InclusionProof proof(long index) {
        TreeNodes nodes = (level, at) -> hash(at << level, (at + 1) << level);
        return InclusionProof.of(index, entries.size(), nodes);
    }

    /** The entry as a bundle has it: with promise, and a checkpoint that ECDSA alone signs. */
    public TlogEntry entry(long index, Instant now) {
        byte[] body = entries.get((int) index);
        SignedCheckpoint head =
                head(List.of(new NoteSigner(NAME, NoteKey.Kind.ECDSA_P256, ecdsa)), now);
        String logId = ecdsa.key().id().hex();
        byte[] promised =
                TlogEntry.promised(Octets.of(body).base64(), now.getEpochSecond(), logId, index);
        return new TlogEntry(
                index,
                logId,
                "dsse",
                "0.0.1",
                now.getEpochSecond(),
                Optional.of(new TlogEntry.Promise(Octets.of(ecdsa.sign(promised)))),
                Optional.of(
                        new TlogEntry.Proof(
                                proof(index), head.checkpoint().root(), head.toString())),
                Octets.of(body));
    }

    /** The proof with the full head. */
    public String logProof(long index, int witnessed, Instant now) {
        return new LogProof(proof(index), head(signers(witnessed), now)).toString();
    }

    private List<NoteSigner> signers(int witnessed) {
        List<NoteSigner> signers = new ArrayList<>();
        signers.add(new NoteSigner(NAME, NoteKey.Kind.ED25519, ed25519));
        signers.add(new NoteSigner(NAME, NoteKey.Kind.ECDSA_P256, ecdsa));
        signers.add(mlDsa);
        signers.addAll(witnesses.subList(0, witnessed));
        return signers;
    }
}
