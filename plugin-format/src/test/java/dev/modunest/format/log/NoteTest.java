package dev.modunest.format.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class NoteTest {

    private static final String ORIGIN = "registry.example.com/log/2026";
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final Checkpoint CHECKPOINT =
            new Checkpoint(ORIGIN, 20_852_163, Hash.leaf(new byte[1]));

    private static NoteSigner signer(NoteKey.Kind kind) {
        Signer signer = new KeyPairSigner(KeyPairSigner.generate(algorithm(kind)));
        return new NoteSigner(ORIGIN, kind, signer);
    }

    private static SignatureAlgorithm algorithm(NoteKey.Kind kind) {
        return switch (kind) {
            case ED25519, ED25519_COSIGNATURE -> SignatureAlgorithm.ED25519;
            case ECDSA_P256 -> SignatureAlgorithm.ECDSA_P256;
            case ML_DSA_44_COSIGNATURE -> SignatureAlgorithm.ML_DSA_44;
        };
    }

    @ParameterizedTest
    @EnumSource
    void aSignatureOfEachKindIsFoundAgain(NoteKey.Kind kind) {
        NoteSigner signer = signer(kind);
        NoteKey key = NoteKey.parse(signer.key().vkey());

        String note = SignedCheckpoint.sign(CHECKPOINT, List.of(signer), NOW).toString();
        SignedCheckpoint read = SignedCheckpoint.parse(note);

        assertThat(key).isEqualTo(signer.key());
        assertThat(read).hasToString(note);
        assertThat(read.checkpoint()).isEqualTo(CHECKPOINT);
        Instant at = kind.hasTime() ? NOW : Instant.EPOCH;
        assertThat(read.find(key)).contains(new SignedCheckpoint.Signature(key, at));
        assertThat(read.find(signer(kind).key())).as("of another key").isEmpty();
    }

    @Test
    void manySignaturesStandTogetherAndAreChosenFrom() {
        List<NoteSigner> signers =
                List.of(
                        signer(NoteKey.Kind.ED25519),
                        signer(NoteKey.Kind.ECDSA_P256),
                        signer(NoteKey.Kind.ML_DSA_44_COSIGNATURE));
        SignedCheckpoint signed = SignedCheckpoint.sign(CHECKPOINT, signers, NOW);
        SignedCheckpoint witnessed =
                signed.with(
                        List.of(signer(NoteKey.Kind.ED25519_COSIGNATURE).sign(CHECKPOINT, NOW)));

        assertThat(witnessed.note().lines()).hasSize(4);
        assertThat(signers).allMatch(signer -> witnessed.find(signer.key()).isPresent());
        SignedCheckpoint ecdsa = witnessed.only(List.of(signers.get(1).key()));
        assertThat(ecdsa.note().lines()).hasSize(1);
        assertThat(ecdsa.find(signers.get(1).key())).isPresent();
        assertThat(ecdsa.find(signers.get(0).key())).isEmpty();
        byte[] bytes = witnessed.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(Note.parse(bytes)).isEqualTo(witnessed.note());
    }

    @Test
    void ofAKnownKeyNoSignatureMayBeWrong() {
        NoteSigner signer = signer(NoteKey.Kind.ED25519);
        SignedCheckpoint signed = SignedCheckpoint.sign(CHECKPOINT, List.of(signer), NOW);
        SignedCheckpoint doubtful = signed.with(List.of(Note.Line.of(signer.key(), new byte[64])));
        assertThat(doubtful.find(signer.key())).isEmpty();
    }

    @Test
    void noByteOfACheckpointCanBeChanged() {
        List<NoteSigner> signers =
                List.of(
                        signer(NoteKey.Kind.ED25519_COSIGNATURE),
                        signer(NoteKey.Kind.ML_DSA_44_COSIGNATURE));
        String note = SignedCheckpoint.sign(CHECKPOINT, signers, NOW).toString();
        Random random = new Random(6_962);
        for (int round = 0; round < 2_000; round++) {
            char[] changed = note.toCharArray();
            int at = random.nextInt(changed.length);
            changed[at] = (char) (changed[at] ^ (1 << random.nextInt(7)));
            assertThat(bothSigned(new String(changed), signers)).isFalse();
        }
    }

    private static boolean bothSigned(String note, List<NoteSigner> signers) {
        try {
            SignedCheckpoint read = SignedCheckpoint.parse(note);
            return signers.stream().allMatch(signer -> read.find(signer.key()).isPresent());
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    @Test
    void aVerifierKeyOfOthersIsRead() {
        String vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        NoteKey key = NoteKey.parse(vkey);
        assertThat(key.name()).isEqualTo("PeterNeumann");
        assertThat(key.kind()).isEqualTo(NoteKey.Kind.ED25519);
        assertThat(key.vkey()).isEqualTo(vkey);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name",
                "name+c74f20a3",
                "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+AxpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
                "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                "PeterNeumann+c74f20a3+AQ=="
            })
    void otherVerifierKeysAreNone(String vkey) {
        assertThatThrownBy(() -> NoteKey.parse(vkey)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "text\n",
                "text\n\n",
                "text\n\nname AAAAAAA=\n",
                "text\n\n\u2014 name AAAAAAA=",
                "text\n\n\u2014 name AAAAAAA=\n\n",
                "text\n\n\u2014 name AAAA\n",
                "text\n\n\u2014 name AAAAAAB\n",
                "text\n\n\u2014 name AAAAAAB=\n",
                "text\n\n\u2014 na+me AAAAAAA=\n",
                "text\n\n\u2014  AAAAAAA=\n",
                "text\n\n\u2014 na\u00a0me AAAAAAA=\n",
                "text\n\n\u2014 name AAAAAAA= more\n",
                "te\txt\n\n\u2014 name AAAAAAA=\n"
            })
    void malformedNotesAreNone(String note) {
        assertThatThrownBy(() -> Note.parse(note)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Note.parse("text\n\n\u2014 name AAAAAAA=\n").lines()).hasSize(1);
    }

    @Test
    void notesAreBounded() {
        String line = "\u2014 name AAAAAAA=\n";
        assertThat(Note.parse("text\n\n" + line.repeat(32)).lines()).hasSize(32);
        assertThatThrownBy(() -> Note.parse("text\n\n" + line.repeat(33)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Note.parse(new byte[Note.MAX_BYTES + 1]))
                .hasMessageContaining("65537");
        assertThatThrownBy(() -> Note.parse(new byte[] {(byte) 0xff}))
                .hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "origin\n",
                "origin\n1\n",
                "origin\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                "origin\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                "origin\n1\nAAAA\n",
                "origin\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                "origin\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nmore\n"
            })
    void malformedCheckpointsAreNone(String text) {
        assertThatThrownBy(() -> Checkpoint.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void extensionsOfACheckpointAreKept() {
        Checkpoint extended =
                new Checkpoint("o - 1", 3, Hash.empty(), List.of("Timestamp: 1", "more"));
        assertThat(Checkpoint.parse(extended.text())).isEqualTo(extended);
        assertThatThrownBy(() -> new Checkpoint("o", 1, Hash.empty(), List.of("")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Checkpoint("o", -1, Hash.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aProofIsReadBackAndProvesItsEntryOnly() {
        TestTree tree = TestTree.ofSize(77);
        NoteSigner signer = signer(NoteKey.Kind.ED25519);
        SignedCheckpoint head =
                SignedCheckpoint.sign(
                        new Checkpoint(ORIGIN, 77, tree.root()), List.of(signer), NOW);
        LogProof proof = new LogProof(InclusionProof.of(33, 77, tree::node), head);

        LogProof read = LogProof.parse(proof.toString());

        assertThat(read).isEqualTo(proof);
        assertThat(read.proves(tree.entry(33))).isTrue();
        assertThat(read.proves(tree.entry(34))).isFalse();
        String extra = proof.toString().replace("\nindex", "\nextra AAAA\nindex");
        assertThat(LogProof.parse(extra)).isEqualTo(proof);
        for (String broken :
                List.of(
                        "",
                        "\n\n",
                        proof.toString().replace("@v1", "@v2"),
                        proof.toString().replace("index", "indes"),
                        proof.toString().replace("index 33", "index 033"),
                        proof.toString().replace("index 33", "index 77"),
                        proof.toString().replaceFirst("33\n[^\n]*\n", "33\nAAAA\n"))) {
            assertThatThrownBy(() -> LogProof.parse(broken))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(
                        () ->
                                new LogProof(
                                        new InclusionProof(1, 76, Collections.emptyList()), head))
                .hasMessageContaining("another size");
    }
}
