package dev.modunest.server.publish;

import dev.modunest.db.NewRelease;

import java.util.List;
import java.util.UUID;

/** The release is live, as the change of the index with that serial number. */
record Published(UUID publish, NewRelease release, List<String> unknownFields, long serial) {}
