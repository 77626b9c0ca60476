package dev.modunest.edge;

import dev.modunest.edge.admin.TierPurge;

/** What there is once the edge owns the directory of its tiers. */
record OpenCache(EdgeRoutes routes, TierPurge purge) {}
