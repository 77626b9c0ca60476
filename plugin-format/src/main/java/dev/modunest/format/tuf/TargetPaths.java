package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.Digest;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Which targets a role is trusted with. */
public sealed interface TargetPaths {

    boolean include(String targetPath);

    static TargetPaths parse(JsonNode role) {
        if (role.has("paths") == role.has("path_hash_prefixes")) {
            throw new IllegalArgumentException("a role has either 'paths' or 'path_hash_prefixes'");
        }
        return role.has("paths")
                ? new Patterns(MetadataFields.texts(role, "paths"))
                : new HashPrefixes(MetadataFields.texts(role, "path_hash_prefixes"));
    }

    /** The SHA-256 of a path, by which prefixes and bins divide targets. */
    static Digest hash(String targetPath) {
        return Digest.ofBytes(targetPath.getBytes(StandardCharsets.UTF_8));
    }

    /** Those that match one of some patterns. */
    record Patterns(List<String> patterns) implements TargetPaths {

        public Patterns {
            patterns = List.copyOf(patterns);
        }

        @Override
        public boolean include(String targetPath) {
            return patterns.stream().anyMatch(pattern -> PathPattern.matches(pattern, targetPath));
        }
    }

    /** Those whose hash begins with one of some hex texts. */
    record HashPrefixes(List<String> prefixes) implements TargetPaths {

        public HashPrefixes {
            prefixes = List.copyOf(prefixes);
        }

        @Override
        public boolean include(String targetPath) {
            String hash = hash(targetPath).hex();
            return prefixes.stream().anyMatch(hash::startsWith);
        }
    }

    /** Those that the division into bins gives to one. */
    record Bin(HashBins bins, String name) implements TargetPaths {

        @Override
        public boolean include(String targetPath) {
            return bins.binOf(targetPath).equals(name);
        }
    }
}
