package dev.modunest.edge;

import dev.modunest.edge.access.AccessSettings;
import dev.modunest.edge.admin.AdminSettings;
import dev.modunest.edge.cache.DiskSettings;
import dev.modunest.edge.cache.MemorySettings;
import dev.modunest.edge.counts.CountSettings;
import dev.modunest.edge.discovery.DiscoverySettings;
import dev.modunest.edge.fill.FillSettings;
import dev.modunest.edge.fill.ResponseSettings;
import dev.modunest.edge.limit.LimitSettings;
import dev.modunest.edge.listen.ListenSettings;
import dev.modunest.edge.log.AccessLogSettings;
import dev.modunest.edge.origin.CdnLoop;
import dev.modunest.edge.origin.OriginSettings;
import dev.modunest.edge.prefetch.PrefetchSettings;
import dev.modunest.edge.purge.PurgeSettings;
import dev.modunest.settings.Default;
import dev.modunest.telemetry.LoggingConfig;
import dev.modunest.telemetry.TracingConfig;

import java.util.Optional;

/**
 * All settings of the edge, {@code docs/operations/cdn-edge.md}.
 *
 * @param cdnId by which the edge knows a request that comes back; none: host name and port
 */
public record EdgeConfig(
        @Default("registry") EdgeMode mode,
        ListenSettings listen,
        OriginSettings origin,
        DiscoverySettings discovery,
        MemorySettings memory,
        DiskSettings disk,
        FillSettings fill,
        ResponseSettings responses,
        PurgeSettings purge,
        PrefetchSettings prefetch,
        CountSettings downloads,
        AccessSettings access,
        LimitSettings limits,
        AccessLogSettings accessLog,
        AdminSettings admin,
        LoggingConfig logging,
        TracingConfig tracing,
        Optional<String> cdnId) {

    public EdgeConfig {
        if (origin.uris().isEmpty() && !discovery.isOn() && admin.token().isEmpty()) {
            throw new IllegalArgumentException(
                    "origin.uris: is required; write http://host:port of the origin, or say how it"
                            + " is found: discovery.dns.srv, discovery.kubernetes.service, or"
                            + " admin.token, with which it announces itself");
        }
        cdnId.ifPresent(CdnLoop::new);
    }
}
