package dev.modunest.edge.fill;

import dev.modunest.edge.cache.CachePolicy;
import dev.modunest.edge.cache.HttpDate;
import dev.modunest.edge.cache.StoredResponse;
import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.CdnLoop;
import dev.modunest.edge.origin.EndToEndHeaders;

import io.vertx.core.MultiMap;

import java.util.List;

/** The header fields with which the origin is asked for what may be stored. */
final class OriginFields {

    /** Of the client, or written by the edge. */
    private static final List<String> NOT_FORWARDED =
            List.of(
                    "Host",
                    "Range",
                    "If-Range",
                    "If-Match",
                    "If-None-Match",
                    "If-Modified-Since",
                    "If-Unmodified-Since",
                    "Expect",
                    "Content-Length",
                    "X-Request-Id",
                    "X-Forwarded-For",
                    "traceparent",
                    "tracestate",
                    CdnLoop.HEADER);

    private OriginFields() {}

    /** Those of the edge, beside those of the client that the policy lets through. */
    static MultiMap of(CachePolicy policy, MultiMap request, Asker asker) {
        MultiMap own = asker.headersWithClient();
        if (!policy.forwardsFields()) {
            return own;
        }
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        EndToEndHeaders.copy(request, fields);
        NOT_FORWARDED.forEach(fields::remove);
        return fields.addAll(own);
    }

    /** RFC 9111 4.3.1. */
    static void validate(StoredResponse stale, MultiMap fields) {
        String tag = stale.field("ETag");
        if (tag != null) {
            fields.set("If-None-Match", tag);
        }
        String modified = stale.field("Last-Modified");
        if (modified != null && HttpDate.parse(modified).isPresent()) {
            fields.set("If-Modified-Since", modified);
        }
    }
}
