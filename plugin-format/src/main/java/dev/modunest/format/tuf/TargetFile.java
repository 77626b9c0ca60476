package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A file that a targets role vouches for.
 *
 * @param path in the repository's targets, not encoded
 * @param length bytes
 */
public record TargetFile(String path, long length, Hashes hashes) {

    public TargetFile {
        if (length < 0) {
            throw new IllegalArgumentException("a length is not negative");
        }
    }

    static TargetFile parse(String path, JsonNode json) {
        return new TargetFile(
                path,
                MetadataFields.length(json)
                        .orElseThrow(
                                () -> new IllegalArgumentException("'" + path + "' has no length")),
                Hashes.parse(MetadataFields.object(json, "hashes")));
    }

    public static TargetFile of(String path, byte[] content) {
        return new TargetFile(path, content.length, Hashes.of(content));
    }

    /** Checks that {@code content} is this file's. */
    public void check(byte[] content) throws TufException {
        if (content.length != length) {
            throw new TufException(
                    TufProblem.BAD_LENGTH, path, content.length + " bytes instead of " + length);
        }
        if (!hashes.match(content)) {
            throw new TufException(TufProblem.BAD_HASH, path, "not the hash that is named");
        }
    }
}
