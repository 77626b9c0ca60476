package dev.modunest.server.publish;

import dev.modunest.db.NewRelease;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.server.artifact.StoredObject;

import java.util.List;
import java.util.Optional;

/**
 * Last stage before a release is live: made by {@link PublishRules} alone.
 *
 * @param unknownFields of the manifest, as JSON pointers
 * @param signed what the publisher says of it, checked
 */
record Admissible(
        StoredObject.Staging object,
        NewRelease release,
        List<String> unknownFields,
        Optional<ReleaseBundle> signed) {}
