package dev.modunest.server.body;

import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.webserver.http.ServerRequest;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads a body whole. */
public final class SmallBody {

    private SmallBody() {}

    /** Throws {@link Rejection} when it has more than {@code most} bytes. */
    public static byte[] read(ServerRequest request, int most) {
        if (request.headers().contentLength().orElse(0) > most) {
            throw tooLarge(most);
        }
        try (BodyStream in = new BodyStream(request)) {
            byte[] body = in.readNBytes(most + 1);
            if (body.length > most) {
                throw tooLarge(most);
            }
            return body;
        } catch (IOException impossible) {
            throw new UncheckedIOException("a body stream throws none", impossible);
        }
    }

    private static Rejection tooLarge(int most) {
        return new Rejection(
                ProblemCode.BODY_TOO_LARGE,
                "The body has more than the " + most + " bytes that it may have; shorten it");
    }
}
