package dev.modunest.server.publish;

import dev.modunest.db.NewRelease;

import java.util.List;

/** The release is live, as the change of the index with that serial number. */
record Published(NewRelease release, List<String> unknownFields, long serial) {}
