package dev.modunest.format.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.SnapshotMetadata;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.TimestampMetadata;

import java.util.function.Function;

/** What holds of a document of TUF: published again it says the same, under the same digest. */
final class TufChecks {

    private TufChecks() {}

    static void root(byte[] data) {
        check(data, RootMetadata::of);
    }

    static void timestamp(byte[] data) {
        check(data, TimestampMetadata::of);
    }

    static void snapshot(byte[] data) {
        check(data, SnapshotMetadata::of);
    }

    static void targets(byte[] data) {
        check(data, TargetsMetadata::of);
    }

    private static void check(byte[] data, Function<SignedDocument, Record> reader) {
        SignedDocument document;
        try {
            document = SignedDocument.parse(data);
        } catch (IllegalArgumentException refused) {
            return;
        }
        SignedDocument again = SignedDocument.parse(document.bytes());
        assertThat(again.digest()).isEqualTo(document.digest());
        assertThat(again.bytes()).isEqualTo(document.bytes());
        Record read;
        try {
            read = reader.apply(document);
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(reader.apply(again)).isEqualTo(read);
    }
}
