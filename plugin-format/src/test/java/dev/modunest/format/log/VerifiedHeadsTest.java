package dev.modunest.format.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class VerifiedHeadsTest {

    private static final NoteSigner LOG = signer();

    private final VerifiedHeads heads = new VerifiedHeads();

    private static NoteSigner signer() {
        return new NoteSigner(
                "example.com/log",
                NoteKey.Kind.ED25519,
                new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519)));
    }

    private static SignedCheckpoint head(long size, NoteSigner signer) {
        return SignedCheckpoint.sign(
                new Checkpoint("example.com/log", size, Hash.empty()),
                List.of(signer),
                Instant.EPOCH);
    }

    @Test
    void knowsAHeadAgainAndNoOther() {
        SignedCheckpoint head = head(7, LOG);
        assertThat(heads.isSigned(head, LOG.key())).isTrue();
        assertThat(heads.isSigned(SignedCheckpoint.parse(head.toString()), LOG.key())).isTrue();
        assertThat(heads.remembered()).isEqualTo(1);
        SignedCheckpoint moved =
                new SignedCheckpoint(
                        head(8, LOG).checkpoint(),
                        new Note(head(8, LOG).note().text(), head.note().lines()));
        assertThat(heads.isSigned(moved, LOG.key())).isFalse();
        assertThat(heads.isSigned(head, signer().key())).isFalse();
        assertThat(heads.remembered()).isEqualTo(1);
    }

    @Test
    void aWrongLineBesideTheRightOneIsSeen() {
        SignedCheckpoint head = head(7, LOG);
        assertThat(heads.isSigned(head, LOG.key())).isTrue();
        SignedCheckpoint both = head.with(head(8, LOG).note().lines());
        assertThat(heads.isSigned(both, LOG.key())).isFalse();
    }

    @Test
    void remembersNoMoreThanItsBound() {
        for (int size = 0; size < 2 * VerifiedHeads.MAX_REMEMBERED + 1; size++) {
            assertThat(heads.isSigned(head(size, LOG), LOG.key())).isTrue();
            assertThat(heads.remembered()).isBetween(1, VerifiedHeads.MAX_REMEMBERED);
        }
    }
}
