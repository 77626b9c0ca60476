package dev.modunest.edge.serve;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;

import java.util.Optional;

/** A path that names an artifact. */
public sealed interface ArtifactPath {

    String PREFIX = "/artifacts/";

    /** {@code /artifacts/sha256/<hex>}. */
    record ByDigest(Digest digest) implements ArtifactPath {
        @Override
        public String text() {
            return PREFIX + "sha256/" + digest.hex();
        }
    }

    /** {@code /artifacts/<ns>/<name>/<version>/<name>-<version>.jar}. */
    record ByName(String text) implements ArtifactPath {}

    /** The path as the origin knows it. */
    String text();

    /** Reads a path; empty for one that is no artifact's in canonical form. */
    static Optional<ArtifactPath> parse(String path) {
        if (!path.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = path.substring(PREFIX.length()).split("/", -1);
        if (parts.length == 2 && parts[0].equals("sha256")) {
            return Digest.tryHex(parts[1]).map(ByDigest::new);
        }
        boolean byName =
                parts.length == 4
                        && PluginId.isPart(parts[0])
                        && PluginId.isPart(parts[1])
                        && isVersionLike(parts[2])
                        && parts[3].equals(parts[1] + "-" + parts[2] + ".jar");
        return byName ? Optional.of(new ByName(path)) : Optional.empty();
    }

    private static boolean isVersionLike(String text) {
        if (text.isEmpty() || text.length() > 256) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '.'
                            || c == '-';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }
}
