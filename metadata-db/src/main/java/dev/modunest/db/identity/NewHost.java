package dev.modunest.db.identity;

import java.util.UUID;

/**
 * A host as it enrols; {@link HostRecord} says what the parts are.
 *
 * @param publicKey a SubjectPublicKeyInfo
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record NewHost(
        UUID id, String name, String algorithm, byte[] publicKey, String thumbprint) {}
