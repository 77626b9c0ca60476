package dev.modunest.db;

/**
 * The first answer to a mutation, as it is told again.
 *
 * @param fingerprint tells a retry from another request with the same key
 * @param headersJson the headers, a JSON object of texts
 */
public record StoredAnswer(String fingerprint, int status, String headersJson, String body) {}
