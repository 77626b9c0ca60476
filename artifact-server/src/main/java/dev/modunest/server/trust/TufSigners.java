package dev.modunest.server.trust;

import dev.modunest.format.sign.Signer;

/** The keys of TUF roles that sign without a person. */
public record TufSigners(Signer snapshot, Signer timestamp, Signer bins) {}
