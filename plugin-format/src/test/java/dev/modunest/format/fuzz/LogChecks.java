package dev.modunest.format.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.log.EntryBundle;
import dev.modunest.format.log.LogProof;
import dev.modunest.format.log.Note;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.trust.testing.TestLog;

import java.util.Arrays;
import java.util.List;

/** What holds of notes, proofs and tiles. */
final class LogChecks {

    private static final NoteKey STRANGER = new TestLog().mlDsaKey();

    private LogChecks() {}

    /** Written again it is the same; a checkpoint in it is signed by no stranger. */
    static void note(byte[] data) {
        Note note;
        SignedCheckpoint signed;
        try {
            note = Note.parse(data);
            assertThat(Note.parse(note.toString())).isEqualTo(note);
            assertThat(note.toString()).isEqualTo(FormatChecks.text(data));
            signed = SignedCheckpoint.parse(note.toString());
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(signed.checkpoint().text()).isEqualTo(note.text());
        assertThat(signed.find(STRANGER)).isEmpty();
    }

    static void noteKey(byte[] data) {
        NoteKey key;
        try {
            key = NoteKey.parse(FormatChecks.text(data));
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(key.vkey()).isEqualTo(FormatChecks.text(data));
    }

    static void logProof(byte[] data) {
        LogProof proof;
        try {
            proof = LogProof.parse(FormatChecks.text(data));
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(LogProof.parse(proof.toString())).isEqualTo(proof);
        assertThat(proof.proves(data)).isFalse();
    }

    static void tilePath(byte[] data) {
        TilePath.parse(FormatChecks.text(data))
                .ifPresent(path -> assertThat(path.toString()).isEqualTo(FormatChecks.text(data)));
    }

    /** Written again it is the same. The first byte is the number of entries. */
    static void entryBundle(byte[] data) {
        if (data.length == 0) {
            return;
        }
        byte[] bundle = Arrays.copyOfRange(data, 1, data.length);
        List<byte[]> entries;
        try {
            entries = EntryBundle.read(bundle, data[0] & 0xff);
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(EntryBundle.write(entries)).isEqualTo(bundle);
    }
}
