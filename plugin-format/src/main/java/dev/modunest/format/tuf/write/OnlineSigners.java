package dev.modunest.format.tuf.write;

import dev.modunest.format.sign.Signer;

/** The keys that sign without people. */
public record OnlineSigners(Signer snapshot, Signer timestamp, Signer bins) {}
