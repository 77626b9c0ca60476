package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Hashes of one file in hex, by {@code sha256} and {@code sha512}, in the order of the document;
 * those of other names are not looked at.
 */
public record Hashes(Map<String, String> byName) {

    private static final Set<String> NAMES = Set.of("sha256", "sha512");

    public Hashes {
        Map<String, String> known = new LinkedHashMap<>(byName);
        known.keySet().retainAll(NAMES);
        byName = Collections.unmodifiableMap(known);
        if (known.isEmpty()) {
            throw new IllegalArgumentException("no hash by sha256 or sha512");
        }
    }

    static Hashes parse(JsonNode json) {
        Map<String, String> hashes = new LinkedHashMap<>();
        json.properties()
                .forEach(
                        hash ->
                                hashes.put(
                                        hash.getKey(), MetadataFields.text(json, hash.getKey())));
        return new Hashes(hashes);
    }

    /** The SHA-256 of {@code content}, as written by this project. */
    public static Hashes of(byte[] content) {
        return new Hashes(Map.of("sha256", hex("sha256", content)));
    }

    /** The one that is part of a target's file name. */
    public String first() {
        return byName.values().iterator().next();
    }

    /** Whether all are those of {@code content}. */
    public boolean match(byte[] content) {
        return byName.entrySet().stream()
                .allMatch(hash -> hex(hash.getKey(), content).equals(hash.getValue()));
    }

    private static String hex(String name, byte[] content) {
        String algorithm = name.equals("sha256") ? "SHA-256" : "SHA-512";
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has " + algorithm, impossible);
        }
    }
}
