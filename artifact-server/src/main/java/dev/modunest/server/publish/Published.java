package dev.modunest.server.publish;

import dev.modunest.db.NewRelease;

import java.util.List;

/** The release is live. */
record Published(NewRelease release, List<String> unknownFields) {}
