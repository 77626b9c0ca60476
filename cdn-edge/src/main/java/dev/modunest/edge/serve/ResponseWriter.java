package dev.modunest.edge.serve;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.Chunk;
import dev.modunest.edge.cache.Content;
import dev.modunest.edge.cache.EdgeCache.Hit;
import dev.modunest.edge.cache.FileSource;
import dev.modunest.edge.cache.OpenFile;
import dev.modunest.edge.cache.Part;
import dev.modunest.edge.cache.ResponseHead;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.format.http.ByteRanges.Span;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Writes a stored response, or one that is being stored, wherever its bytes are. */
public final class ResponseWriter {

    /** What a 304 does not repeat (RFC 9110 15.4.5). */
    private static final List<String> OF_CONTENT =
            List.of(
                    "Content-Type",
                    "Content-Encoding",
                    "Content-Language",
                    "Content-Range",
                    "Repr-Digest");

    /** Up to here a copy costs less than a system call of its own. */
    private static final int SMALL = 32 << 10;

    private final InstantSource clock;

    public ResponseWriter(InstantSource clock) {
        this.clock = clock;
    }

    /** Writes {@code head} with the content of {@code hit}, whose lease it takes over. */
    Selection write(Exchange x, ResponseHead head, Hit hit, CacheStatus status) {
        Selection selection = select(x, head, hit.artifact().size(), age(head), status);
        switch (hit) {
            case Hit.InMemory(Content content) -> fromMemory(x, head, content, selection);
            case Hit.OnDisk(StoredArtifact artifact, OpenFile file) ->
                    fromDisk(x, head, artifact, file, selection);
        }
        return selection;
    }

    /**
     * Writes what is still filling; takes over the lease on {@code source}.
     *
     * @param size -1 when it is not known
     * @param age in seconds
     */
    Selection writeFilling(
            Exchange x,
            ResponseHead head,
            long size,
            long age,
            ByteSource source,
            CacheStatus status) {
        Selection selection = select(x, head, size, age, status);
        if (!x.isHead() && selection instanceof Selection.Whole && size < 0) {
            BodyPump.openEnded(x, source).start();
        } else if (!x.isHead() && selection instanceof Selection.Whole) {
            pump(x, Piece.whole(size), source);
        } else if (!x.isHead() && selection instanceof Selection.Parts(List<Span> spans)) {
            pump(x, parts(x.response(), head, size, spans), source);
        } else {
            source.release();
            end(x, selection, size);
        }
        return selection;
    }

    /** Whether a body follows the head. */
    static boolean hasBody(int status) {
        return status != 204 && status != 304;
    }

    private void fromMemory(Exchange x, ResponseHead head, Content content, Selection selection) {
        switch (selection) {
            case Selection.Whole() when x.isHead() || !hasBody(head.status()) ->
                    end(x, selection, content.artifact().size());
            case Selection.Whole() -> x.response().end(content.bytes());
            case Selection.NotModified _, Selection.Refused _ ->
                    end(x, selection, content.artifact().size());
            case Selection.Parts(List<Span> spans) ->
                    x.response().end(cut(x, head, content, spans));
        }
    }

    private static Buffer cut(Exchange x, ResponseHead head, Content content, List<Span> spans) {
        List<Piece> pieces = parts(x.response(), head, content.artifact().size(), spans);
        if (pieces.size() == 1 && pieces.getFirst() instanceof Piece.Slice(long at, long length)) {
            return content.bytes().slice((int) at, (int) (at + length));
        }
        Buffer selected = Buffer.buffer();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Text(Buffer bytes) -> selected.appendBuffer(bytes);
                case Piece.Slice(long first, long length) ->
                        selected.appendBuffer(content.bytes(), (int) first, (int) length);
            }
        }
        return selected;
    }

    private void fromDisk(
            Exchange x,
            ResponseHead head,
            StoredArtifact artifact,
            OpenFile file,
            Selection selection) {
        if (x.isHead()
                || selection instanceof Selection.NotModified
                || selection instanceof Selection.Refused) {
            file.release();
            end(x, selection, artifact.size());
            return;
        }
        List<Piece> pieces =
                selection instanceof Selection.Parts(List<Span> spans)
                        ? parts(x.response(), head, artifact.size(), spans)
                        : Piece.whole(artifact.size());
        if (x.takesFiles()
                && pieces.size() == 1
                && pieces.getFirst() instanceof Piece.Slice(long at, long length)
                && length > SMALL) {
            x.response().sendFile(file.channel(), at, length).onComplete(_ -> file.release());
        } else if (pieces.size() == 1
                && pieces.getFirst() instanceof Piece.Slice(long at, long length)
                && length <= SMALL) {
            endSmall(x, file, at, (int) length);
        } else {
            pump(x, pieces, new FileSource(file, artifact.size()));
        }
    }

    /** Head and body leave in one write. */
    private static void endSmall(Exchange x, OpenFile file, long at, int length) {
        Future<Chunk> bytes = FileSource.read(file, at, length);
        file.release();
        if (bytes.succeeded()) {
            Chunk chunk = bytes.result();
            x.response().end(chunk.bytes()).onComplete(_ -> chunk.written());
        } else {
            x.failed(bytes.cause());
        }
    }

    private static void pump(Exchange x, List<Piece> pieces, ByteSource source) {
        x.response().putHeader("Content-Length", Long.toString(Piece.length(pieces)));
        BodyPump.of(x, source, pieces).start();
    }

    /** The age of a response now, in seconds. */
    long age(ResponseHead head) {
        return head.freshness().ageSeconds(clock.instant());
    }

    /** Sets status and fields. */
    private static Selection select(
            Exchange x, ResponseHead head, long size, long age, CacheStatus status) {
        Selection selection = Selection.of(x.request().headers(), x.isHead(), head, size);
        MultiMap fields = x.response().headers();
        if (!(selection instanceof Selection.Refused)) {
            head.fields().addTo(fields);
            fields.set(HttpHeaders.AGE, Long.toString(age));
        }
        if (selection instanceof Selection.NotModified) {
            OF_CONTENT.forEach(fields::remove);
            if (fields.contains("ETag")) {
                fields.remove("Last-Modified");
            }
        }
        x.response().setStatusCode(head.status());
        x.cacheStatus(status);
        return selection;
    }

    private static List<Piece> parts(
            HttpServerResponse response, ResponseHead head, long size, List<Span> spans) {
        Part part = head.part(size).orElseGet(() -> new Part(0, size - 1, size));
        boolean asTold = response.getStatusCode() == 206 && part.is(spans.getFirst());
        response.setStatusCode(206);
        if (asTold) {
            return Piece.whole(size);
        }
        if (spans.size() == 1) {
            Span span = spans.getFirst();
            response.putHeader("Content-Range", span.contentRange(part.complete()));
            return List.of(Piece.of(span, part.first()));
        }
        response.headers().remove("Content-Range");
        @Nullable String told = head.fields().first("Content-Type");
        String boundary =
                "modunest-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        response.putHeader("Content-Type", "multipart/byteranges; boundary=" + boundary);
        return Piece.multipart(
                spans, part, told == null ? "application/octet-stream" : told, boundary);
    }

    private static void end(Exchange x, Selection selection, long size) {
        HttpServerResponse response = x.response();
        switch (selection) {
            case Selection.NotModified() -> response.setStatusCode(304).end();
            case Selection.Refused(String code, String title, String detail) -> {
                response.putHeader("Content-Range", "bytes */" + size);
                x.problem(416, code, title, detail);
            }
            case Selection.Whole _, Selection.Parts _ -> {
                if (size >= 0 && hasBody(response.getStatusCode())) {
                    response.putHeader("Content-Length", Long.toString(size));
                }
                response.end();
            }
        }
    }
}
