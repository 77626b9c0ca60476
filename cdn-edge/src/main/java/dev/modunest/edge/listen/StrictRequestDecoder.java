package dev.modunest.edge.listen;

import dev.modunest.edge.serve.Authority;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.vertx.core.http.impl.headers.Http1xHeaders;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/**
 * Reads HTTP/1.1 requests whose framing has one meaning alone (RFC 9112 2.2, 3.2, 5, 6.3). Others
 * come out with a failed {@link DecoderResult}, and nothing after them is read.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {

    private static final String HTTP2_SETTINGS = "HTTP2-Settings";

    private final HeadScan scan = new HeadScan();
    private boolean inHead = true;
    private boolean broken;
    private int hosts;

    StrictRequestDecoder(ListenSettings settings) {
        super(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength((int) settings.maxRequestLine().bytes())
                        .setMaxHeaderSize((int) settings.maxHeaders().bytes()));
    }

    /** Whether a part of a head has come, and its end has not. */
    boolean isInHead() {
        return inHead && scan.hasBegun();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (inHead) {
            HeadScan.Fault fault = scan.scan(in);
            if (fault != null) {
                in.skipBytes(in.readableBytes());
                out.add(refused(createInvalidMessage(), fault));
                return;
            }
        }
        int readable = in.readableBytes();
        int before = out.size();
        super.decode(ctx, in, out);
        scan.consumed(readable - in.readableBytes());
        for (int i = before; i < out.size(); i++) {
            decoded(out.get(i));
        }
    }

    private void decoded(Object message) {
        if (message instanceof HttpObject object && object.decoderResult().isFailure()) {
            broken = true;
        } else if (message instanceof HttpRequest request) {
            inHead = false;
            HeadScan.Fault fault = ambiguity(request);
            if (fault != null) {
                refused(request, fault);
            }
            request.headers().remove(HttpHeaderNames.UPGRADE).remove(HTTP2_SETTINGS);
        }
        if (message instanceof LastHttpContent) {
            inHead = true;
            hosts = 0;
            scan.reset();
        }
    }

    private HttpMessage refused(HttpMessage request, HeadScan.Fault fault) {
        broken = true;
        request.setDecoderResult(DecoderResult.failure(new FramingException(fault)));
        return request;
    }

    private HeadScan.@Nullable Fault ambiguity(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
            if (codings.size() != 1
                    || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst())) {
                return new HeadScan.Fault(400, "The only transfer coding is chunked, named once.");
            }
        }
        String host = headers.get(HttpHeaderNames.HOST);
        if (host == null) {
            return request.protocolVersion().minorVersion() == 0
                    ? null
                    : new HeadScan.Fault(400, "There is no Host.");
        }
        if (!Authority.isValid(host) || hosts > 1) {
            return new HeadScan.Fault(400, "Host must be one host, and at most a port.");
        }
        return names(request.uri(), host)
                ? null
                : new HeadScan.Fault(400, "Host is not the host of the request target.");
    }

    /** Whether a target in absolute form has {@code host} for its authority. */
    private static boolean names(String target, String host) {
        int authority = target.startsWith("/") ? -1 : target.indexOf("://");
        return authority < 0
                || target.toLowerCase(Locale.ROOT)
                        .startsWith(host.toLowerCase(Locale.ROOT), authority + 3);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        AsciiString name = super.splitHeaderName(line, start, length);
        if (inHead && HttpHeaderNames.HOST.contentEqualsIgnoreCase(name)) {
            hosts++;
        }
        return name;
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        return new DefaultHttpRequest(
                HttpVersion.valueOf(initialLine[2]),
                HttpMethod.valueOf(initialLine[0]),
                initialLine[1],
                Http1xHeaders.httpHeaders());
    }
}
