package dev.modunest.edge;

import dev.modunest.edge.cache.DiskSettings;
import dev.modunest.edge.cache.MemorySettings;
import dev.modunest.edge.counts.CountSettings;
import dev.modunest.edge.fill.FillSettings;
import dev.modunest.edge.fill.ResponseSettings;
import dev.modunest.edge.origin.OriginSettings;
import dev.modunest.edge.purge.PurgeSettings;
import dev.modunest.edge.serve.ListenSettings;
import dev.modunest.settings.Default;

/** All settings of the edge, {@code docs/operations/cdn-edge.md}. */
public record EdgeConfig(
        @Default("registry") EdgeMode mode,
        ListenSettings listen,
        OriginSettings origin,
        MemorySettings memory,
        DiskSettings disk,
        FillSettings fill,
        ResponseSettings responses,
        PurgeSettings purge,
        CountSettings downloads) {}
