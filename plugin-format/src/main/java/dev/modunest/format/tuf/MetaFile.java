package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What one metadata file says of another: its version, and its length and hashes if it does. */
public record MetaFile(long version, OptionalLong length, Optional<Hashes> hashes) {

    private static final String SUFFIX = ".json";

    static MetaFile parse(JsonNode json) {
        return new MetaFile(
                MetadataFields.positive(json, "version"),
                MetadataFields.length(json),
                json.has("hashes")
                        ? Optional.of(Hashes.parse(MetadataFields.object(json, "hashes")))
                        : Optional.empty());
    }

    /** The files that {@code meta} describes, by the role that each is of. */
    static Map<String, MetaFile> parseAll(JsonNode signed) {
        JsonNode meta = MetadataFields.object(signed, "meta");
        Map<String, MetaFile> files = new LinkedHashMap<>();
        meta.properties()
                .forEach(
                        file -> {
                            String name = file.getKey();
                            if (!name.endsWith(SUFFIX)) {
                                throw new IllegalArgumentException(
                                        "'" + name + "' does not end in " + SUFFIX);
                            }
                            files.put(
                                    name.substring(0, name.length() - SUFFIX.length()),
                                    parse(file.getValue()));
                        });
        return files;
    }

    /** How many bytes of the file may be read. */
    int maxBytes(int limit) {
        return (int) Math.min(length.orElse(limit), limit);
    }

    /** Checks length and hashes where they are told. */
    void check(String role, byte[] document) throws TufException {
        if (length.isPresent() && length.getAsLong() != document.length) {
            throw new TufException(
                    TufProblem.BAD_LENGTH,
                    role,
                    document.length + " bytes, and " + length.getAsLong() + " are named");
        }
        if (hashes.isPresent() && !hashes.get().match(document)) {
            throw new TufException(TufProblem.BAD_HASH, role, "not the hash that is named");
        }
    }
}
