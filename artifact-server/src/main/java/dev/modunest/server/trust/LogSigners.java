package dev.modunest.server.trust;

import dev.modunest.format.sign.Signer;

/**
 * The keys that sign each checkpoint of the log.
 *
 * @param origin the name of the log in its checkpoints, {@code registry.example.com/log/2026}
 */
public record LogSigners(String origin, Signer ed25519, Signer ecdsa, Signer mlDsa44) {}
