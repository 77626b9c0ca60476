package dev.modunest.load;

/**
 * What can be downloaded.
 *
 * @param release {@code namespace/name@version}
 * @param hex its SHA-256
 * @param size in bytes
 */
record Artifact(String release, String hex, long size) {}
