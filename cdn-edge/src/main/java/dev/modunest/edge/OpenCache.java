package dev.modunest.edge;

import dev.modunest.edge.admin.TierPurge;
import dev.modunest.edge.prefetch.Prefetches;

/** What there is once the edge owns the directory of its tiers. */
record OpenCache(EdgeRoutes routes, TierPurge purge, Prefetches prefetches) {}
