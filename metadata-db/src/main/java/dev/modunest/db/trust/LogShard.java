package dev.modunest.db.trust;

import java.util.Optional;

/**
 * How far a log has come.
 *
 * @param name of the shard, part of its path
 * @param origin its name in checkpoints
 * @param size leaves that have an index
 * @param signed the largest tree that was ever signed
 * @param publishedSize leaves that everybody may see
 * @param checkpoint over them, as it is served; empty before the first
 */
public record LogShard(
        String name,
        String origin,
        long size,
        TreeHead signed,
        long publishedSize,
        Optional<String> checkpoint) {

    /**
     * A tree.
     *
     * @param root base64 of its hash
     */
    public record TreeHead(long size, String root) {}
}
