package dev.modunest.server.doctor;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.server.artifact.BucketEntry;

/** Something in which storage and index do not agree. Sizes in bytes. */
public sealed interface Difference {

    /** Stable, for programs. */
    String code();

    /** An artifact that no release has. */
    record Orphan(Digest digest, BucketEntry object) implements Difference {
        @Override
        public String code() {
            return "orphan";
        }
    }

    /** An object under a key that the registry does not make. */
    record UnknownObject(BucketEntry object) implements Difference {
        @Override
        public String code() {
            return "unknown-object";
        }
    }

    /** An upload that nobody finished, past the age at which the sweeper removes it. */
    record AbandonedUpload(BucketEntry object) implements Difference {
        @Override
        public String code() {
            return "abandoned-upload";
        }
    }

    /** A release that cannot be downloaded. */
    record MissingBytes(Coordinate release, Digest digest, long size) implements Difference {
        @Override
        public String code() {
            return "missing-bytes";
        }
    }

    /** An artifact that is longer or shorter than its release says. */
    record WrongSize(Coordinate release, Digest digest, long size, long storedSize)
            implements Difference {
        @Override
        public String code() {
            return "wrong-size";
        }
    }

    /** An artifact whose bytes are others than its release says. */
    record WrongDigest(Coordinate release, Digest digest, Digest storedDigest)
            implements Difference {
        @Override
        public String code() {
            return "wrong-digest";
        }
    }

    /** A tile, statement or bundle that the log must have. */
    record MissingLogFile(String key) implements Difference {
        @Override
        public String code() {
            return "missing-log-file";
        }
    }

    /** A tile, statement, bundle or checkpoint that is not what the log's leaves make. */
    record WrongLogFile(String key, String fault) implements Difference {
        @Override
        public String code() {
            return "wrong-log-file";
        }
    }

    /** Bytes of a deleted release. */
    record DeletedBytes(Coordinate release, Digest digest, long size) implements Difference {
        @Override
        public String code() {
            return "deleted-bytes";
        }
    }
}
