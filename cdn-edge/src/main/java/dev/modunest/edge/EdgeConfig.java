package dev.modunest.edge;

import dev.modunest.edge.cache.DiskSettings;
import dev.modunest.edge.cache.MemorySettings;
import dev.modunest.edge.counts.CountSettings;
import dev.modunest.edge.fill.DocumentSettings;
import dev.modunest.edge.fill.FillSettings;
import dev.modunest.edge.limit.LimitSettings;
import dev.modunest.edge.listen.ListenSettings;
import dev.modunest.edge.log.AccessLogSettings;
import dev.modunest.edge.origin.OriginSettings;
import dev.modunest.edge.purge.PurgeSettings;

/** All settings of the edge, {@code docs/operations/cdn-edge.md}. */
public record EdgeConfig(
        ListenSettings listen,
        OriginSettings origin,
        MemorySettings memory,
        DiskSettings disk,
        FillSettings fill,
        DocumentSettings documents,
        PurgeSettings purge,
        CountSettings downloads,
        LimitSettings limits,
        AccessLogSettings accessLog) {}
