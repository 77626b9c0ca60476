package dev.modunest.edge.serve;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.EdgeCache.Hit;
import dev.modunest.edge.cache.OpenFile;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.counts.DownloadCounter;
import dev.modunest.format.http.ByteRanges.Span;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/** Writes the response for an artifact, wherever its bytes are. */
final class ArtifactWriter {

    static final String MEDIA_TYPE = "application/java-archive";

    private static final String IMMUTABLE = "public, max-age=31536000, immutable";
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final DownloadCounter downloads;
    private final Executor blocking;
    private final InstantSource clock;

    ArtifactWriter(DownloadCounter downloads, Executor blocking, InstantSource clock) {
        this.downloads = downloads;
        this.blocking = blocking;
        this.clock = clock;
    }

    void write(Exchange x, Hit hit, CacheStatus status) {
        switch (hit) {
            case Hit.InMemory(StoredArtifact artifact, Buffer body, String _) ->
                    fromMemory(x, artifact, body, status);
            case Hit.OnDisk(StoredArtifact artifact, OpenFile file) ->
                    fromDisk(x, artifact, file, status);
        }
    }

    /** Writes what is still filling; takes over the lease on {@code file}. */
    void writeFilling(
            Exchange x,
            StoredArtifact artifact,
            OpenFile file,
            ByteSource source,
            CacheStatus status) {
        Selection selection = select(x, artifact, status);
        if (x.isHead()) {
            file.release();
            end(x, selection, artifact);
            return;
        }
        switch (selection) {
            case Selection.NotModified _, Selection.Refused _ -> {
                file.release();
                end(x, selection, artifact);
            }
            case Selection.Whole() -> pump(x, Piece.whole(artifact), file, source);
            case Selection.Parts(List<Span> spans) ->
                    pump(x, parts(x.response(), artifact, spans), file, source);
        }
    }

    private void fromMemory(Exchange x, StoredArtifact artifact, Buffer body, CacheStatus status) {
        Selection selection = select(x, artifact, status);
        HttpServerResponse response = x.response();
        switch (selection) {
            case Selection.NotModified _, Selection.Refused _ -> end(x, selection, artifact);
            case Selection.Whole() -> x.end(body);
            case Selection.Parts(List<Span> spans) -> {
                Buffer selected = Buffer.buffer();
                for (Piece piece : parts(response, artifact, spans)) {
                    switch (piece) {
                        case Piece.Text(Buffer bytes) -> selected.appendBuffer(bytes);
                        case Piece.Slice(long first, long length) ->
                                selected.appendBuffer(body, (int) first, (int) length);
                    }
                }
                response.end(selected);
            }
        }
    }

    private void fromDisk(Exchange x, StoredArtifact artifact, OpenFile file, CacheStatus status) {
        Selection selection = select(x, artifact, status);
        if (x.isHead()) {
            file.release();
            end(x, selection, artifact);
            return;
        }
        switch (selection) {
            case Selection.NotModified _, Selection.Refused _ -> {
                file.release();
                end(x, selection, artifact);
            }
            case Selection.Whole() -> sendFile(x, artifact, file, 0, artifact.size());
            case Selection.Parts(List<Span> spans) -> {
                List<Piece> pieces = parts(x.response(), artifact, spans);
                if (pieces.size() == 1
                        && pieces.getFirst() instanceof Piece.Slice(long first, long length)) {
                    sendFile(x, artifact, file, first, length);
                } else {
                    pump(x, pieces, file, ByteSource.whole(artifact.size()));
                }
            }
        }
    }

    private void sendFile(
            Exchange x, StoredArtifact artifact, OpenFile file, long first, long length) {
        if (x.request().version() == HttpVersion.HTTP_2) {
            List<Piece> whole = List.of(new Piece.Slice(first, length));
            pump(x, whole, file, ByteSource.whole(artifact.size()));
            return;
        }
        x.response().sendFile(file.channel(), first, length).onComplete(_ -> file.release());
    }

    private void pump(Exchange x, List<Piece> pieces, OpenFile file, ByteSource source) {
        x.response().putHeader("Content-Length", Long.toString(Piece.length(pieces)));
        new BodyPump(x, file, source, pieces, blocking).start();
    }

    /** Sets the headers that do not depend on the selection. */
    private Selection select(Exchange x, StoredArtifact artifact, CacheStatus status) {
        x.cacheStatus(status);
        long age =
                Math.max(0, Duration.between(artifact.generatedAt(), clock.instant()).toSeconds());
        MultiMap headers = x.response().headers();
        headers.set("ETag", artifact.digest().entityTag())
                .set("Cache-Control", IMMUTABLE)
                .set("Age", Long.toString(age));
        Selection selection = Selection.of(x.request(), x.isHead(), artifact);
        if (selection instanceof Selection.Whole || selection instanceof Selection.Parts) {
            headers.set("Content-Type", MEDIA_TYPE)
                    .set("Repr-Digest", artifact.digest().reprDigest())
                    .set("Accept-Ranges", "bytes")
                    .set("Last-Modified", HTTP_DATE.format(artifact.lastModified()));
        }
        count(x, artifact, selection);
        return selection;
    }

    private void count(Exchange x, StoredArtifact artifact, Selection selection) {
        if (downloads.isCounting()
                && !x.isHead()
                && selection.hasFirstByte()
                && !x.request().headers().contains(DownloadCounter.COUNTED)) {
            downloads.count(artifact.digest());
        }
    }

    private static List<Piece> parts(
            HttpServerResponse response, StoredArtifact artifact, List<Span> spans) {
        response.setStatusCode(206);
        if (spans.size() == 1) {
            Span span = spans.getFirst();
            response.putHeader("Content-Range", span.contentRange(artifact.size()));
            return Piece.single(span);
        }
        String boundary =
                "modunest-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        response.putHeader("Content-Type", "multipart/byteranges; boundary=" + boundary);
        return Piece.multipart(spans, artifact, MEDIA_TYPE, boundary);
    }

    private static void end(Exchange x, Selection selection, StoredArtifact artifact) {
        HttpServerResponse response = x.response();
        switch (selection) {
            case Selection.NotModified() -> response.setStatusCode(304).end();
            case Selection.Refused(String code, String title, String detail) -> {
                response.headers().remove("ETag").remove("Cache-Control").remove("Age");
                response.putHeader("Content-Range", "bytes */" + artifact.size());
                x.problem(416, code, title, detail);
            }
            case Selection.Whole _, Selection.Parts _ ->
                    response.putHeader("Content-Length", Long.toString(artifact.size())).end();
        }
    }
}
