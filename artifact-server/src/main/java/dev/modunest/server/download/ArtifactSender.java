package dev.modunest.server.download;

import dev.modunest.format.http.ByteRanges;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.artifact.ArtifactBody;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.KeptBody;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** Sends an artifact, or parts of it, from memory or through one buffer from the storage. */
final class ArtifactSender {

    private static final Logger LOG = LoggerFactory.getLogger(ArtifactSender.class);

    private final ArtifactStore store;
    private final HotArtifacts hot;
    private final Admission admission;
    private final Metrics metrics;
    private final int bufferBytes;

    ArtifactSender(
            ArtifactStore store,
            HotArtifacts hot,
            Admission admission,
            Metrics metrics,
            int bufferBytes) {
        this.store = store;
        this.hot = hot;
        this.admission = admission;
        this.metrics = metrics;
        this.bufferBytes = bufferBytes;
    }

    /**
     * Sends what {@code ranges} asks for. The storage is asked first, so that its failure is still
     * an answer; a failure after the first byte cuts the connection, which the client notices by
     * the missing bytes.
     *
     * @param describe sets the headers that every answer carries
     */
    void send(
            StoredObject.Artifact object,
            long size,
            ByteRanges ranges,
            ServerResponse response,
            Runnable describe) {
        List<ByteRanges.Span> spans = spans(ranges, size);
        try (Admission.Permit _ = admission.acquire();
                ArtifactBody first = open(object, size, spans.getFirst())) {
            describe.run();
            if (spans.size() > 1) {
                sendParts(object, size, spans, first, response);
            } else {
                sendOne(object, size, ranges, first, response);
            }
        }
    }

    private static List<ByteRanges.Span> spans(ByteRanges ranges, long size) {
        return switch (ranges) {
            case ByteRanges.Parts parts -> parts.spans();
            case ByteRanges.Whole _ -> List.of(new ByteRanges.Span(0, size - 1));
            case ByteRanges.Unsatisfiable _, ByteRanges.Malformed _ ->
                    throw new IllegalStateException("refused before it came here");
        };
    }

    private ArtifactBody open(StoredObject.Artifact object, long size, ByteRanges.Span span) {
        Optional<byte[]> whole = hot.find(object, size);
        return whole.isPresent()
                ? new KeptBody(whole.get(), span.first(), span.last())
                : fromStorage(object, span);
    }

    private ArtifactBody fromStorage(StoredObject.Artifact object, ByteRanges.Span span) {
        return store.read(object, span.first(), span.last()).orElseThrow(() -> missing(object));
    }

    static Rejection missing(StoredObject.Artifact object) {
        LOG.error("{} is indexed and missing in the storage", object.key());
        return new Rejection(
                ProblemCode.ARTIFACT_MISSING,
                "The artifact sha256:"
                        + object.digest().hex()
                        + " is published but its bytes are gone; report the request id to the operator, who restores the bucket");
    }

    private void sendOne(
            StoredObject.Artifact object,
            long size,
            ByteRanges ranges,
            ArtifactBody body,
            ServerResponse response) {
        ByteRanges.Span span = spans(ranges, size).getFirst();
        if (ranges instanceof ByteRanges.Parts) {
            response.status(Status.PARTIAL_CONTENT_206);
            response.header(HeaderNames.CONTENT_RANGE, span.contentRange(size));
        }
        response.header(HeaderNames.CONTENT_TYPE, object.mediaType());
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(span.length()));
        stream(response, out -> body.copyTo(out, bufferBytes));
        metrics.downloaded(span.length());
    }

    private void sendParts(
            StoredObject.Artifact object,
            long size,
            List<ByteRanges.Span> spans,
            ArtifactBody first,
            ServerResponse response) {
        MultipartRanges framing = new MultipartRanges(spans, object.mediaType(), size);
        response.status(Status.PARTIAL_CONTENT_206);
        response.header(HeaderNames.CONTENT_TYPE, framing.contentType());
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(framing.contentLength()));
        stream(
                response,
                out -> {
                    out.write(framing.head(spans.getFirst()));
                    first.copyTo(out, bufferBytes);
                    for (ByteRanges.Span span : spans.subList(1, spans.size())) {
                        out.write(framing.head(span));
                        try (ArtifactBody next = open(object, size, span)) {
                            next.copyTo(out, bufferBytes);
                        }
                    }
                    out.write(framing.end());
                });
        metrics.downloaded(framing.contentLength());
    }

    @FunctionalInterface
    private interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    private static void stream(ServerResponse response, Body body) {
        OutputStream out = response.outputStream();
        try {
            body.writeTo(out);
            out.close();
        } catch (IOException gone) {
            throw new ServerConnectionException("the client is gone", gone);
        } catch (StoreException | Rejection broken) {
            LOG.error("a download is cut off: the storage failed in the middle", broken);
            throw new CloseConnectionException("the storage failed in the middle", broken);
        }
    }
}
