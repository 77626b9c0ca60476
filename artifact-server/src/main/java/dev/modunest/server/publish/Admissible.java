package dev.modunest.server.publish;

import dev.modunest.db.NewRelease;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.attest.SignedRelease;

import java.util.List;

/**
 * Last stage before a release is live: made by {@link PublishRules} alone.
 *
 * @param unknownFields of the manifest, as JSON pointers
 * @param signed what is signed of it, checked
 */
record Admissible(
        StoredObject.Staging object,
        NewRelease release,
        List<String> unknownFields,
        SignedRelease signed) {}
