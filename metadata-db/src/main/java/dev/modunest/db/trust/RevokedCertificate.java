package dev.modunest.db.trust;

/** What a list of revocations says of one certificate. */
public record RevokedCertificate(String serial, Revocation revocation) {}
