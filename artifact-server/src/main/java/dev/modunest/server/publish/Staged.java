package dev.modunest.server.publish;

import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.server.artifact.StoredObject;

/**
 * First stage of a publish: the bytes are in the storage, and what the inspection says of them is
 * known.
 */
record Staged(StoredObject.Staging object, Digest digest, long size, Inspection inspection) {}
